/* merge.c — see merge.h. A folder is read only where all three sides differ; in it, a name is two
 * things that are merged apart, the file of that name and the folder of that name, so that files
 * becoming folders and back need no case of their own. */
#include "runtime/merge.h"

#include "common/vec.h"

#include <stdlib.h>

enum { DEEPEST_BASE = 3 }; /* bases of bases of bases */
static const uint32_t FOLDER = 0040000;

struct merging {
	struct repo *repo;
	struct arena *arena; /* for *conflict only */
	struct str *conflict;
	struct fail *fail;
};

/* What one side has under a name; all zero: nothing. */
struct part {
	uint32_t mode;
	struct oid id;
};

static bool part_equal(struct part a, struct part b)
{
	return a.mode == b.mode && oid_equal(a.id, b.id);
}

static struct part file_of(struct part part)
{
	return part.mode == FOLDER ? (struct part){ 0 } : part;
}

static struct oid folder_of(struct part part)
{
	return part.mode == FOLDER ? part.id : (struct oid){ "" };
}

static void conflict_at(struct merging *m, struct str path)
{
	if (!m->conflict->n)
		*m->conflict = arena_copy(m->arena, path);
}

/* One file on three sides. False: changed on both, differently. */
static bool merge_file(struct part base, struct part ours, struct part theirs, struct part *merged)
{
	*merged = part_equal(base, ours) ? theirs : ours;
	return part_equal(ours, theirs) || part_equal(base, ours) || part_equal(base, theirs);
}

enum side { BASE, OURS, THEIRS, SIDES };

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct repo_entry *)a)->name,
			   ((const struct repo_entry *)b)->name);
}

/* The entries of a folder, sorted by name alone; none for a folder that is not there. */
static bool read_side(struct merging *m, struct arena *arena, struct oid tree,
		      struct repo_entries *entries)
{
	*entries = (struct repo_entries){ 0 };
	if (oid_none(tree))
		return true;
	if (!repo_tree_read(m->repo, arena, tree, entries, m->fail))
		return false;
	if (entries->n)
		qsort(entries->at, entries->n, sizeof *entries->at, by_name);
	return true;
}

static bool merge_folder(struct merging *m, struct str path, const struct oid side[SIDES],
			 struct oid *merged);

/* One name on three sides; *merged stays empty when nothing is left of it. */
static bool merge_name(struct merging *m, struct str path, const struct part part[SIDES],
		       struct part *merged)
{
	struct part file;
	const struct oid folder[SIDES] = { folder_of(part[BASE]), folder_of(part[OURS]),
					   folder_of(part[THEIRS]) };
	struct oid below;
	*merged = (struct part){ 0 };
	if (!merge_file(file_of(part[BASE]), file_of(part[OURS]), file_of(part[THEIRS]), &file)) {
		conflict_at(m, path);
		return true;
	}
	if (!merge_folder(m, path, folder, &below))
		return false;
	if (file.mode && !oid_none(below))
		conflict_at(m, path);
	*merged = file.mode         ? file
		  : oid_none(below) ? (struct part){ 0 }
				    : (struct part){ FOLDER, below };
	return true;
}

static bool merge_entries(struct merging *m, struct arena *arena, struct str path,
			  const struct oid side[SIDES], struct repo_entries *merged)
{
	struct repo_entries entries[SIDES];
	size_t at[SIDES] = { 0 };
	VEC(struct repo_entry) list = { 0 };
	for (int s = BASE; s < SIDES; s++)
		if (!read_side(m, arena, side[s], &entries[s]))
			return false;
	while (!m->conflict->n) {
		const struct str *name = NULL;
		for (int s = BASE; s < SIDES; s++)
			if (at[s] < entries[s].n &&
			    (!name || str_compare(entries[s].at[at[s]].name, *name) < 0))
				name = &entries[s].at[at[s]].name;
		if (!name)
			break;
		struct part part[SIDES] = { { 0 } }, result;
		for (int s = BASE; s < SIDES; s++) {
			const struct repo_entry *entry = &entries[s].at[at[s]];
			if (at[s] >= entries[s].n || !str_equal(entry->name, *name))
				continue;
			part[s] = (struct part){ entry->mode, entry->id };
			at[s]++;
		}
		struct str below = path.n ? arena_format(arena, "%.*s/%.*s", STR_ARG(path),
							 STR_ARG(*name))
					  : *name;
		if (!merge_name(m, below, part, &result))
			return false;
		if (result.mode)
			*VEC_ADD(arena, &list) = (struct repo_entry){ *name, result.mode,
								      result.id };
	}
	*merged = (struct repo_entries){ list.at, list.n };
	return true;
}

