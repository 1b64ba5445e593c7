/* repo_diff.c — what is different between two commits, as git prints it. Nothing that the repository names
 * for it is run: libgit2 knows no external programs and no text conversions. */
#include "runtime/repo_inside.h"

#include "common/text.h"

static bool tree_of(struct repo *repo, struct oid commit, git_tree **tree, struct fail *fail)
{
	git_oid id;
	git_commit *object;
	if (!repo_id_from(&id, commit, fail))
		return false;
	if (git_commit_lookup(&object, repo->git, &id))
		return repo_fail_git(fail, "cannot read the commit %s in %s", commit.hex,
				     repo->git_dir);
	bool good = !git_commit_tree(tree, object) ||
		    repo_fail_git(fail, "cannot read the tree of %s", commit.hex);
	git_commit_free(object);
	return good;
}

static bool print(git_diff *diff, bool stat, struct text *out, struct fail *fail)
{
	git_buf buffer = { 0 };
	git_diff_stats *stats = NULL;
	int error = stat ? git_diff_get_stats(&stats, diff)
			 : git_diff_to_buf(&buffer, diff, GIT_DIFF_FORMAT_PATCH);
	if (!error && stat)
		error = git_diff_stats_to_buf(&buffer, stats, GIT_DIFF_STATS_FULL, 80);
	if (!error)
		text_add(out, (struct str){ buffer.ptr, buffer.size });
	git_diff_stats_free(stats);
	git_buf_dispose(&buffer);
	return !error || repo_fail_git(fail, "cannot write what is different");
}

static bool compare(struct repo *repo, struct oid before, struct oid after, git_diff **diff,
		    struct fail *fail)
{
	git_diff_options options = GIT_DIFF_OPTIONS_INIT;
	git_tree *old = NULL, *new = NULL;
	bool good = tree_of(repo, before, &old, fail) && tree_of(repo, after, &new, fail);
	if (good && git_diff_tree_to_tree(diff, repo->git, old, new, &options))
		good = repo_fail_git(fail, "cannot compare %s and %s", before.hex, after.hex);
	git_tree_free(new);
	git_tree_free(old);
	return good;
}

bool repo_diff(struct repo *repo, struct oid before, struct oid after, bool stat, struct text *out,
	       struct fail *fail)
{
	git_diff *diff = NULL;
	bool good = compare(repo, before, after, &diff, fail) && print(diff, stat, out, fail);
	git_diff_free(diff);
	return good;
}

bool repo_diff_sum(struct repo *repo, struct oid before, struct oid after,
		   struct repo_change *change, struct fail *fail)
{
	git_diff *diff = NULL;
	git_diff_stats *stats = NULL;
	bool good = compare(repo, before, after, &diff, fail);
	if (good && git_diff_get_stats(&stats, diff))
		good = repo_fail_git(fail, "cannot count what is different between %s and %s",
				     before.hex, after.hex);
	if (good)
		*change = (struct repo_change){ git_diff_stats_files_changed(stats),
						git_diff_stats_insertions(stats),
						git_diff_stats_deletions(stats) };
	git_diff_stats_free(stats);
	git_diff_free(diff);
	return good;
}
