/* land.c — see land.h. move.c moves the branch; here is what it moves to. */
#include "runtime/land.h"

#include "runtime/merge.h"
#include "runtime/move.h"

#include <time.h>

struct landing {
	struct run *run;
	struct land_outcome *outcome;
	struct oid integration;
	struct move move;
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
	/* Once it has landed, `orch gc --refs` removes the ref. */
	if (oid_equal(there, landing->integration) ||
	    (oid_none(there) && !oid_none(run->row.landed)))
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
	struct land_outcome *outcome = landing->outcome;
	if (!find_integration(landing, fail))
		return false;
	const char *integration = place_ref(&run->arena, run->row.id, "integration");
	if (!run->row.base_branch.n)
		return fail_set(
			fail,
			"run %lld began at a commit, not at a branch, so there is no branch to land on. "
			"Where you want it: git merge %s",
			(long long)run->row.id, integration);
	landing->move = (struct move){
		.run = run,
		.command = "orch land",
		.instead =
			arena_format(&run->arena, "Land there with: git merge %s", integration).at,
		.ours = landing->integration,
	};
	if (!move_find(&landing->move, fail))
		return false;
	outcome->branch = landing->move.shown;
	outcome->before = landing->move.before;
	return !oid_none(outcome->before) || fail_gone(landing, fail);
}

/* Of both; `already` when the branch would not change. */
static bool merge(struct landing *landing, struct fail *fail)
{
	struct run *run = landing->run;
	struct oid base, ours, theirs, tree;
	const struct oid parents[] = { landing->outcome->before, landing->integration };
	struct str conflict;
	/* After an earlier landing the branch has results of the run, perhaps changed since: what the run
	 * began from would be too early a base. */
	if (!merge_base(&run->arena, run->repo, parents[0], parents[1], run->row.base, &base,
			fail) ||
	    !repo_commit_tree(run->repo, parents[0], &ours, fail) ||
	    !repo_commit_tree(run->repo, parents[1], &theirs, fail) ||
	    !merge_trees(&run->arena, run->repo, base, ours, theirs, &tree, &conflict, fail))
		return false;
	if (conflict.n)
		return fail_set(
			fail,
			"%.*s was changed on %.*s meanwhile, and by the run too. Put them together by hand: "
			"git merge %s",
			STR_ARG(conflict), STR_ARG(landing->outcome->branch),
			place_ref(&run->arena, run->row.id, "integration"));
	/* A rollback has made the integration again, say, and the branch has all that is left of it. */
	if (oid_equal(tree, ours)) {
		landing->outcome->already = true;
		return true;
	}
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

bool land_run(struct run *run, struct land_outcome *outcome, struct fail *fail)
{
	struct landing landing = { .run = run, .outcome = outcome };
	bool forward;
	*outcome = (struct land_outcome){ 0 };
	if (!begin(&landing, fail) || !repo_is_ancestor(run->repo, landing.integration,
							outcome->before, &outcome->already, fail))
		return false;
	outcome->after = outcome->before;
	if (!outcome->already) {
		if (!repo_is_ancestor(run->repo, outcome->before, landing.integration, &forward,
				      fail))
			return false;
		if (forward)
			outcome->after = landing.integration;
		else if (!merge(&landing, fail))
			return false;
	}
	if (outcome->already)
		return move_finish(&landing.move, fail) &&
		       (!oid_none(run->row.landed) ||
			store_landed(run->store, run->row.id, outcome->after, fail));
	const char *reason =
		arena_format(&run->arena, "orch: run %lld landed", (long long)run->row.id).at;
	if (!move_may(&landing.move, outcome->after, fail) ||
	    !move_make(&landing.move, outcome->after, reason, fail))
		return false;
	outcome->checkout = landing.move.checkout;
	return store_landed(run->store, run->row.id, outcome->after, fail);
}
