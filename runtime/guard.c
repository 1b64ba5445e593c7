/* guard.c — see guard.h. */
#include "runtime/guard.h"

#include "common/file.h"
#include "common/map.h"
#include "common/vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

enum { LARGEST = 16 << 20, READINGS = 8 };

struct taking {
	struct arena *arena;
	struct map branches;	/* full names of the agents' branches */
	VEC(struct guard_item) items;
};

static bool add_ref(void *self, struct str name, struct oid at, struct fail *fail)
{
	struct taking *t = self;
	(void)fail;
	if (!str_starts(name, STR("refs/orch/")) && !map_find(&t->branches, name))
		*VEC_ADD(t->arena, &t->items) = (struct guard_item){ arena_copy(t->arena, name), at };
	return true;
}

static bool add_file(struct taking *t, const char *git_dir, const char *name, struct fail *fail)
{
	struct str bytes;
	bool found;
	const char *path = arena_format(t->arena, "%s/%s", git_dir, name).at;
	if (!file_read_if(t->arena, path, LARGEST, &bytes, &found, fail))
		return false;
	if (found)
		*VEC_ADD(t->arena, &t->items) = (struct guard_item){ arena_copy(t->arena, str_from(name)), repo_blob_name(bytes) };
	return true;
}

static bool add_hooks(struct taking *t, const char *git_dir, struct fail *fail)
{
	const char *path = arena_format(t->arena, "%s/hooks", git_dir).at;
	DIR *folder = opendir(path);
	bool good = true;
	if (!folder)
		return errno == ENOENT || fail_system(fail, "cannot look into %s", path);
	for (struct dirent *entry; good && (entry = readdir(folder));)
		if (entry->d_type == DT_REG)
			good = add_file(t, git_dir,
					arena_format(t->arena, "hooks/%s", entry->d_name).at, fail);
		else if (entry->d_name[0] != '.')
			*VEC_ADD(t->arena, &t->items) = (struct guard_item){
				arena_format(t->arena, "hooks/%s", entry->d_name), { "" }
			};
	closedir(folder);
	return good;
}

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct guard_item *)a)->name,
			   ((const struct guard_item *)b)->name);
}

static bool read_once(struct arena *arena, struct repo *main, const struct schedule *schedule,
		      struct guard *guard, struct fail *fail)
{
	static const char *const files[] = { "config", "config.worktree", "info/attributes",
					     "info/exclude" };
	struct taking t = { .arena = arena };
	const char *git_dir = repo_git_dir(main);
	for (size_t i = 0; i < schedule->agent_n; i++)
		map_add(arena, &t.branches,
			arena_format(arena, "refs/heads/%.*s", STR_ARG(schedule->agent[i].branch)),
			0);
	bool good = repo_refs(main, add_ref, &t, fail);
	for (size_t i = 0; i < sizeof files / sizeof *files && good; i++)
		good = add_file(&t, git_dir, files[i], fail);
	good = good && add_hooks(&t, git_dir, fail);
	if (t.items.n)
		qsort(t.items.at, t.items.n, sizeof *t.items.at, by_name);
	*guard = (struct guard){ t.items.at, t.items.n };
	return good;
}

static struct str sentence(struct arena *arena, const struct guard_item *before,
			   const struct guard_item *after)
{
	struct str name = before ? before->name : after->name;
	const char *what = !before ? "was made" : !after ? "was removed" : "was changed";
	if (!str_starts(name, STR("refs/")))
		return arena_format(
			arena,
			"%.*s in the repository's git folder %s while it ran, by the agent or by "
			"somebody else: look at it before you use git there",
			STR_ARG(name), what);
	if (!before)
		return arena_format(arena,
				    "%.*s was made while it ran, by the agent or by somebody else: "
				    "`git update-ref -d %.*s` removes it",
				    STR_ARG(name), STR_ARG(name));
	return arena_format(
		arena,
		"%.*s %s while it ran, by the agent or by somebody else: it was at %s, and "
		"`git update-ref %.*s %s` puts it back",
		STR_ARG(name), after ? "was moved" : "was removed", before->content.hex,
		STR_ARG(name), before->content.hex);
}

struct str_list guard_compare(struct arena *arena, const struct guard *before,
			      const struct guard *after)
{
	VEC(struct str) found = { 0 };
	size_t i = 0, j = 0;
	while (i < before->n || j < after->n) {
		const struct guard_item *x = i < before->n ? &before->at[i] : NULL;
		const struct guard_item *y = j < after->n ? &after->at[j] : NULL;
		int order = !x ? 1 : !y ? -1 : str_compare(x->name, y->name);
		if (order < 0)
			*VEC_ADD(arena, &found) = sentence(arena, x, NULL);
		else if (order > 0)
			*VEC_ADD(arena, &found) = sentence(arena, NULL, y);
		else if (!oid_equal(x->content, y->content))
			*VEC_ADD(arena, &found) = sentence(arena, x, y);
		i += order <= 0;
		j += order >= 0;
	}
	return (struct str_list){ found.at, found.n };
}

/* libgit2 passes over a ref that it cannot read at the moment, and it would be taken for removed: what two
 * readings agree on is there. */
bool guard_take(struct arena *arena, struct repo *main, const struct schedule *schedule,
		struct guard *guard, struct fail *fail)
{
	struct guard before;
	if (!read_once(arena, main, schedule, guard, fail))
		return false;
	for (int i = 1; i < READINGS; i++) {
		before = *guard;
		if (!read_once(arena, main, schedule, guard, fail))
			return false;
		if (!guard_compare(arena, &before, guard).n)
			return true;
	}
	return fail_set(fail, "refs in %s change all the time, or cannot all be read",
			repo_git_dir(main));
}