/* None stands for a folder that is not there, and what becomes empty is not there any more. */
static bool merge_folder(struct merging *m, struct str path, const struct oid side[SIDES],
			 struct oid *merged)
{
	*merged = side[OURS];
	if (oid_equal(side[OURS], side[THEIRS]) || oid_equal(side[BASE], side[THEIRS]))
		return true;
	*merged = side[THEIRS];
	if (oid_equal(side[BASE], side[OURS]))
		return true;
	struct arena arena = { 0 };
	struct repo_entries entries = { 0 };
	bool good = merge_entries(m, &arena, path, side, &entries);
	*merged = (struct oid){ "" };
	if (good && entries.n && !m->conflict->n)
		good = repo_tree_write(m->repo, &entries, merged, m->fail);
	arena_release(&arena);
	return good;
}

bool merge_trees(struct arena *arena, struct repo *repo, struct oid base, struct oid ours,
		 struct oid theirs, struct oid *merged, struct str *conflict, struct fail *fail)
{
	struct merging m = { repo, arena, conflict, fail };
	const struct oid side[SIDES] = { base, ours, theirs };
	*conflict = STR("");
	if (!merge_folder(&m, STR(""), side, merged))
		return false;
	if (oid_none(*merged) &&
	    !conflict->n) /* everything was deleted: the root is there all the same */
		return repo_tree_write(repo, &(struct repo_entries){ 0 }, merged, fail);
	return true;
}

/* commits[0] on one side, the others on the other. Several bases are put together in the same way
 * first, as git does: an agent's result may be in both by different merges. */
static bool find_base(struct arena *arena, struct repo *repo, const struct oid *commits, size_t n,
		      struct oid otherwise, int depth, struct oid *tree, struct fail *fail)
{
	struct oid *bases, base, theirs;
	size_t base_n;
	struct str conflict = STR("");
	if (!repo_merge_bases(repo, arena, commits, n, &bases, &base_n, fail))
		return false;
	*tree = otherwise;
	if (base_n && !repo_commit_tree(repo, bases[0], tree, fail))
		return false;
	for (size_t i = 1; i < base_n && !conflict.n; i++) {
		struct oid *those = ARENA_MANY(arena, i + 1, struct oid);
		those[0] = bases[i];
		for (size_t j = 0; j < i; j++)
			those[j + 1] = bases[j];
		base = otherwise;
		if ((depth < DEEPEST_BASE &&
		     !find_base(arena, repo, those, i + 1, otherwise, depth + 1, &base, fail)) ||
		    !repo_commit_tree(repo, bases[i], &theirs, fail) ||
		    !merge_trees(arena, repo, base, *tree, theirs, tree, &conflict, fail))
			return false;
	}
	if (conflict.n)
		*tree = otherwise;
	return true;
}

bool merge_base(struct arena *arena, struct repo *repo, struct oid ours, struct oid theirs,
		struct oid otherwise, struct oid *tree, struct fail *fail)
{
	const struct oid commits[] = { ours, theirs };
	struct oid last;
	return repo_commit_tree(repo, otherwise, &last, fail) &&
	       find_base(arena, repo, commits, 2, last, 0, tree, fail);
}

/* Applies what lies between two commits to a tree. */
static bool apply(struct arena *arena, struct repo *repo, struct oid start, struct oid result,
		  struct oid *tree, struct str *conflict, struct fail *fail)
{
	struct oid before, after;
	return repo_commit_tree(repo, start, &before, fail) &&
	       repo_commit_tree(repo, result, &after, fail) &&
	       merge_trees(arena, repo, before, *tree, after, tree, conflict, fail);
}

