/* gitlib.c — see gitlib.h. */
#include "runtime/gitlib.h"

#include "runtime/gitmemory.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GITLIB_FILE "libgit2.so." LIBGIT2_SOVERSION

static bool find(struct gitlib *lib, const char *name, void *pointer, struct fail *fail)
{
	void *symbol = dlsym(lib->library, name);
	if (!symbol)
		return fail_set(
			fail,
			"%s has no function %s: install the libgit2 that orch was built with (%s)",
			GITLIB_FILE, name, LIBGIT2_VERSION);
	memcpy(pointer, &symbol,
	       sizeof symbol); /* a function's address, which C does not let us cast */
	return true;
}

static bool start(struct gitlib *lib, struct fail *fail)
{
	const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
			       GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL };
#define F(name) if (!find(lib, #name, &lib->name, fail)) return false;
	GITLIB_FUNCTIONS(F)
#undef F
	lib->git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &gitmemory_allocator);
	if (lib->git_libgit2_init() < 0)
		return gitlib_fail(lib, fail, "libgit2 does not start");
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		lib->git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	return true;
}

bool gitlib_open(struct gitlib *lib, struct fail *fail)
{
	lib->library = dlopen(GITLIB_FILE, RTLD_NOW | RTLD_LOCAL);
	if (!lib->library)
		return fail_set(fail, "cannot load libgit2: %s", dlerror());
	if (start(lib, fail))
		return true;
	dlclose(lib->library);
	return false;
}

/* The library stays loaded: what it brings along does not expect to be unloaded. */
void gitlib_close(struct gitlib *lib)
{
	lib->git_libgit2_shutdown();
}

bool gitlib_fail(const struct gitlib *lib, struct fail *fail, const char *format, ...)
{
	char what[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	const git_error *error = lib->git_error_last();
	return fail_set(fail, "%s: %s", what,
			error && error->message ? error->message : "no reason is given");
}
