/* repo_worktree.c — linked work trees, in the layout of gitrepository-layout(5), written here
 * because libgit2's own function also checks out the files, slowly and one by one. */
#include "runtime/repo_inside.h"

#include "common/file.h"

#include <string.h>

static const char *admin_folder(struct arena *arena, struct repo *main, const char *name)
{
	return arena_format(arena, "%s/worktrees/%s", main->git_dir, name).at;
}

/* The branch at the commit: made, or there already and just so. */
static bool take_branch(struct repo *main, const char *ref, struct oid commit, struct fail *fail)
{
	struct oid now;
	bool moved;
	if (!repo_ref_read(main, ref, &now, fail))
		return false;
	if (oid_equal(now, commit))
		return true;
	if (!oid_none(now))
		return fail_set(fail,
				"the branch %s is already there, with work of its own on it "
				"(%.10s); rename it or choose "
				"another `branch` in the plan",
				ref + strlen("refs/heads/"), now.hex);
	if (!repo_ref_move(main, ref, now, commit, "orch: start of an agent", &moved, fail))
		return false;
	return moved || fail_set(fail, "the branch %s was made by someone else just now",
				 ref + strlen("refs/heads/"));
}

static bool put(struct arena *arena, const char *folder, const char *name, struct str content,
		struct fail *fail)
{
	return file_write(arena_format(arena, "%s/%s", folder, name).at, content, 0666, fail);
}

bool repo_worktree_create(struct repo *main, const char *name, const char *work_dir,
			  const char *branch, struct oid commit, struct fail *fail)
{
	struct arena arena = { 0 };
	const char *admin = admin_folder(&arena, main, name);
	const char *ref = arena_format(&arena, "refs/heads/%s", branch).at;
	struct str head = *branch ? arena_format(&arena, "ref: %s\n", ref)
				  : arena_format(&arena, "%s\n", commit.hex);
	bool good = !file_there(admin) ||
		    fail_set(fail, "the work tree %s is already there (%s)", name, admin);
	good = good && (!*branch || take_branch(main, ref, commit, fail)) &&
	       file_make_folders(admin, fail) &&
	       put(&arena, admin, "commondir", STR("../..\n"), fail) &&
	       put(&arena, admin, "gitdir", arena_format(&arena, "%s/.git\n", work_dir), fail) &&
	       put(&arena, admin, "HEAD", head, fail) &&
	       put(&arena, work_dir, ".git", arena_format(&arena, "gitdir: %s\n", admin), fail);
	arena_release(&arena);
	return good;
}

bool repo_worktree_forget(struct repo *main, const char *name, const char *branch,
			  struct oid commit, struct fail *fail)
{
	struct arena arena = { 0 };
	bool moved, good = file_remove_tree(admin_folder(&arena, main, name), fail);
	if (good && *branch)
		good =
		    repo_ref_move(main, arena_format(&arena, "refs/heads/%s", branch).at, commit,
				  (struct oid){ "" }, "orch: nothing was done on it", &moved, fail);
	arena_release(&arena);
	return good;
}
