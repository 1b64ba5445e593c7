/* revert.c — see revert.h. An inverse merge: from the result back to its start, applied to what the
 * branch has. In the reverse order of merging, so that each finds what it was put upon. */
#include "runtime/revert.h"

#include "runtime/merge.h"
#include "runtime/state.h"

#include <stdlib.h>
#include <time.h>

static bool is_merged(const struct machine_memory *memory)
{
	return memory->state && str_is(str_from(memory->state), state_name(STATE_MERGED));
}

/* Was it reverted before, by a rollback that was cut off? */
static bool was_reverted(struct run *run, const struct machine_memory *memory, struct oid branch,
			 bool *was, struct fail *fail)
{
	struct oid pinned;
	*was = false;
	if (oid_none(memory->revert) || oid_none(branch))
		return true;
	/* Without its ref it was never more than planned, and may be gone. */
	if (!repo_ref_read(run->repo,
			   place_commit_ref(&run->arena, run->row.id, "earlier", STR("revert"),
					    memory->revert),
			   &pinned, fail))
		return false;
	return oid_none(pinned) || repo_is_ancestor(run->repo, memory->revert, branch, was, fail);
}

static bool is_on_branch(struct run *run, const struct machine_memory *memory, struct oid branch,
			 bool *is, struct fail *fail)
{
	bool reverted;
	*is = false;
	if (!is_merged(memory) || oid_equal(memory->start, memory->result))
		return true;
	if (!repo_is_ancestor(run->repo, memory->result, branch, is, fail) ||
	    !was_reverted(run, memory, branch, &reverted, fail))
		return false;
	*is = *is && !reverted;
	/* Or by hand, as a refusal says to do. */
	if (*is && !repo_reverted(run->repo, memory->merged, branch, &reverted, fail))
		return false;
	*is = *is && !reverted;
	return true;
}

/* One agent's commit on top of `after`; none when the branch has nothing of it any more. */
static bool add_commit(struct run *run, uint32_t agent, const struct machine_memory *memory,
		       struct revert *revert, struct fail *fail)
{
	const struct schedule_agent *of = &run->schedule->agent[agent];
	struct oid start, result, there, tree;
	struct str conflict;
	if (!repo_commit_tree(run->repo, memory->start, &start, fail) ||
	    !repo_commit_tree(run->repo, memory->result, &result, fail) ||
	    !repo_commit_tree(run->repo, revert->after, &there, fail) ||
	    !merge_trees(&run->arena, run->repo, result, there, start, &tree, &conflict, fail))
		return false;
	if (conflict.n)
		return fail_set(
			fail,
			"%.*s was changed on %.*s since the work of `%.*s` landed, so that cannot be taken out from under "
			"it; nothing was changed. By hand: git revert -m 1 %.10s, then `%s`",
			STR_ARG(conflict), STR_ARG(revert->branch), STR_ARG(of->name),
			memory->merged.hex, revert->move.command);
	if (oid_equal(tree, there))
		return true;
	struct str message = arena_format(
		&run->arena, "Revert %.*s%s%.*s\n\nRolled back in run %lld of the plan %.*s.\n",
		STR_ARG(of->name), of->title.n ? ": " : "", STR_ARG(of->title),
		(long long)run->row.id, STR_ARG(run->row.plan));
	const struct oid parent = revert->after;
	revert->n++;
	return repo_commit_write(run->repo,
				 &(struct repo_commit){ .tree = tree,
							.parents = &parent,
							.parent_n = 1,
							.message = message.at,
							.time = time(NULL) },
				 &revert->after, fail);
}

/* The agent among `left` that was merged last; SCHEDULE_NONE: there is none. */
static uint32_t last_merged(const struct run *run, const struct machine_memory *memory,
			    const bool *left)
{
	uint32_t last = SCHEDULE_NONE;
	for (uint32_t i = 0; i < run->schedule->agent_n; i++)
		if (left[i] &&
		    (last == SCHEDULE_NONE || memory[i].merge_number > memory[last].merge_number))
			last = i;
	return last;
}

