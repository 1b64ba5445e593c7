/* keep.c — see keep.h. Refs of what is kept here are refs/orch/N/lost/AGENT/1, 2, … */
#include "runtime/keep.h"

#include "common/file.h"
#include "common/map.h"
#include "common/vec.h"
#include "runtime/manifest.h"
#include "runtime/place.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST_LOST = 10000, LARGEST_OLD = 10000, LARGEST_LOG = 64 << 20 };

struct keeping {
	const struct keep_place *place;
	const struct tree_orders *tree;
	struct keep *keep;
	int64_t run;
	struct str name; /* of the agent */
	struct manifest manifest;
	struct map known; /* path in the tree to index in the manifest */
	VEC(struct str) refs;
};

static struct arena *arena_of(const struct keeping *k)
{
	return k->place->arena;
}

/* Nothing of it may go before the ref is there, for then the tree is removed. */
static bool shelter(struct keeping *k, struct oid id, struct fail *fail)
{
	bool whole = true;
	if (oid_none(k->manifest.commit))
		return true;
	if (!repo_shelter(k->place->repo, id, &k->manifest.commit, 1,
			  place_note(arena_of(k), k->run), &whole, fail))
		return false;
	return whole ||
	       fail_set(fail,
			"what was just written to %s was removed again (git gc --prune=now, or git "
			"prune?); nothing of %s is touched, try again",
			repo_git_dir(k->place->repo), k->tree->work_dir);
}

/* A ref of its own for the commit, unless it has one. */
static bool pin(struct keeping *k, struct oid id, const char *reason, struct fail *fail)
{
	struct repo *repo = k->place->repo;
	bool moved = false;
	for (uint32_t i = 1; !moved && i < LARGEST_LOST; i++) {
		const char *name = place_attempt_ref(arena_of(k), k->run, "lost", k->name, i);
		struct oid there;
		if (!repo_ref_read(repo, name, &there, fail))
			return false;
		if (oid_equal(there, id))
			return true;
		if (!oid_none(there))
			continue;
		if (k->place->look) {
			*VEC_ADD(arena_of(k), &k->refs) = str_from(name);
			return true;
		}
		if (!shelter(k, id, fail) ||
		    !repo_ref_move(repo, name, there, id, reason, &moved, fail))
			return false;
		if (moved)
			*VEC_ADD(arena_of(k), &k->refs) = str_from(name);
	}
	return moved ||
	       fail_set(
		       fail,
		       "the work in %s cannot be kept: there are too many refs for it; move it away",
		       k->tree->work_dir);
}

struct finding {
	struct keeping *keeping;
	struct str prefix;
	struct oid tree;
	bool found;
};

static bool has_tree(void *self, struct str name, struct oid at, struct fail *fail)
{
	struct finding *finding = self;
	struct fail no_commit;
	struct oid tree;
	(void)fail;
	if (!finding->found && str_starts(name, finding->prefix) &&
	    repo_commit_tree(finding->keeping->place->repo, at, &tree, &no_commit))
		finding->found = oid_equal(tree, finding->tree);
	return true;
}

/* Is there a ref of the run that has this very tree? */
static bool is_kept(struct keeping *k, struct oid tree, bool *kept, struct fail *fail)
{
	struct finding finding = { k,
				   arena_format(arena_of(k), PLACE_RUNS "%lld/", (long long)k->run),
				   tree, false };
	bool good = repo_refs(k->place->repo, has_tree, &finding, fail);
	*kept = finding.found;
	return good;
}

/* The state of the tree, as it was written and changed since. */
static bool keep_state(struct keeping *k, const struct harvest *harvest, struct fail *fail)
{
	struct repo *repo = k->place->repo;
	struct oid tree = oid_none(harvest->stray_tree) ? harvest->tree : harvest->stray_tree, id;
	const struct oid *start = &k->manifest.commit;
	bool kept;
	int64_t time;
	if (oid_equal(tree, harvest->start_tree))
		return true;
	if (!is_kept(k, tree, &kept, fail))
		return false;
	struct str message = arena_format(arena_of(k), "%.*s: unfinished work\n\nPlan %.*s.\n",
					  STR_ARG(k->name), STR_ARG(k->place->schedule->plan.name));
	return kept ||
	       (repo_commit_time(repo, *start, &time, fail) &&
		repo_commit_write(repo, &(struct repo_commit){ tree, start, 1, message.at, time },
				  &id, fail) &&
		pin(k, id, "orch: work of an attempt that is over", fail));
}

/* A linked work tree has its branch in the main repository; what the agent committed there is kept,
 * and the branch is given up, to be made anew. */