/* The results that the start has to join: of direct dependencies that no other direct dependency
 * has in it already, each commit once, in the plan's order. */
static size_t find_parents(const struct schedule *schedule, uint32_t agent,
			   const struct oid *result, struct oid *parent)
{
	struct index_list after = schedule->agent[agent].after;
	struct arena scratch = { 0 };
	bool *direct = ARENA_MANY(&scratch, schedule->agent_n, bool);
	bool *covered = ARENA_MANY(&scratch, schedule->agent_n, bool);
	size_t n = 0;
	for (size_t i = 0; i < after.n; i++)
		direct[after.at[i]] = !oid_none(result[after.at[i]]); /* not left out of this run */
	/* What a direct dependency comes after has lower numbers, so one walk down marks it all. */
	for (uint32_t a = agent; a-- > 0;)
		for (size_t j = 0; (direct[a] || covered[a]) && j < schedule->agent[a].after.n; j++)
			covered[schedule->agent[a].after.at[j]] = true;
	for (size_t i = 0; i < after.n; i++) {
		bool needed = direct[after.at[i]] && !covered[after.at[i]];
		for (size_t j = 0; j < n && needed; j++)
			needed = !oid_equal(parent[j], result[after.at[i]]);
		if (needed)
			parent[n++] = result[after.at[i]];
	}
	arena_release(&scratch);
	return n;
}

bool merge_start(struct arena *arena, struct repo *repo, const struct schedule *schedule,
		 uint32_t agent, struct oid base, const struct oid *start, const struct oid *result,
		 struct oid *commit, struct str *conflict, struct fail *fail)
{
	struct oid *parent = ARENA_MANY(arena, schedule->agent[agent].after.n + 1, struct oid),
		   tree, first;
	size_t parent_n = find_parents(schedule, agent, result, parent);
	struct index_list ancestors = schedule_ancestors(arena, schedule, agent);
	int64_t time;
	*conflict = STR("");
	*commit = base;
	if (!parent_n)
		return true;
	/* Ancestors are in topological order: each finds in the tree all that it started from. */
	if (!repo_commit_tree(repo, base, &tree, fail))
		return false;
	for (size_t i = 0; i < ancestors.n && !conflict->n; i++) {
		uint32_t a = ancestors.at[i];
		if (!oid_none(result[a]) &&
		    !apply(arena, repo, start[a], result[a], &tree, conflict, fail))
			return false;
	}
	if (conflict->n)
		return true;
	*commit = parent[0];
	if (!repo_commit_tree(repo, parent[0], &first, fail))
		return false;
	if (parent_n == 1 && oid_equal(first, tree))
		return true;
	struct str message = arena_format(arena, "orch: start of %.*s\n",
					  STR_ARG(schedule->agent[agent].name));
	return repo_commit_time(repo, base, &time, fail) &&
	       repo_commit_write(repo,
				 &(struct repo_commit){ tree, parent, parent_n, message.at, time },
				 commit, fail);
}

bool merge_result(struct arena *arena, struct repo *repo, const struct schedule *schedule,
		  uint32_t agent, struct oid integration, struct oid start, struct oid result,
		  int64_t time, struct oid *combined, struct str *conflict, struct fail *fail)
{
	const struct schedule_agent *it = &schedule->agent[agent];
	const struct oid parents[] = { integration, result };
	struct oid tree;
	*conflict = STR("");
	*combined = integration;
	if (oid_equal(start, result) || oid_equal(integration, result))
		return true; /* it changed nothing */
	if (!repo_commit_tree(repo, integration, &tree, fail) ||
	    !apply(arena, repo, start, result, &tree, conflict, fail))
		return false;
	if (conflict->n)
		return true;
	struct str message = arena_format(arena, "Merge %.*s%s%.*s\n", STR_ARG(it->name),
					  it->title.n ? ": " : "", STR_ARG(it->title));
	return repo_commit_write(repo, &(struct repo_commit){ tree, parents, 2, message.at, time },
				 combined, fail);
}
