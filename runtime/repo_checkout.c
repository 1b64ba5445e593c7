/* repo_checkout.c — see repo_checkout.h. */
#include "runtime/repo_checkout.h"

#include "common/file.h"
#include "common/text.h"
#include "common/vec.h"
#include "runtime/repo_inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN = 5, LARGEST_NOTE = 1 << 16 }; /* of a list in a message; of a small file of git's */

bool repo_checkout_linked(struct repo *repo, struct arena *arena, struct str *main,
			  struct fail *fail)
{
	git_repository *whole = NULL;
	*main = STR("");
	if (!git_repository_is_worktree(repo->git))
		return true;
	if (git_repository_open(&whole, repo->git_dir))
		return repo_fail_git(fail, "cannot open %s", repo->git_dir);
	const char *root = git_repository_workdir(whole);
	*main = arena_copy(arena, str_from(root ? root : repo->git_dir));
	while (main->n > 1 && main->at[main->n - 1] == '/')
		*main = str_slice(*main, 0, main->n - 1);
	git_repository_free(whole);
	return true;
}

/* Does the file of a work tree's git folder say that the tree is at the branch? */
static bool names(struct arena *arena, const char *folder, const char *name, const char *branch)
{
	struct str content;
	bool found;
	struct fail unreadable;
	if (!file_read_if(arena, arena_format(arena, "%s/%s", folder, name).at, LARGEST_NOTE,
			  &content, &found, &unreadable) ||
	    !found)
		return false;
	content = str_trim(content);
	if (str_starts(content, STR("ref: ")))
		content = str_trim(str_slice(content, strlen("ref: "), content.n));
	return str_is(content, branch) || str_is(content, branch + strlen("refs/heads/"));
}

static bool find_linked(struct repo *repo, struct arena *arena, const char *branch,
			struct str *linked, struct fail *fail)
{
	static const char *const notes[] = { "HEAD", "rebase-merge/head-name",
					     "rebase-apply/head-name", "BISECT_START" };
	git_strarray trees;
	if (git_worktree_list(&trees, repo->git))
		return repo_fail_git(fail, "cannot list the linked work trees of %s", repo->root);
	for (size_t i = 0; i < trees.count * (sizeof notes / sizeof *notes) && !linked->n; i++) {
		git_worktree *tree = NULL;
		const char *name = trees.strings[i / (sizeof notes / sizeof *notes)];
		const char *folder = arena_format(arena, "%s/worktrees/%s", repo->git_dir, name).at;
		/* One whose folder is gone holds nothing. */
		if (names(arena, folder, notes[i % (sizeof notes / sizeof *notes)], branch) &&
		    git_worktree_lookup(&tree, repo->git, name) == 0 &&
		    file_there(git_worktree_path(tree)))
			*linked = arena_copy(arena, str_from(git_worktree_path(tree)));
		git_worktree_free(tree);
	}
	git_strarray_dispose(&trees);
	return true;
}

bool repo_checkout_find(struct repo *repo, struct arena *arena, const char *branch,
			enum repo_checkout_place *place, struct str *linked, struct fail *fail)
{
	git_reference *reference = NULL;
	*place = REPO_CHECKOUT_NOWHERE;
	*linked = STR("");
	if (git_reference_lookup(&reference, repo->git, branch))
		return repo_fail_git(fail, "cannot read %s", branch);
	int here = git_branch_is_head(reference);
	git_reference_free(reference);
	if (here < 0)
		return repo_fail_git(fail, "cannot tell where %s is checked out", branch);
	if (!find_linked(repo, arena, branch, linked, fail))
		return false;
	if (here || linked->n)
		*place = linked->n ? REPO_CHECKOUT_ELSEWHERE : REPO_CHECKOUT_HERE;
	return true;
}

