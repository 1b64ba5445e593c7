/* repo_settings.c — what the user's configuration says of files in a work tree. */
#include "runtime/repo_inside.h"

#include "common/text.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(git_config *config, const char *name)
{
	const char *value;
	return git_config_get_string(&value, config, name) == 0 ? value : NULL;
}

static bool flag_of(git_config *config, const char *name, bool otherwise)
{
	int value;
	return git_config_get_bool(&value, config, name) == 0 ? value != 0 : otherwise;
}

static enum repo_autocrlf autocrlf_of(git_config *config)
{
	const char *value = text_of(config, "core.autocrlf");
	if (value && strcmp(value, "input") == 0)
		return REPO_AUTOCRLF_INPUT;
	return flag_of(config, "core.autocrlf", false) ? REPO_AUTOCRLF_TRUE : REPO_AUTOCRLF_FALSE;
}

/* As it is set, or where git looks for one otherwise. */
static struct str attributes_file(git_config *config, struct arena *arena)
{
	git_buf path = { 0 };
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (git_config_get_path(&path, config, "core.attributesfile") == 0) {
		struct str copy = arena_copy(arena, str_from(path.ptr));
		git_buf_dispose(&path);
		return copy;
	}
	if (xdg && *xdg)
		return arena_format(arena, "%s/git/attributes", xdg);
	return home && *home ? arena_format(arena, "%s/.config/git/attributes", home) : STR("");
}

bool repo_settings(struct repo *repo, struct arena *arena, struct repo_settings *settings,
		   struct fail *fail)
{
	git_config *config = NULL;
	if (git_repository_config_snapshot(&config, repo->git))
		return repo_fail_git(fail, "cannot read the git configuration of %s", repo->root);
	const char *eol = text_of(config, "core.eol");
	*settings = (struct repo_settings){ .file_mode = flag_of(config, "core.filemode", true),
					    .autocrlf = autocrlf_of(config),
					    .eol_crlf = eol && strcmp(eol, "crlf") == 0,
					    .attributes_file = attributes_file(config, arena) };
	git_config_free(config);
	return true;
}

bool repo_settings_filter(struct repo *repo, struct str name)
{
	static const char *const kinds[] = { "clean", "smudge", "process" };
	git_config *config = NULL;
	struct text key = { 0 };
	bool found = false;
	if (git_repository_config_snapshot(&config, repo->git))
		return true; /* what cannot be known is not denied */
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !found; i++) {
		const char *value;
		text_clear(&key);
		text_addf(&key, "filter.%.*s.%s", STR_ARG(name), kinds[i]);
		value = text_of(config, key.at);
		found = value && *value;
	}
	text_release(&key);
	git_config_free(config);
	return found;
}