static bool keep_branch(struct keeping *k, struct fail *fail)
{
	struct repo *repo = k->place->repo;
	const char *name = place_branch(arena_of(k),
					k->place->schedule->agent[k->place->agent].branch);
	struct oid there;
	bool moved;
	if (!repo_ref_read(repo, name, &there, fail))
		return false;
	return oid_none(there) || oid_equal(there, k->manifest.commit) ||
	       (pin(k, there, "orch: commits of an attempt that is over", fail) &&
		repo_ref_move(repo, name, there, (struct oid){ "" }, "orch: kept under refs/orch",
			      &moved, fail));
}

/* Is it in the history of something that stays? */
static bool stays(struct keeping *k, struct oid id, bool *is, struct fail *fail)
{
	struct repo *repo = k->place->repo;
	const char *const refs[] = {
		place_agent_ref(arena_of(k), k->run, "agents", k->name),
		place_agent_ref(arena_of(k), k->run, "commits", k->name),
		place_branch(arena_of(k), k->place->schedule->agent[k->place->agent].branch),
	};
	if (!repo_is_ancestor(repo, id, k->manifest.commit, is, fail))
		return false;
	for (size_t i = 0; i < sizeof refs / sizeof *refs && !*is; i++) {
		struct oid there;
		if (!repo_ref_read(repo, refs[i], &there, fail) ||
		    (!oid_none(there) && !repo_is_ancestor(repo, id, there, is, fail)))
			return false;
	}
	return true;
}

/* Each commit that the text names. */
static bool keep_named(struct keeping *k, struct str text, struct fail *fail)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0, run = 0; i <= text.n; i++) {
		struct oid id = { "" }, tree;
		struct fail no_commit;
		bool is;
		if (i < text.n && text.at[i] && strchr(hex, text.at[i])) {
			run++;
			continue;
		}
		if (run == sizeof id.hex - 1) {
			memcpy(id.hex, text.at + i - run, run);
			if (repo_commit_tree(k->place->repo, id, &tree, &no_commit) &&
			    (!stays(k, id, &is, fail) ||
			     (!is && !pin(k, id, "orch: a commit of the agent's", fail))))
				return false;
		}
		run = 0;
	}
	return true;
}

/* Of a linked work tree: what its HEAD has been at, newest last in the log. */
static bool keep_heads(struct keeping *k, struct fail *fail)
{
	static const char *const files[] = { "HEAD", "ORIG_HEAD", "logs/HEAD" };
	const char *admin = tree_admin(arena_of(k), k->place->repo, k->tree);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct str text;
		bool found;
		if (!file_read_if(arena_of(k),
				  arena_format(arena_of(k), "%s/%s", admin, files[i]).at,
				  LARGEST_LOG, &text, &found, fail) ||
		    (found && !keep_named(k, text, fail)))
			return false;
	}
	return true;
}

static bool keep_git(struct keeping *k, struct fail *fail)
{
	struct oid id;
	struct str message = arena_format(
		arena_of(k),
		"%.*s: what its git folder had\n\nCommits are parents of this one; what "
		"no commit has is in its tree.\n",
		STR_ARG(k->name));
	if (k->tree->isolation == SCHEDULE_WORKTREE)
		return oid_none(k->manifest.commit) || keep_heads(k, fail);
	if (!file_there(k->tree->git_dir))
		return true;
	return repo_keep_private(k->place->repo, k->tree->git_dir, message.at, &id, fail) &&
	       (oid_none(id) || pin(k, id, "orch: what was in the agent's git folder", fail));
}

static void count_ignored(struct keeping *k, struct str path, const struct stat *info)
{
	struct keep *keep = k->keep;
	const uint32_t *index = map_find(&k->known, path);
	if (index && manifest_untouched(&k->manifest.files.at[*index], info))
		return; /* it was brought by `copy` or `link`, and is there still */
	keep->ignored++;
	keep->ignored_bytes += (uint64_t)info->st_blocks * 512;
	if (!keep->ignored_path.n)
		keep->ignored_path = arena_copy(arena_of(k), path);
}

/* Nobody is there any more who could change what a name leads to. */
static void look_at_ignored(struct keeping *k, struct str path)
{
	struct arena_mark mark = arena_mark(arena_of(k));
	const char *whole =
		arena_format(arena_of(k), "%s/%.*s", k->tree->work_dir, STR_ARG(path)).at;
	struct stat info;
	struct dirent *entry;
	bool counted = k->keep->ignored_path.n != 0;
	bool there = lstat(whole, &info) == 0;
	DIR *folder = there && S_ISDIR(info.st_mode) ? opendir(whole) : NULL;
	if (!there)
		info = (struct stat){ 0 }; /* of what cannot be looked at the size is not known */
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			look_at_ignored(k, arena_format(arena_of(k), "%.*s/%s", STR_ARG(path),
							entry->d_name));
	if (folder)
		closedir(folder);
	else
		count_ignored(k, path, &info); /* also a folder that cannot be looked into */
	if (counted)                           /* else the path is remembered */
		arena_reset(arena_of(k), mark);
}