static const char *state_name(int state)
{
	switch (state) {
	case GIT_REPOSITORY_STATE_MERGE: return "merge";
	case GIT_REPOSITORY_STATE_REVERT:
	case GIT_REPOSITORY_STATE_REVERT_SEQUENCE: return "revert";
	case GIT_REPOSITORY_STATE_CHERRYPICK:
	case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: return "cherry-pick";
	case GIT_REPOSITORY_STATE_BISECT: return "bisect";
	case GIT_REPOSITORY_STATE_APPLY_MAILBOX: return "am";
	default: return "rebase";
	}
}

static bool fail_locked(struct repo *repo, const char *command, struct fail *fail)
{
	return fail_set(
		fail,
		"the index of the checkout is locked by another git program; if none is running, remove "
		"%s/index.lock, then `%s`",
		repo->git_dir, command);
}

bool repo_checkout_idle(struct repo *repo, const char *command, struct fail *fail)
{
	struct arena arena = { 0 };
	bool locked = file_there(arena_format(&arena, "%s/index.lock", repo->git_dir).at);
	int state = git_repository_state(repo->git);
	arena_release(&arena);
	if (state < 0)
		return repo_fail_git(fail, "cannot tell what is going on in %s", repo->root);
	if (state == GIT_REPOSITORY_STATE_NONE)
		return !locked || fail_locked(repo, command, fail);
	bool bisect = state == GIT_REPOSITORY_STATE_BISECT;
	return fail_set(
		fail,
		"a `git %s` is in progress in the checkout %s. End it (git status says how) or give it up "
		"(git %s %s), then `%s`",
		state_name(state), repo->root, state_name(state), bisect ? "reset" : "--abort",
		command);
}

/* libgit2 reads whole indexes only. */
static bool fail_index(struct repo *repo, struct fail *fail)
{
	const git_error *error = git_error_last();
	const char *reason = error ? error->message : "";
	bool sparse = strstr(reason, "'sdir'"), split = strstr(reason, "'link'");
	if (!sparse && !split)
		return repo_fail_git(fail, "cannot compare the checkout %s with its commit",
				     repo->root);
	return fail_set(
		fail,
		"the index of the checkout %s is %s, which orch cannot read; `%s` makes it a whole one",
		repo->root, sparse ? "sparse" : "split",
		sparse ? "git sparse-checkout init --cone --no-sparse-index"
		       : "git config core.splitIndex false; git update-index --no-split-index");
}

/* Not there because the checkout is sparse; or kept by a program that only git runs, and by its times
 * the file that git wrote. */
static bool no_change(struct repo *repo, git_index *index, const git_status_entry *status)
{
	const char *path = status->index_to_workdir ? status->index_to_workdir->old_file.path
						    : NULL;
	const git_index_entry *entry = path ? git_index_get_bypath(index, path, 0) : NULL;
	const char *filter = NULL;
	struct stat info;
	if (!entry)
		return false;
	if (status->status == GIT_STATUS_WT_DELETED)
		return entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE;
	if (status->status != GIT_STATUS_WT_MODIFIED)
		return false;
	struct text full = { 0 };
	text_addf(&full, "%s/%s", repo->root, path);
	bool same = lstat(full.at, &info) == 0 &&
		    entry->mtime.seconds == (int32_t)info.st_mtim.tv_sec &&
		    entry->mtime.nanoseconds == (uint32_t)info.st_mtim.tv_nsec &&
		    entry->file_size == (uint32_t)info.st_size;
	text_release(&full);
	return same && git_attr_get(&filter, repo->git, 0, path, "filter") == 0 &&
	       git_attr_value(filter) == GIT_ATTR_VALUE_STRING;
}

static void list_changes(struct repo *repo, git_index *index, git_status_list *list,
			 struct text *shown)
{
	size_t n = 0;
	for (size_t i = 0; i < git_status_list_entrycount(list); i++) {
		const git_status_entry *entry = git_status_byindex(list, i);
		const git_diff_delta *delta = entry->head_to_index ? entry->head_to_index
								   : entry->index_to_workdir;
		if (no_change(repo, index, entry))
			continue;
		if (n++ < SHOWN)
			text_addf(shown, "%s%s", n > 1 ? ", " : "",
				  delta->new_file.path ? delta->new_file.path
						       : delta->old_file.path);
	}
	if (n > SHOWN)
		text_addf(shown, " and %zu more", n - SHOWN);
}

