/* land.c — see land.h. The branch moves first, then the checkout. A ref (refs/orch/N/landing) says
 * from where, until both are done, so that `orch land` can finish what a kill cut off in
 * between. */
#include "runtime/land.h"

#include "runtime/merge.h"
#include "runtime/repo_checkout.h"
#include "runtime/stale.h"

#include <string.h>
#include <time.h>

struct landing {
	struct run *run;
	struct land_outcome *outcome;
	const char *branch, *note;	/* full names of refs */
	struct oid integration;
	enum repo_checkout_place place;
	struct str linked;	/* the work tree that has the branch, when it is elsewhere */
};

/* What lands is what the journal says that the run put together, and nothing that was put there
 * since. */
static bool find_integration(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	const char *name = place_ref(&run->arena, run->row.id, "integration");
	struct oid there;
	landing->integration = run->row.integration;
	if (oid_none(landing->integration) || oid_equal(landing->integration, run->row.base))
		return fail_set(fail,
				"there is nothing to land: run %lld has merged no agent's work",
				(long long)run->row.id);
	if (!repo_ref_read(run->repo, name, &there, fail))
		return false;
	if (oid_equal(there, landing->integration))
		return true;
	return fail_set(
		fail,
		"%s is %s%.10s, but run %lld recorded %.10s: somebody moved it. Put it back (git update-ref %s %s), "
		"then `orch land`",
		name, oid_none(there) ? "gone" : "at ", there.hex, (long long)run->row.id,
		landing->integration.hex, name, landing->integration.hex);
}

static bool fail_gone(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	struct str branch = landing->outcome->branch;
	if (!oid_none(run->row.landed))
		return fail_set(
			fail,
			"run %lld has landed already, on %.*s, which was at %.10s then and is gone since: "
			"there is nothing to do",
			(long long)run->row.id, STR_ARG(branch), run->row.landed.hex);
	return fail_set(
		fail,
		"the branch %.*s that run %lld began from is gone. Make it again (git branch %.*s %.10s), or where you "
		"want it: git merge %s",
		STR_ARG(branch), (long long)run->row.id, STR_ARG(branch), run->row.base.hex,
		place_ref(&run->arena, run->row.id, "integration"));
}

static bool begin(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	struct str branch = run->row.base_branch;
	if (!find_integration(landing, fail))
		return false;
	if (!branch.n)
		return fail_set(
			fail,
			"run %lld began at a commit, not at a branch, so there is no branch to land on. "
			"Where you want it: git merge %s",
			(long long)run->row.id, place_ref(&run->arena, run->row.id, "integration"));
	landing->branch = arena_copy(&run->arena, branch).at;
	landing->note = place_ref(&run->arena, run->row.id, "landing");
	landing->outcome->branch = str_slice(branch, strlen(PLACE_BRANCHES), branch.n);
	if (!repo_ref_read(run->repo, landing->branch, &landing->outcome->before, fail))
		return false;
	if (oid_none(landing->outcome->before))
		return fail_gone(landing, fail);
	return repo_checkout_find(run->repo, &run->arena, landing->branch, &landing->place,
				  &landing->linked, fail);
}

static bool merge(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	struct oid base, ours, theirs, tree;
	const struct oid parents[] = { landing->outcome->before, landing->integration };
	struct str conflict;
	if (!repo_commit_tree(run->repo, run->row.base, &base, fail) ||
	    !repo_commit_tree(run->repo, parents[0], &ours, fail) ||
	    !repo_commit_tree(run->repo, parents[1], &theirs, fail) ||
	    !merge_trees(&run->arena, run->repo, base, ours, theirs, &tree, &conflict, fail))
		return false;
	if (conflict.n)
		return fail_set(
			fail,
			"%.*s was changed on %.*s since the run began, and by the run too. Put them together by hand: "
			"git merge %s",
			STR_ARG(conflict), STR_ARG(landing->outcome->branch),
			place_ref(&run->arena, run->row.id, "integration"));
	landing->outcome->merged = true;
	return repo_commit_write(
		run->repo,
		&(struct repo_commit){
			.tree = tree,
			.parents = parents,
			.parent_n = 2,
			.time = time(NULL),
			.message = arena_format(&run->arena, "Merge run %lld of the plan %.*s\n",
						(long long)run->row.id, STR_ARG(run->row.plan))
					   .at },
		&landing->outcome->after, fail);
}

