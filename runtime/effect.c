/* effect.c — see effect.h. */
#include "runtime/effect.h"

#include "runtime/admit.h"
#include "runtime/land.h"
#include "runtime/merge.h"
#include "runtime/stale.h"

enum { TRIES = 5 };	/* to write what somebody else removes at once (git prune) */

/* A commit that was just made, from known ones, and that no ref leads to yet. */
static bool shelter(struct run *run, struct oid commit, const struct oid *known, size_t n,
		    bool *whole, struct fail *fail)
{
	for (size_t i = 0; i < n; i++)
		if (oid_equal(commit, known[i])) {
			*whole = true;
			return true;
		}
	return repo_shelter(run->repo, commit, known, n, place_note(&run->arena, run->row.id),
			    whole, fail);
}

static bool fail_vanished(struct run *run, struct fail *fail)
{
	return fail_set(fail,
			"what was just written to %s was removed again and again (git gc --prune=now, or git "
			"prune?); `orch resume` tries again",
			repo_git_dir(run->repo));
}

bool effect_start(struct effect *effect, uint32_t agent, const struct oid *start,
		  const struct oid *result, struct oid *commit, struct str *conflict,
		  struct fail *fail)
{
	struct run *run = effect->run;
	struct oid *known = ARENA_MANY(&run->arena, run->schedule->agent_n + 1, struct oid);
	size_t n = 0;
	bool whole = false;
	known[n++] = run->row.base;
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		if (!oid_none(result[i]))
			known[n++] = result[i];
	for (int i = 0; i < TRIES && !whole; i++)
		if (!merge_start(&run->arena, run->repo, run->schedule, agent, run->row.base, start,
				 result, commit, conflict, fail) ||
		    (!conflict->n && !shelter(run, *commit, known, n, &whole, fail)))
			return false;
		else if (conflict->n)
			return true;
	return whole || fail_vanished(run, fail);
}

bool effect_reuse(struct effect *effect, uint32_t agent, struct oid start,
		  const struct world_reuse *from, struct oid *commit, bool *whole,
		  struct fail *fail)
{
	struct run *run = effect->run;
	const struct schedule_agent *of = &run->schedule->agent[agent];
	const struct oid known[] = { start, from->result };
	struct repo_commit made = { .parents = &start, .parent_n = 1 };
	struct str subject = of->title.n ? of->title : of->name;
	made.message = arena_format(&run->arena,
				    "%.*s: %.*s\n\nPlan %.*s, of run %lld, used again in run %lld.\n",
				    STR_ARG(of->name), STR_ARG(subject),
				    STR_ARG(run->schedule->plan.name), (long long)from->run,
				    (long long)run->row.id)
			       .at;
	struct oid before;
	*whole = false;
	if (!repo_commit_tree(run->repo, from->result, &made.tree, fail) ||
	    !repo_commit_tree(run->repo, start, &before, fail))
		return false;
	/* Of one that owns nothing the result is what it started from. */
	*commit = start;
	if (oid_equal(made.tree, before))
		return *whole = true;
	return repo_commit_time(run->repo, from->result, &made.time, fail) &&
	       repo_commit_write(run->repo, &made, commit, fail) &&
	       shelter(run, *commit, known, 2, whole, fail);
}

/* Moves a ref that is this run's alone from wherever it is. */
static bool set_ref(struct run *run, const char *name, struct oid id, struct fail *fail)
{
	struct oid there;
	bool moved;
	if (!repo_ref_read(run->repo, name, &there, fail))
		return false;
	if (oid_equal(there, id))
		return true;
	if (!repo_ref_move(run->repo, name, there, id, "orch", &moved, fail))
		return false;
	return moved ||
	       fail_set(fail, "%s was moved by somebody else just now; `orch resume` tries again",
			name);
}

/* The branch of a linked work tree is made with the tree; one that an earlier run left must be
 * gone. */
static bool clear_branch(struct run *run, const struct schedule_agent *agent, struct oid start,
			 struct fail *fail)
{
	const char *name = place_branch(&run->arena, agent->branch);
	struct oid there;
	bool may, moved;
	if (!repo_ref_read(run->repo, name, &there, fail))
		return false;
	if (oid_none(there) || oid_equal(there, start))
		return true;
	return admit_replaceable(run->repo, run->store, &run->arena, agent->branch, there, &may,
				 fail) &&
	       (!may || repo_ref_move(run->repo, name, there, (struct oid){ "" }, "orch: a new run",
				      &moved, fail));
}

bool effect_before_launch(struct effect *effect, const struct world_attempt *attempt,
			  struct fail *fail)
{
	struct run *run = effect->run;
	const struct schedule_agent *agent = &run->schedule->agent[attempt->agent];
	return set_ref(run, place_agent_ref(&run->arena, run->row.id, "start", agent->name),
		       attempt->start, fail) &&
	       (!attempt->fresh || agent->isolation != SCHEDULE_WORKTREE ||
		clear_branch(run, agent, attempt->start, fail));
}

bool effect_keep_stray(struct effect *effect, const struct record *record, struct fail *fail)
{
	struct run *run = effect->run;
	if (oid_none(record->stray))
		return true;
	struct str name = run->schedule->agent[record->agent].name;
	return set_ref(run,
		       place_attempt_ref(&run->arena, run->row.id, "strays", name, record->attempt),
		       record->stray, fail);
}

/* Where the branch may be moved from: nowhere, where an earlier run left it, or, in a linked work
 * tree, wherever the agent's own commits took it; those are kept. */
