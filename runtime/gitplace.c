/* gitplace.c — see gitplace.h. What is not as git would have written it is no repository: then
 * nothing is opened. */
#include "runtime/gitplace.h"

#include "common/file.h"
#include "common/vec.h"

#include <sys/stat.h>

enum {
	LINE_LARGEST = 8192,		/* bytes of `.git` and `commondir` */
	ALTERNATES_LARGEST = 1 << 20,
	ALTERNATES_DEEPEST = 5,		/* as in git */
	ALTERNATES_MOST = 64,		/* in all */
};

struct finding {
	struct arena *arena;
	VEC(struct str) folders;
};

static bool is_folder(struct arena *arena, struct str base, const char *name)
{
	struct stat about;
	return stat(arena_format(arena, "%.*s/%s", STR_ARG(base), name).at, &about) == 0 &&
	       S_ISDIR(about.st_mode);
}

/* `path` as it is said in a file of `base`. */
static struct str join(struct arena *arena, struct str base, struct str path)
{
	return path.n && path.at[0] == '/'
		       ? arena_copy(arena, path)
		       : arena_format(arena, "%.*s/%.*s", STR_ARG(base), STR_ARG(path));
}

static bool read_file(struct arena *arena, struct str base, const char *name, size_t largest,
		      struct str *text)
{
	struct fail fail;
	bool found;
	return file_read_if(arena, arena_format(arena, "%.*s/%s", STR_ARG(base), name).at, largest,
			    text, &found, &fail) &&
	       found;
}

/* The same folder may be said in many ways, and lead to itself. */
static bool is_known(const struct finding *f, struct str folder)
{
	struct stat one, other;
	if (stat(folder.at, &one))
		return true;
	for (size_t i = 0; i < f->folders.n; i++)
		if (stat(f->folders.at[i].at, &other) == 0 && one.st_dev == other.st_dev &&
		    one.st_ino == other.st_ino)
			return true;
	return false;
}

static void add_alternates(struct finding *f, struct str objects, unsigned depth)
{
	struct str text, line;
	if (depth > ALTERNATES_DEEPEST ||
	    !read_file(f->arena, objects, "info/alternates", ALTERNATES_LARGEST, &text))
		return;
	while (text.n && str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (!line.n || line.at[0] == '#')
			continue;
		struct str other = join(f->arena, objects, line);
		/* Not just any folder is opened because a file says so. */
		if (!is_folder(f->arena, other, "pack") && !is_folder(f->arena, other, "info"))
			continue;
		if (f->folders.n >= ALTERNATES_MOST || is_known(f, other))
			continue;
		*VEC_ADD(f->arena, &f->folders) = other;
		add_alternates(f, other, depth + 1);
	}
}

/* The folder that `.git` is, or leads to. */
static bool find_folder(struct arena *arena, struct str root, struct str *folder)
{
	struct str text, lead = STR("gitdir:");
	*folder = arena_format(arena, "%.*s/.git", STR_ARG(root));
	if (is_folder(arena, root, ".git"))
		return true;
	if (!read_file(arena, root, ".git", LINE_LARGEST, &text) || !str_starts(text, lead))
		return false;
	*folder = join(arena, root, str_trim(str_slice(text, lead.n, text.n)));
	return true;
}

struct str_list gitplace_objects(struct arena *arena, struct str common)
{
	struct finding f = { .arena = arena };
	while (common.n > 1 && common.at[common.n - 1] == '/')
		common.n--;
	*VEC_ADD(arena, &f.folders) = arena_format(arena, "%.*s/objects", STR_ARG(common));
	add_alternates(&f, f.folders.at[0], 1);
	return (struct str_list){ f.folders.at, f.folders.n };
}

bool gitplace_find(struct arena *arena, struct str root, struct str_list *folders)
{
	struct finding f = { .arena = arena };
	struct str folder, common, said;
	if (str_is(root, "/"))
		root = STR("");
	if (!find_folder(arena, root, &folder))
		return false;
	common = folder;
	if (read_file(arena, folder, "commondir", LINE_LARGEST, &said))
		common = join(arena, folder, str_trim(said));
	if (!file_there(arena_format(arena, "%.*s/HEAD", STR_ARG(folder)).at) ||
	    !is_folder(arena, common, "objects") || !is_folder(arena, common, "refs"))
		return false;
	*VEC_ADD(arena, &f.folders) = folder;
	if (!str_equal(common, folder))
		*VEC_ADD(arena, &f.folders) = common;
	add_alternates(&f, arena_format(arena, "%.*s/objects", STR_ARG(common)), 1);
	*folders = (struct str_list){ f.folders.at, f.folders.n };
	return true;
}