/* Is anything of the user's in the way? */
static bool look_at_checkout(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	struct land_outcome *outcome = landing->outcome;
	struct str path;
	if (landing->place == REPO_CHECKOUT_ELSEWHERE)
		return fail_set(
			fail,
			"the branch %.*s is checked out in the linked work tree %.*s, which orch does not touch. Land there "
			"with: git merge %s",
			STR_ARG(outcome->branch), STR_ARG(landing->linked),
			place_ref(&run->arena, run->row.id, "integration"));
	if (!repo_checkout_idle(run->repo, fail))
		return false;
	if (landing->place == REPO_CHECKOUT_NOWHERE)
		return true;
	if (!repo_checkout_dirty(run->repo, &run->arena, &path, fail))
		return false;
	if (path.n)
		return fail_set(
			fail,
			"the checkout has changes that are not committed (%.*s). Commit them, or put them aside (git stash), "
			"then `orch land`",
			STR_ARG(path));
	if (!repo_checkout_obstacle(run->repo, &run->arena, outcome->before, outcome->after, &path,
				    fail))
		return false;
	return !path.n ||
	       fail_set(
		       fail,
		       "%.*s is in the checkout, is not tracked, and would be overwritten. Move it away, then "
		       "`orch land`",
		       STR_ARG(path));
}

/* The checkout follows, and what was to be remembered meanwhile is forgotten. */
static bool follow(struct landing *landing, struct oid from, struct oid to, struct fail *fail)
{
	struct run *run = landing->run;
	bool moved;
	if (landing->place == REPO_CHECKOUT_HERE && !repo_checkout_move(run->repo, from, to, fail))
		return false;
	landing->outcome->checkout = landing->place == REPO_CHECKOUT_HERE;
	return repo_ref_move(run->repo, landing->note, from, (struct oid){ "" }, "orch: landed",
			     &moved, fail) &&
	       store_landed(run->store, run->row.id, to, fail);
}

static bool move(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	struct land_outcome *outcome = landing->outcome;
	struct oid note;
	bool moved;
	if (!stale_clear_run(run->repo, run->row.id, fail) ||
	    !stale_clear_ref(run->repo, landing->branch, landing->integration, true, fail) ||
	    !repo_ref_read(run->repo, landing->note, &note, fail) ||
	    !repo_ref_move(run->repo, landing->note, note, outcome->before, "orch: landing", &moved,
			   fail) ||
	    !repo_ref_move(
		    run->repo, landing->branch, outcome->before, outcome->after,
		    arena_format(&run->arena, "orch: run %lld landed", (long long)run->row.id).at,
		    &moved, fail))
		return false;
	if (!moved)
		return fail_set(
			fail,
			"the branch %.*s was moved by somebody else just now; say `orch land` again",
			STR_ARG(outcome->branch));
	return follow(landing, outcome->before, outcome->after, fail);
}

bool land_run(struct run *run, struct land_outcome *outcome, struct fail *fail)
{
	struct landing landing = { .run = run, .outcome = outcome };
	struct oid note;
	bool forward;
	*outcome = (struct land_outcome){ 0 };
	if (!begin(&landing, fail) || !repo_is_ancestor(run->repo, landing.integration,
							outcome->before, &outcome->already, fail))
		return false;
	if (outcome->already) {
		outcome->after = outcome->before;
		if (!repo_ref_read(run->repo, landing.note, &note, fail))
			return false;
		return oid_none(note) || (repo_checkout_idle(run->repo, fail) &&
					  follow(&landing, note, outcome->after, fail));
	}
	if (!repo_is_ancestor(run->repo, outcome->before, landing.integration, &forward, fail))
		return false;
	outcome->after = landing.integration;
	return (forward || merge(&landing, fail)) && look_at_checkout(&landing, fail) &&
	       move(&landing, fail);
}
