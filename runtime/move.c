/* move.c — see move.h. The branch moves first, then the checkout. */
#include "runtime/move.h"

#include "runtime/byhand.h"
#include "runtime/stale.h"

#include <string.h>

bool move_find(struct move *move, struct fail *fail)
{
	struct run *run = move->run;
	struct str branch = run->row.base_branch;
	BUG_IF(!branch.n, "a branch without a name");
	move->branch = arena_copy(&run->arena, branch).at;
	move->note = place_ref(&run->arena, run->row.id, "landing");
	move->shown = str_slice(branch, strlen(PLACE_BRANCHES), branch.n);
	if (!repo_ref_read(run->repo, move->branch, &move->before, fail))
		return false;
	return oid_none(move->before) || repo_checkout_find(run->repo, &run->arena, move->branch,
							    &move->place, &move->linked, fail);
}

static bool fail_in_the_way(const struct move *move, struct str path, struct fail *fail)
{
	struct run *run = move->run;
	if (!repo_checkout_unseen(run->repo, arena_copy(&run->arena, path).at))
		return fail_set(
			fail,
			"%.*s is in the checkout, is not tracked, and would be overwritten. Move it away, then "
			"`%s`",
			STR_ARG(path), move->command);
	return fail_set(
		fail,
		"%.*s is changed in the checkout, and git was told to assume that it is not. Let it look (git "
		"update-index --no-assume-unchanged %.*s), commit the change or put it aside (git stash), then `%s`",
		STR_ARG(path), STR_ARG(path), move->command);
}

bool move_may(struct move *move, struct oid after, struct fail *fail)
{
	struct run *run = move->run;
	struct str path;
	if (move->place == REPO_CHECKOUT_ELSEWHERE)
		return fail_set(
			fail,
			"the branch %.*s is checked out in the linked work tree %.*s, which orch does not touch. %s",
			STR_ARG(move->shown), STR_ARG(move->linked), move->instead);
	if (!repo_checkout_idle(run->repo, move->command, fail))
		return false;
	if (move->place == REPO_CHECKOUT_NOWHERE)
		return true;
	if (!repo_checkout_dirty(run->repo, &run->arena, &path, fail))
		return false;
	if (path.n)
		return fail_set(
			fail,
			"the checkout has changes that are not committed (%.*s). Commit them, or put them aside (git stash), "
			"then `%s`",
			STR_ARG(path), move->command);
	const char *why;
	if (!byhand_find(run->repo, &run->arena, move->before, after, &path, &why, fail))
		return false;
	if (path.n)
		return fail_set(
			fail,
			"%.*s is changed, and %s, so the checkout of %.*s is git's to update. %s",
			STR_ARG(path), why, STR_ARG(move->shown), move->instead);
	if (!repo_checkout_obstacle(run->repo, &run->arena, move->before, after, move->command,
				    &path, fail))
		return false;
	return !path.n || fail_in_the_way(move, path, fail);
}

/* The checkout follows, and what was to be remembered meanwhile is forgotten. */
static bool follow(struct move *move, struct oid from, struct oid to, bool again, struct fail *fail)
{
	struct run *run = move->run;
	bool moved;
	if (move->place == REPO_CHECKOUT_HERE &&
	    !repo_checkout_move(run->repo, from, to, again, move->command, fail))
		return false;
	move->checkout = move->place == REPO_CHECKOUT_HERE;
	return repo_ref_move(run->repo, move->note, from, (struct oid){ "" }, "orch: landed",
			     &moved, fail);
}

/* Nothing of a run that is over lacks a ref. */
static bool unshelter(const struct move *move, struct fail *fail)
{
	struct run *run = move->run;
	return !run->row.ended ||
	       repo_shelter_end(run->repo, place_note(&run->arena, run->row.id), fail);
}

bool move_make(struct move *move, struct oid after, const char *reason, struct fail *fail)
{
	struct run *run = move->run;
	const struct oid known[] = { move->before, move->ours };
	struct str mark = place_note(&run->arena, run->row.id);
	struct oid note;
	bool moved, gone, whole;
	if (!repo_shelter(run->repo, after, known, 2, mark, &whole, fail))
		return false;
	if (!whole)
		return fail_set(
			fail,
			"what was just written to %s was removed again (git gc --prune=now, or git "
			"prune?); say `%s` again",
			repo_git_dir(run->repo), move->command);
	if (!stale_clear_run(run->repo, run->row.id, fail) ||
	    !stale_clear_ref(run->repo, move->branch, move->ours, true, fail) ||
	    !repo_ref_read(run->repo, move->note, &note, fail) ||
	    !repo_ref_move(run->repo, move->note, note, move->before, "orch: landing", &moved,
			   fail) ||
	    !repo_ref_move(run->repo, move->branch, move->before, after, reason, &moved, fail))
		return false;
	/* Not begun, then: a later command must not take the other's move for its own, and follow. */
	if (!moved && !repo_ref_move(run->repo, move->note, move->before, (struct oid){ "" },
				     "orch: not landed", &gone, fail))
		return false;
	if (!moved)
		return fail_set(
			fail, "the branch %.*s was moved by somebody else just now; say `%s` again",
			STR_ARG(move->shown), move->command);
	return unshelter(move, fail) && follow(move, move->before, after, false, fail);
}

bool move_finish(struct move *move, struct fail *fail)
{
	struct run *run = move->run;
	struct oid note;
	bool moved;
	if (!stale_clear_run(run->repo, run->row.id, fail) ||
	    !repo_ref_read(run->repo, move->note, &note, fail) || !unshelter(move, fail))
		return false;
	if (oid_none(note) || oid_none(move->before))
		return true;
	/* It never moved. */
	if (oid_equal(note, move->before))
		return repo_ref_move(run->repo, move->note, note, (struct oid){ "" },
				     "orch: not landed", &moved, fail);
	return stale_clear_ref(run->repo, move->branch, move->before, false, fail) &&
	       stale_clear_index(run->repo, fail) &&
	       repo_checkout_idle(run->repo, move->command, fail) &&
	       follow(move, note, move->before, true, fail);
}