bool repo_checkout_dirty(struct repo *repo, struct arena *arena, struct str *paths,
			 struct fail *fail)
{
	git_status_options options = GIT_STATUS_OPTIONS_INIT;
	git_status_list *list = NULL;
	git_index *index = NULL;
	struct text shown = { 0 };
	*paths = STR("");
	options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
	if (git_status_list_new(&list, repo->git, &options))
		return fail_index(repo, fail);
	bool good = git_repository_index(&index, repo->git) == 0 || fail_index(repo, fail);
	if (good)
		list_changes(repo, index, list, &shown);
	*paths = arena_copy(arena, text_str(&shown));
	text_release(&shown);
	git_index_free(index);
	git_status_list_free(list);
	return good;
}

/* A path that is in the way, and the file that was to be there; mode 0: none. */
struct way {
	struct str path;
	git_oid target;
	uint32_t mode;
};
struct obstacle {
	struct arena *arena;
	struct str path; /* the first */
	VEC(struct way) all;
};

static int note_obstacle(git_checkout_notify_t why, const char *path, const git_diff_file *baseline,
			 const git_diff_file *target, const git_diff_file *workdir, void *payload)
{
	struct obstacle *obstacle = payload;
	(void)why;
	(void)baseline;
	(void)workdir;
	struct way *way = VEC_ADD(obstacle->arena, &obstacle->all);
	way->path = arena_copy(obstacle->arena, str_from(path));
	way->mode = target ? target->mode : 0;
	if (target)
		git_oid_cpy(&way->target, &target->id);
	obstacle->path = obstacle->all.at[0].path;
	return 0;
}

static bool find_tree(struct repo *repo, struct oid commit, git_tree **tree, struct fail *fail)
{
	git_oid id;
	git_commit *found = NULL;
	if (!repo_id_from(&id, commit, fail))
		return false;
	bool good = git_commit_lookup(&found, repo->git, &id) == 0 &&
		    git_commit_tree(tree, found) == 0;
	git_commit_free(found);
	return good || repo_fail_git(fail, "cannot read the commit %.10s", commit.hex);
}

bool repo_checkout_changes(struct repo *repo, struct oid from, struct oid to,
			   bool (*visit)(void *self, const struct repo_checkout_change *,
					 struct fail *),
			   void *self, struct fail *fail)
{
	git_tree *before = NULL, *after = NULL;
	git_diff *diff = NULL;
	git_index *index = NULL;
	bool good = find_tree(repo, from, &before, fail) && find_tree(repo, to, &after, fail);
	if (good && git_repository_index(&index, repo->git))
		good = fail_index(repo, fail);
	if (good && git_diff_tree_to_tree(&diff, repo->git, before, after, NULL))
		good = repo_fail_git(fail, "cannot compare %.10s with %.10s", from.hex, to.hex);
	for (size_t i = 0; good && i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);
		const char *path = delta->new_file.path ? delta->new_file.path
							: delta->old_file.path;
		const git_index_entry *entry = git_index_get_bypath(index, path, 0);
		good = visit(self,
			     &(struct repo_checkout_change){
				     .path = str_from(path),
				     .stays = delta->status != GIT_DELTA_DELETED,
				     .skipped = entry && entry->flags_extended &
								 GIT_INDEX_ENTRY_SKIP_WORKTREE },
			     fail);
	}
	git_diff_free(diff);
	git_index_free(index);
	git_tree_free(after);
	git_tree_free(before);
	return good;
}

/* *conflict is set when something is in the way; only then is a failure of the checkout none of
 * git's. */