static bool may_move_branch(struct run *run, const struct schedule_agent *agent, struct oid start,
			    struct oid there, struct fail *fail)
{
	bool may = oid_none(there);
	if (!may && agent->isolation == SCHEDULE_WORKTREE)
		return oid_equal(there, start) ||
		       set_ref(run,
			       place_agent_ref(&run->arena, run->row.id, "commits", agent->name),
			       there, fail);
	if (!may && !admit_replaceable(run->repo, run->store, &run->arena, agent->branch, there,
				       &may, fail))
		return false;
	if (may)
		return oid_none(there) ||
		       admit_checkout(run->repo, &run->arena, agent->branch, "`orch resume`", fail);
	return fail_set(
		       fail,
		       "the branch %.*s was made by somebody else while %.*s was running; rename or delete it, then "
		       "`orch resume`. The agent's work is safe in %s",
		       STR_ARG(agent->branch), STR_ARG(agent->name),
		       place_agent_ref(&run->arena, run->row.id, "agents", agent->name));
}

/* What an attempt before a retry came to is kept beside the new result. */
static bool keep_earlier(struct run *run, struct str agent, struct oid result, struct fail *fail)
{
	struct oid there;
	return repo_ref_read(run->repo, place_agent_ref(&run->arena, run->row.id, "agents", agent),
			     &there, fail) &&
	       (oid_none(there) || oid_equal(there, result) ||
		set_ref(run, place_commit_ref(&run->arena, run->row.id, "earlier", agent, there),
			there, fail));
}

bool effect_keep(struct effect *effect, uint32_t index, struct oid start, struct oid result,
		 struct fail *fail)
{
	struct run *run = effect->run;
	const struct schedule_agent *agent = &run->schedule->agent[index];
	const char *branch = place_branch(&run->arena, agent->branch);
	struct oid there;
	bool moved;
	if (!keep_earlier(run, agent->name, result, fail) ||
	    /* Of one that is launched it is there already. */
	    !set_ref(run, place_agent_ref(&run->arena, run->row.id, "start", agent->name), start,
		     fail) ||
	    !set_ref(run, place_agent_ref(&run->arena, run->row.id, "agents", agent->name), result,
		     fail) ||
	    /* Also when it is there already: libgit2 links the new file to its name and only then removes
	     * the lock. */
	    !stale_clear_ref(run->repo, branch, result, false, fail) ||
	    !repo_ref_read(run->repo, branch, &there, fail))
		return false;
	if (oid_equal(there, result))
		return true;
	if (!may_move_branch(run, agent, start, there, fail) ||
	    !repo_ref_move(run->repo, branch, there, result, "orch: result of an agent", &moved,
			   fail))
		return false;
	return moved ||
	       fail_set(
		       fail,
		       "the branch %.*s was moved by somebody else just now; `orch resume` tries again",
		       STR_ARG(agent->branch));
}

/* The commit's time is that of the later of the two, so that after a kill the same commit is made
 * again. */
bool effect_combine(struct effect *effect, uint32_t agent, struct oid integration, struct oid start,
		    struct oid result, struct oid *combined, struct str *conflict,
		    struct fail *fail)
{
	struct run *run = effect->run;
	const struct oid known[] = { integration, result };
	int64_t ours, theirs;
	bool whole = false;
	if (!repo_commit_time(run->repo, integration, &ours, fail) ||
	    !repo_commit_time(run->repo, result, &theirs, fail))
		return false;
	for (int i = 0; i < TRIES && !whole; i++)
		if (!merge_result(&run->arena, run->repo, run->schedule, agent, integration, start,
				  result, ours > theirs ? ours : theirs, combined, conflict,
				  fail) ||
		    (!conflict->n && !shelter(run, *combined, known, 2, &whole, fail)))
			return false;
		else if (conflict->n)
			return true;
	return whole || fail_vanished(run, fail);
}

/* A rollback moves the integration to where the old one does not follow from. */
static bool keep_integration(struct run *run, struct oid before, struct oid after,
			     struct fail *fail)
{
	bool forward;
	if (!repo_is_ancestor(run->repo, before, after, &forward, fail))
		return false;
	return forward || set_ref(run,
				  place_commit_ref(&run->arena, run->row.id, "earlier",
						   STR("integration"), before),
				  before, fail);
}

bool effect_advance(struct effect *effect, struct oid before, struct oid after, struct fail *fail)
{
	struct run *run = effect->run;
	const char *name = place_ref(&run->arena, run->row.id, "integration");
	struct oid there;
	bool moved;
	if (!repo_ref_read(run->repo, name, &there, fail))
		return false;
	if (!oid_equal(there, after)) {
		if (!keep_integration(run, before, after, fail) ||
		    !repo_ref_move(run->repo, name, before, after, "orch: merged", &moved, fail))
			return false;
		if (!moved)
			return fail_set(
				fail,
				"%s was moved by somebody else, to %.10s; put it back (git update-ref %s %.10s), then "
				"`orch resume`",
				name, there.hex, name, before.hex);
	}
	run->row.integration = after;
	return true;
}

bool effect_land(struct effect *effect, struct oid integration, struct str *refused,
		 struct fail *fail)
{
	struct land_outcome outcome;
	struct fail why;
	(void)integration;
	(void)fail;
	*refused = (struct str){ 0 };
	effect->unlanded = !land_run(effect->run, &outcome, &why);
	if (effect->unlanded)
		*refused = arena_copy(&effect->run->arena, str_from(why.text));
	return true;
}
