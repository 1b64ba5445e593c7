/* repo_checkout.c — see repo_checkout.h. */
#include "runtime/repo_checkout.h"

#include "runtime/repo_inside.h"

bool repo_checkout_find(struct repo *repo, const char *branch, enum repo_checkout_place *place, struct fail *fail)
{
	git_reference *reference = NULL;
	*place = REPO_CHECKOUT_NOWHERE;
	if (git_reference_lookup(&reference, repo->git, branch))
		return repo_fail_git(fail, "cannot read %s", branch);
	int here = git_branch_is_head(reference), anywhere = git_branch_is_checked_out(reference);
	git_reference_free(reference);
	if (here < 0 || anywhere < 0)
		return repo_fail_git(fail, "cannot tell where %s is checked out", branch);
	if (here || anywhere)
		*place = here ? REPO_CHECKOUT_HERE : REPO_CHECKOUT_ELSEWHERE;
	return true;
}

bool repo_checkout_dirty(struct repo *repo, struct arena *arena, struct str *path, struct fail *fail)
{
	git_status_options options = GIT_STATUS_OPTIONS_INIT;
	git_status_list *list = NULL;
	*path = (struct str){ 0 };
	options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
	if (git_status_list_new(&list, repo->git, &options))
		return repo_fail_git(fail, "cannot compare the checkout %s with its commit", repo->root);
	if (git_status_list_entrycount(list)) {
		const git_status_entry *entry = git_status_byindex(list, 0);
		const git_diff_delta *delta = entry->head_to_index ? entry->head_to_index : entry->index_to_workdir;
		*path = arena_copy(arena, str_from(delta->new_file.path ? delta->new_file.path : delta->old_file.path));
	}
	git_status_list_free(list);
	return true;
}

struct obstacle {
	struct arena *arena;
	struct str path;
};

static int note_obstacle(git_checkout_notify_t why, const char *path, const git_diff_file *baseline, const git_diff_file *target,
			 const git_diff_file *workdir, void *payload)
{
	struct obstacle *obstacle = payload;
	(void)why;
	(void)baseline;
	(void)target;
	(void)workdir;
	if (!obstacle->path.n)
		obstacle->path = arena_copy(obstacle->arena, str_from(path));
	return 0;
}

static bool find_tree(struct repo *repo, struct oid commit, git_tree **tree, struct fail *fail)
{
	git_oid id;
	git_commit *found = NULL;
	if (!repo_id_from(&id, commit, fail))
		return false;
	bool good = git_commit_lookup(&found, repo->git, &id) == 0 && git_commit_tree(tree, found) == 0;
	git_commit_free(found);
	return good || repo_fail_git(fail, "cannot read the commit %.10s", commit.hex);
}

/* *conflict is set when something is in the way; only then is a failure of the checkout none of git's. */
static bool check_out(struct repo *repo, struct oid from, struct oid to, unsigned strategy, struct obstacle *obstacle,
		      struct fail *fail)
{
	git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
	git_tree *baseline = NULL, *target = NULL;
	options.checkout_strategy = GIT_CHECKOUT_SAFE | GIT_CHECKOUT_DONT_OVERWRITE_IGNORED | strategy;
	options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT;
	options.notify_cb = note_obstacle;
	options.notify_payload = obstacle;
	bool good = find_tree(repo, from, &baseline, fail) && find_tree(repo, to, &target, fail);
	options.baseline = baseline;
	if (good && git_checkout_tree(repo->git, (git_object *)target, &options) && !obstacle->path.n)
		good = repo_fail_git(fail, "cannot update the checkout %s", repo->root);
	git_tree_free(baseline);
	git_tree_free(target);
	return good;
}

bool repo_checkout_obstacle(struct repo *repo, struct arena *arena, struct oid from, struct oid to, struct str *path,
			    struct fail *fail)
{
	struct obstacle obstacle = { .arena = arena };
	bool good = check_out(repo, from, to, GIT_CHECKOUT_DRY_RUN, &obstacle, fail);
	*path = obstacle.path;
	return good;
}

bool repo_checkout_move(struct repo *repo, struct oid from, struct oid to, struct fail *fail)
{
	struct arena arena = { 0 };
	struct obstacle obstacle = { .arena = &arena };
	bool good = check_out(repo, from, to, 0, &obstacle, fail);
	if (good && obstacle.path.n)
		good = fail_set(fail, "the checkout %s was not updated, since %.*s is changed there. Move your change away (git stash), "
				"then say `orch land` again", repo->root, STR_ARG(obstacle.path));
	arena_release(&arena);
	return good;
}