static bool check_out(struct repo *repo, struct oid from, struct oid to, unsigned strategy,
		      const char *command, struct obstacle *obstacle, struct fail *fail)
{
	git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
	git_tree *baseline = NULL, *target = NULL;
	options.checkout_strategy = GIT_CHECKOUT_SAFE | GIT_CHECKOUT_DONT_OVERWRITE_IGNORED |
				    strategy;
	options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT;
	options.notify_cb = note_obstacle;
	options.notify_payload = obstacle;
	bool good = find_tree(repo, from, &baseline, fail) && find_tree(repo, to, &target, fail);
	options.baseline = baseline;
	int error = good ? git_checkout_tree(repo->git, (git_object *)target, &options) : 0;
	if (error && !obstacle->path.n)
		good = error == GIT_ELOCKED
			       ? fail_locked(repo, command, fail)
			       : repo_fail_git(fail, "cannot update the checkout %s", repo->root);
	git_tree_free(baseline);
	git_tree_free(target);
	return good;
}

/* A folder of the checkout that is to become a file: what is in it and not in the index is in the
 * way. */
struct becoming {
	struct repo *repo;
	struct arena *arena;
	git_index *index;
	struct str path; /* what was found */
};

/* Below `path`, which is relative to the root. A folder without anything in it counts too: libgit2
 * lets it be. */
static bool find_untracked(struct becoming *becoming, const char *path, struct fail *fail)
{
	struct arena *arena = becoming->arena;
	DIR *folder = opendir(arena_format(arena, "%s/%s", becoming->repo->root, path).at);
	struct dirent *entry;
	struct stat info;
	size_t n = 0;
	if (!folder)
		return fail_system(fail, "cannot list %s/%s", becoming->repo->root, path);
	bool good = true;
	while (good && !becoming->path.n && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		struct str inside = arena_format(arena, "%s/%s", path, entry->d_name);
		n++;
		if (git_index_get_bypath(becoming->index, inside.at, 0))
			continue;
		if (fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(info.st_mode))
			good = find_untracked(becoming, inside.at, fail);
		else
			becoming->path = inside;
	}
	closedir(folder);
	if (!n)
		becoming->path = arena_copy(arena, str_from(path));
	return good;
}

static bool look_in_folder(void *self, const struct repo_checkout_change *change, struct fail *fail)
{
	struct becoming *becoming = self;
	struct stat info;
	const char *path = arena_copy(becoming->arena, change->path).at;
	const char *full = arena_format(becoming->arena, "%s/%s", becoming->repo->root, path).at;
	if (!change->stays || becoming->path.n || git_index_get_bypath(becoming->index, path, 0) ||
	    lstat(full, &info) || !S_ISDIR(info.st_mode))
		return true;
	return find_untracked(becoming, path, fail);
}

/* libgit2's dry run finds nothing wrong with these, and the checkout then stops halfway. */
static bool find_becoming(struct repo *repo, struct arena *arena, struct oid from, struct oid to,
			  struct str *path, struct fail *fail)
{
	struct becoming becoming = { .repo = repo, .arena = arena };
	if (git_repository_index(&becoming.index, repo->git))
		return fail_index(repo, fail);
	bool good = repo_checkout_changes(repo, from, to, look_in_folder, &becoming, fail);
	git_index_free(becoming.index);
	*path = becoming.path;
	return good;
}

bool repo_checkout_unseen(struct repo *repo, const char *path)
{
	git_index *index = NULL;
	if (git_repository_index(&index, repo->git))
		return false;
	const git_index_entry *entry = git_index_get_bypath(index, path, 0);
	bool unseen = entry && entry->flags & GIT_INDEX_ENTRY_VALID;
	git_index_free(index);
	return unseen;
}