static void note_others(struct keeping *k, const struct harvest *harvest)
{
	for (size_t i = 0; i < k->manifest.files.n; i++)
		map_add(arena_of(k), &k->known, k->manifest.files.at[i].path, (uint32_t)i);
	for (size_t i = 0; i < harvest->ignored.n; i++)
		look_at_ignored(k, harvest->ignored.at[i]);
	for (size_t i = 0; i < harvest->n && !k->keep->refused_path.n; i++)
		if (harvest->at[i].refused && !harvest->at[i].held &&
		    harvest->at[i].mode_after != 0) {
			k->keep->refused_path = harvest->at[i].path;
			k->keep->refused_why = harvest->at[i].refused;
		}
}

static bool keep_tree(struct keeping *k, struct fail *fail)
{
	const struct keep_place *place = k->place;
	struct harvest harvest;
	/* The tree may be of an attempt that began elsewhere than the next. */
	struct tree_orders tree = *k->tree;
	if (!manifest_read(arena_of(k), tree.manifest, &k->manifest, fail))
		return false;
	tree.commit = k->manifest.commit;
	if (!harvest_take(arena_of(k), place->repo, place->schedule, place->agent, &tree, &harvest,
			  fail) ||
	    !keep_state(k, &harvest, fail))
		return false;
	note_others(k, &harvest);
	return true;
}

static struct keeping begin(const struct keep_place *place, const struct tree_orders *tree,
			    struct keep *keep)
{
	*keep = (struct keep){ 0 };
	return (struct keeping){ .place = place,
				 .tree = tree,
				 .keep = keep,
				 .run = place_number(place->run_folder),
				 .name = place->schedule->agent[place->agent].name };
}

/* Without a manifest a tree was never handed to its agent, so there is no work in it. */
static bool has_work(const struct tree_orders *tree)
{
	return file_there(tree->work_dir) && file_there(tree->manifest);
}

static bool keep(struct keeping *k, struct fail *fail)
{
	bool good = (!has_work(k->tree) || keep_tree(k, fail)) && keep_git(k, fail);
	k->keep->refs = (struct str_list){ k->refs.at, k->refs.n };
	return good;
}

bool keep_all(const struct keep_place *place, const struct tree_orders *tree, struct keep *kept,
	      struct fail *fail)
{
	struct keeping k = begin(place, tree, kept);
	return keep(&k, fail);
}

/* At once, so that a kill leaves no half of a tree that would be taken for the agent's doing. */
static bool remove_tree(struct keeping *k, struct fail *fail)
{
	const char *from = k->tree->work_dir,
		   *to = place_gone(arena_of(k), k->place->run_folder, k->name);
	return !file_there(from) ||
	       (file_remove_tree(to, fail) &&
		file_make_folders(file_folder(arena_of(k), to).at, fail) &&
		(rename(from, to) == 0 || fail_system(fail, "cannot move %s to %s", from, to)) &&
		file_remove_tree(to, fail));
}

/* The manifest is there before the tree: alone it says nothing, and a tree without one would count
 * as one that nobody had. */
static bool move_away(struct keeping *k, struct fail *fail)
{
	struct arena *arena = arena_of(k);
	const char *to = NULL, *manifest = NULL;
	for (uint32_t i = 1; i < LARGEST_OLD; i++) {
		to = place_old(arena, k->place->run_folder, k->name, i);
		manifest = arena_format(arena, "%s.manifest", to).at;
		if (!file_there(to))
			break;
	}
	return file_make_folders(file_folder(arena, to).at, fail) &&
	       file_remove_tree(manifest, fail) &&
	       (link(k->tree->manifest, manifest) == 0 ||
		fail_system(fail, "cannot make %s", manifest)) &&
	       (rename(k->tree->work_dir, to) == 0 ||
		fail_system(fail, "cannot move %s to %s", k->tree->work_dir, to));
}

bool keep_remove(const struct keep_place *place, const struct tree_orders *tree, struct fail *fail)
{
	struct keep none;
	struct keeping k = begin(place, tree, &none);
	return remove_tree(&k, fail) && tree_remove(place->repo, tree, fail);
}

bool keep_away(const struct keep_place *place, const struct tree_orders *tree, struct fail *fail)
{
	struct keep kept;
	struct keeping k = begin(place, tree, &kept);
	bool work = has_work(tree);
	bool git = file_there(tree->isolation == SCHEDULE_CLONE
				      ? tree->git_dir
				      : tree_admin(place->arena, place->repo, tree));
	if (!file_there(tree->work_dir) && !git)
		return true;
	if (!keep(&k, fail) ||
	    (work && tree->isolation == SCHEDULE_WORKTREE && !keep_branch(&k, fail)))
		return false;
	bool more = work && (kept.ignored || kept.refused_path.n);
	return (more ? move_away(&k, fail) : remove_tree(&k, fail)) &&
	       tree_remove(place->repo, tree, fail);
}