static bool find_branch(struct run *run, const char *command, struct move *move, struct fail *fail)
{
	*move = (struct move){
		.run = run,
		.command = command,
		.instead = arena_format(&run->arena, "Check something else out there, then `%s`",
					command)
				   .at,
	};
	return !run->row.base_branch.n || move_find(move, fail);
}

bool revert_plan(struct run *run, const struct machine_memory *memory, const bool *take,
		 const char *command, struct revert *revert, struct fail *fail)
{
	size_t agents = run->schedule->agent_n;
	bool *left = ARENA_MANY(&run->arena, agents + 1, bool), *all;
	*revert = (struct revert){ 0 };
	all = ARENA_MANY(&run->arena, agents + 1, bool);
	if (!find_branch(run, command, &revert->move, fail))
		return false;
	revert->branch = revert->move.shown;
	revert->before = revert->after = revert->move.before;
	if (oid_none(revert->before))
		return true;
	for (size_t i = 0; i < agents; i++) {
		if (take[i] && !is_on_branch(run, &memory[i], revert->before, &left[i], fail))
			return false;
		all[i] = left[i];
	}
	revert->agent = all;
	for (uint32_t agent; (agent = last_merged(run, memory, left)) != SCHEDULE_NONE;) {
		left[agent] = false;
		if (!add_commit(run, agent, &memory[agent], revert, fail))
			return false;
	}
	return !revert->n || move_may(&revert->move, revert->after, fail);
}

/* The journal knows which commits are to take which agents back, before the branch has them. */
static bool journal(struct run *run, const struct revert *revert, struct fail *fail)
{
	struct world_row *rows = ARENA_MANY(&run->arena, run->schedule->agent_n, struct world_row);
	size_t n = 0;
	for (uint32_t i = 0; i < run->schedule->agent_n; i++)
		if (revert->agent[i])
			rows[n++] = (struct world_row){ .agent = i,
							.pc = SCHEDULE_NONE,
							.input = str_from(revert->before.hex),
							.output = str_from(revert->after.hex),
							.message = STR("to be reverted") };
	return store_append(run->store, run->row.id, time(NULL), rows, n, fail) &&
	       store_reopen(run->store, run->row.id, fail);
}

bool revert_make(struct run *run, struct revert *revert, struct fail *fail)
{
	if (!revert->n)
		return !run->row.base_branch.n || move_finish(&revert->move, fail);
	const char *reason =
		arena_format(&run->arena, "orch: run %lld rolled back", (long long)run->row.id).at;
	revert->move.ours = revert->after;
	return run_pin_ref(run,
			   place_commit_ref(&run->arena, run->row.id, "earlier", STR("revert"),
					    revert->after),
			   revert->after, fail) &&
	       journal(run, revert, fail) && move_make(&revert->move, revert->after, reason, fail);
}

bool revert_pending(struct run *run, const struct machine_memory *memory, bool **undo,
		    struct fail *fail)
{
	bool *pending = ARENA_MANY(&run->arena, run->schedule->agent_n + 1, bool);
	struct move move;
	*undo = NULL;
	if (!find_branch(run, "orch resume", &move, fail))
		return false;
	for (size_t i = 0; i < run->schedule->agent_n; i++) {
		if (is_merged(&memory[i]) &&
		    !was_reverted(run, &memory[i], move.before, &pending[i], fail))
			return false;
		if (pending[i])
			*undo = pending;
	}
	/* What comes after another of them is undone because of that. */
	for (size_t i = run->schedule->agent_n; i-- > 0;)
		for (size_t j = 0; j < run->schedule->agent[i].after.n; j++)
			pending[i] = pending[i] && !pending[run->schedule->agent[i].after.at[j]];
	return !*undo || move_finish(&move, fail);
}