bool repo_checkout_obstacle(struct repo *repo, struct arena *arena, struct oid from, struct oid to,
			    const char *command, struct str *path, struct fail *fail)
{
	struct obstacle obstacle = { .arena = arena };
	if (!find_becoming(repo, arena, from, to, path, fail))
		return false;
	if (path->n)
		return true;
	/* Not even the index, which a dry run writes otherwise. */
	bool good = check_out(repo, from, to,
			      GIT_CHECKOUT_DRY_RUN | GIT_CHECKOUT_DONT_UPDATE_INDEX |
				      GIT_CHECKOUT_DONT_WRITE_INDEX,
			      command, &obstacle, fail);
	*path = obstacle.path;
	return good;
}

/* Removes a file that is no more than a beginning of the bytes, or all of them. */
static bool remove_beginning(const char *path, struct str bytes)
{
	struct arena arena = { 0 };
	struct str begun;
	struct fail fail;
	struct stat info;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	bool good = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
		    (uint64_t)info.st_size <= bytes.n &&
		    file_read_all(&arena, fd, path, bytes.n + 1, &begun, &fail) &&
		    begun.n <= bytes.n && str_starts(bytes, begun) && unlink(path) == 0;
	if (fd >= 0)
		close(fd);
	arena_release(&arena);
	return good;
}

/* A file that a kill left written, in whole or in part, is no change of the user's: it is made anew. */
static bool clear_way(struct repo *repo, const struct way *way)
{
	git_blob *blob = NULL;
	git_filter_list *filters = NULL;
	git_buf bytes = { 0 };
	bool good = (way->mode == GIT_FILEMODE_BLOB || way->mode == GIT_FILEMODE_BLOB_EXECUTABLE) &&
		    git_blob_lookup(&blob, repo->git, &way->target) == 0 &&
		    git_filter_list_load(&filters, repo->git, blob, way->path.at,
					 GIT_FILTER_TO_WORKTREE, GIT_FILTER_ALLOW_UNSAFE) == 0 &&
		    git_filter_list_apply_to_blob(&bytes, filters, blob) == 0;
	if (good) {
		struct text path = { 0 };
		text_addf(&path, "%s/%s", repo->root, way->path.at);
		good = remove_beginning(path.at, (struct str){ bytes.ptr, bytes.size });
		text_release(&path);
	}
	git_buf_dispose(&bytes);
	git_filter_list_free(filters);
	git_blob_free(blob);
	return good;
}

static bool clear_all(struct repo *repo, const struct obstacle *obstacle)
{
	for (size_t i = 0; i < obstacle->all.n; i++)
		if (!clear_way(repo, &obstacle->all.at[i]))
			return false;
	return true;
}

/* Is anything left out of the checkout? Then what is missing may not come back. */
static bool is_sparse(struct repo *repo)
{
	git_index *index = NULL;
	bool sparse = git_repository_index(&index, repo->git) != 0;
	for (size_t i = 0; !sparse && i < git_index_entrycount(index); i++)
		sparse = git_index_get_byindex(index, i)->flags_extended &
			 GIT_INDEX_ENTRY_SKIP_WORKTREE;
	git_index_free(index);
	return sparse;
}

bool repo_checkout_move(struct repo *repo, struct oid from, struct oid to, bool again,
			const char *command, struct fail *fail)
{
	struct arena arena = { 0 };
	struct obstacle obstacle = { .arena = &arena };
	unsigned strategy = again && !is_sparse(repo) ? GIT_CHECKOUT_RECREATE_MISSING : 0;
	bool good = check_out(repo, from, to, strategy, command, &obstacle, fail);
	if (good && again && obstacle.path.n && clear_all(repo, &obstacle)) {
		obstacle = (struct obstacle){ .arena = &arena };
		good = check_out(repo, from, to, strategy, command, &obstacle, fail);
	}
	if (good && obstacle.path.n)
		good = fail_set(
			fail,
			"the checkout %s was not updated, since %.*s is changed there. Move your change away (git stash), "
			"then say `%s` again",
			repo->root, STR_ARG(obstacle.path), command);
	arena_release(&arena);
	return good;
}
