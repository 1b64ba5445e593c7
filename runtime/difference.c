/* difference.c — see difference.h. The work is libgit2's. */
#include "runtime/difference.h"

#include "runtime/gitlib.h"

#include <limits.h>
#include <string.h>

static bool compare(const struct gitlib *lib, const char *path, struct str before, struct str after,
		    struct text *out, struct fail *fail)
{
	git_diff_options options = GIT_DIFF_OPTIONS_INIT;
	git_patch *patch = NULL;
	git_buf buffer = { 0 };
	options.flags = GIT_DIFF_FORCE_TEXT;
	options.max_size = -1;
	bool good = !lib->git_patch_from_buffers(&patch, before.at, before.n, path, after.at,
						 after.n, path, &options) &&
		    !lib->git_patch_to_buf(&buffer, patch);
	if (good)
		text_add(out, (struct str){ buffer.ptr, buffer.size });
	else
		gitlib_fail(lib, fail, "cannot compare the old and the new text of %s", path);
	lib->git_buf_dispose(&buffer);
	lib->git_patch_free(patch);
	return good;
}

bool difference_write(struct str path, struct str before, struct str after, struct text *out,
		      struct fail *fail)
{
	struct gitlib lib;
	char name[PATH_MAX];
	if (path.n >= sizeof name)
		return fail_set(fail, "%.*s… is too long for a path", 80, path.at);
	if (!gitlib_open(&lib, fail))
		return false;
	memcpy(name, path.at, path.n);
	name[path.n] = 0;
	bool good = compare(&lib, name, before, after, out, fail);
	gitlib_close(&lib);
	return good;
}
