/* fmt_files.c — see fmt_files.h. */
#include "cmd/orchc/fmt_files.h"

#include "common/file.h"
#include "common/path.h"
#include "compiler/load.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The root of the repository that the file, or the link to it, is in. */
static struct str find_root(struct arena *arena, const char *path)
{
	char folder[PATH_MAX];
	struct str root;
	if (!realpath(file_folder(arena, path).at, folder))
		return STR("");
	root = arena_copy(arena, str_from(folder));
	if (!file_there(arena_format(arena, "%s/.git", folder).at))
		load_root(arena, path, &root);
	return root;
}

static void add_file(struct arena *arena, const char *path, struct fmt_files *files)
{
	char real[PATH_MAX];
	struct str where = arena_copy(arena, str_from(realpath(path, real) ? real : path));
	if (map_find(&files->known, where))
		return;
	map_add(arena, &files->known, where, 1);
	*VEC_ADD(arena, &files->list) = (struct writer_file){ str_from(path),
							      find_root(arena, path) };
}

static bool add_folder(struct arena *, const char *path, struct fmt_files *, struct fail *);

/* Something found in a folder. */
static bool add_entry(struct arena *arena, const char *path, struct fmt_files *files,
		      struct fail *fail)
{
	struct stat about;
	if (lstat(path, &about))
		return fail_system(fail, "cannot read %s", path);
	if (S_ISDIR(about.st_mode))
		return add_folder(arena, path, files, fail);
	if (S_ISREG(about.st_mode) && str_ends(str_from(path), STR(".orch")))
		add_file(arena, path, files);
	return true;
}

static bool add_folder(struct arena *arena, const char *path, struct fmt_files *files,
		       struct fail *fail)
{
	struct dirent **entry;
	bool good = true, here = !strcmp(path, ".");
	int n = scandir(path, &entry, NULL, alphasort);
	if (n < 0)
		return fail_system(fail, "cannot read the folder %s", path);
	const char *slash = path[0] && path[strlen(path) - 1] == '/' ? "" : "/";
	for (int i = 0; i < n; i++) {
		const char *name = entry[i]->d_name;
		if (good && name[0] != '.')
			good = add_entry(arena,
					 here ? arena_copy(arena, str_from(name)).at
					      : arena_format(arena, "%s%s%s", path, slash, name).at,
					 files, fail);
		free(entry[i]);
	}
	free(entry);
	return good;
}

bool fmt_files_find(struct arena *arena, const char *path, struct fmt_files *files,
		    struct fail *fail)
{
	char real[PATH_MAX];
	struct stat about;
	struct str root;
	if (stat(path, &about))
		return fail_system(fail, "cannot read the plan %s", path);
	if (S_ISDIR(about.st_mode))
		return add_folder(arena, path, files, fail);
	if (!load_root(arena, path, &root))
		return fail_set(fail, "the plan %s is not read: it leads to %s, outside of %.*s",
				path, realpath(path, real) ? real : "nothing", STR_ARG(root));
	add_file(arena, path, files);
	return true;
}

struct str fmt_files_label(struct arena *arena, const char *path)
{
	char real[PATH_MAX];
	struct str root;
	if (!realpath(path, real) || !load_root(arena, path, &root) ||
	    !path_is_below(str_from(real), root))
		return str_from(path);
	return arena_copy(arena, path_below(str_from(real), root));
}
