/* boundary_tree.c — see boundary_tree.h. */
#include "runtime/boundary_tree.h"

#include "common/glob.h"
#include "common/path.h"
#include "common/vec.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A mount for each costs time, and a kernel has so many. Of more in one folder, none is fixed: the
 * gate alone judges them. */
enum { FIXED_MOST = 4000 };

struct owned {
	struct glob glob; /* one alternative of a pattern */
	struct str
		folder; /* the longest without wildcards that its paths lie under, and that is there */
};
struct finding {
	struct arena *arena;
	const char *tree;
	VEC(struct owned) owned;
	VEC(struct str) writable, fixed;
};

/* How much of the path, from the tree, is folders and no links. */
static struct str folder_there(struct finding *f, struct str path)
{
	size_t good = 0;
	for (size_t end = 1; end <= path.n; end++) {
		struct stat about;
		if (end < path.n && path.at[end] != '/')
			continue;
		const char *whole =
			arena_format(f->arena, "%s/%.*s", f->tree, (int)end, path.at).at;
		if (lstat(whole, &about) || !S_ISDIR(about.st_mode))
			break;
		good = end;
	}
	return str_slice(path, 0, good);
}

static bool add_owned(struct finding *f, struct str_list patterns, struct fail *fail)
{
	for (size_t i = 0; i < patterns.n; i++) {
		struct glob glob;
		struct glob_error error;
		if (!glob_parse(f->arena, patterns.at[i], &glob, &error))
			return fail_set(fail, "the schedule has a pattern that is none: %.*s",
					STR_ARG(patterns.at[i]));
		for (size_t k = 0; k < glob.n; k++) {
			struct owned one = { .glob = { &glob.at[k], 1 } };
			one.folder = folder_there(f, glob_folder(f->arena, &one.glob));
			*VEC_ADD(f->arena, &f->owned) = one;
		}
	}
	return true;
}

/* May the agent change it, or what lies in it by way of a wildcard? What is owned deeper down by
 * name is made writable by itself. */
static bool is_open(const struct finding *f, struct str folder, struct str path, bool is_folder)
{
	for (size_t i = 0; i < f->owned.n; i++) {
		const struct owned *one = &f->owned.at[i];
		if (glob_match(&one->glob, path) ||
		    (is_folder && path_is_within(folder, one->folder) &&
		     glob_meets_below(&one->glob, path)))
			return true;
	}
	return false;
}

static void fix_entry(struct finding *f, struct str folder, int parent, const char *name)
{
	struct stat about;
	struct str path = folder.n ? arena_format(f->arena, "%.*s/%s", STR_ARG(folder), name)
				   : arena_format(f->arena, "%s", name);
	/* Nothing can be mounted on a link; one that is changed is found by the gate. */
	if (fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) || S_ISLNK(about.st_mode) ||
	    is_open(f, folder, path, S_ISDIR(about.st_mode)))
		return;
	*VEC_ADD(f->arena, &f->fixed) = arena_format(f->arena, "%s/%.*s", f->tree, STR_ARG(path));
}

static bool open_folder(struct finding *f, struct str folder, struct fail *fail)
{
	struct str path = folder.n ? arena_format(f->arena, "%s/%.*s", f->tree, STR_ARG(folder))
				   : str_from(f->tree);
	DIR *list = opendir(path.at);
	struct dirent *entry;
	size_t before = f->fixed.n;
	if (!list)
		return fail_system(fail, "cannot read %s", path.at);
	while ((entry = readdir(list)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			fix_entry(f, folder, dirfd(list), entry->d_name);
	closedir(list);
	if (f->fixed.n - before > FIXED_MOST)
		f->fixed.n = before;
	*VEC_ADD(f->arena, &f->writable) = path;
	return true;
}

bool boundary_tree_find(struct arena *arena, const struct schedule_agent *agent, const char *tree,
			struct boundary_tree *found, struct fail *fail)
{
	struct finding f = { .arena = arena, .tree = tree };
	if (!add_owned(&f, agent->owns, fail) || !add_owned(&f, agent->creates, fail))
		return false;
	for (size_t i = 0; i < f.owned.n; i++) {
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = str_equal(f.owned.at[k].folder, f.owned.at[i].folder);
		if (!again && !open_folder(&f, f.owned.at[i].folder, fail))
			return false;
	}
	*found = (struct boundary_tree){ { f.writable.at, f.writable.n },
					 { f.fixed.at, f.fixed.n } };
	return true;
}
