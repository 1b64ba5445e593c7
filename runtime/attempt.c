/* attempt.c — see attempt.h and attempt_inside.h: the strand from its start commit to its record. */
#include "runtime/attempt_inside.h"

#include "common/file.h"
#include "runtime/gate.h"
#include "runtime/keep.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/stale.h"
#include "schedule/image.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_IMAGE = 1 << 30, TRIES = 5 };

bool attempt_schedule(struct arena *arena, const char *run_folder, struct schedule **schedule,
		      struct fail *fail)
{
	struct str bytes;
	return file_read(arena, place_in(arena, run_folder, "schedule.orchb"), LARGEST_IMAGE,
			 &bytes, fail) &&
	       image_read(arena, bytes, schedule, fail);
}

/* A commit of a tree on top of the start. */
static bool commit(struct attempt *attempt, struct oid tree, const char *subject, struct oid *id,
		   struct fail *fail)
{
	struct str message = arena_format(attempt->arena, "%.*s: %s\n\nPlan %.*s, attempt %u.\n",
					  STR_ARG(attempt->agent->name), subject,
					  STR_ARG(attempt->schedule->plan.name),
					  attempt->orders->attempt);
	bool whole;
	const struct repo_commit made = { .tree = tree,
					  .parents = &attempt->orders->start,
					  .parent_n = 1,
					  .message = message.at,
					  .time = time(NULL) };
	struct str note = place_note(attempt->arena, place_number(attempt->orders->run_folder));
	/* libgit2 makes no commit of a tree that is gone. */
	attempt->vanished = !repo_there(attempt->repo, tree);
	if (!attempt->vanished &&
	    (!repo_commit_write(attempt->repo, &made, id, fail) ||
	     !repo_shelter(attempt->repo, *id, &attempt->orders->start, 1, note, &whole, fail)))
		return false;
	attempt->vanished = attempt->vanished || !whole;
	return !attempt->vanished ||
	       fail_set(
		       fail,
		       "what was just written to %s was removed again and again (git gc --prune=now, or "
		       "git prune?)",
		       repo_git_dir(attempt->repo));
}

static bool take(struct attempt *attempt, struct fail *fail)
{
	return harvest_take(attempt->arena, attempt->repo, attempt->schedule,
			    attempt->orders->agent, &attempt->tree, &attempt->harvest, fail);
}

/* The harvest, and its commit, which nobody can remove from then on: the tests may take long. */
static bool take_result(struct attempt *attempt, struct fail *fail)
{
	struct str title = attempt->agent->title.n ? attempt->agent->title : STR("its work");
	for (int i = 0; i < TRIES; i++) {
		attempt->vanished = false;
		attempt->result = attempt->orders->start;
		if (!take(attempt, fail))
			return false;
		if (oid_equal(attempt->harvest.tree, attempt->harvest.start_tree) ||
		    commit(attempt, attempt->harvest.tree, arena_copy(attempt->arena, title).at,
			   &attempt->result, fail))
			return true;
		if (!attempt->vanished)
			return false;
	}
	return false;
}

/* All that the tree holds, as a commit; none when nothing was changed. */
static bool keep_state(struct attempt *attempt, struct oid *id, struct fail *fail)
{
	struct harvest *harvest = &attempt->harvest;
	bool good = false;
	attempt->vanished = true;
	for (int i = 0; !good && attempt->vanished && i < TRIES; i++) {
		attempt->vanished = false;
		*id = (struct oid){ "" };
		if ((i || oid_none(harvest->start_tree)) && !take(attempt, fail))
			return false;
		struct oid tree = oid_none(harvest->stray_tree) ? harvest->tree
								: harvest->stray_tree;
		good = oid_equal(tree, harvest->start_tree) ||
		       commit(attempt, tree, "unfinished work", id, fail);
	}
	return good;
}

/* Locks of refs that a node left behind which was killed; this one holds the agent's lock. */
static bool clear_locks(struct attempt *attempt, struct fail *fail)
{
	struct arena *arena = attempt->arena;
	int64_t run = place_number(attempt->orders->run_folder);
	const char *lost = place_agent_ref(arena, run, "lost", attempt->agent->name);
	return stale_clear_below(attempt->repo, lost, fail) &&
	       (attempt->tree.isolation != SCHEDULE_WORKTREE ||
		stale_clear_ref(attempt->repo, place_branch(arena, attempt->agent->branch),
				attempt->orders->start, false, fail));
}

static bool do_prepare(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	(void)operand;
	attempt_step_input(attempt, str_from(attempt->orders->start.hex));
	attempt->step_output = str_from(attempt->orders->start.hex);
	const struct keep_place place = { attempt->arena, attempt->repo, attempt->schedule,
					  attempt->orders->agent, attempt->orders->run_folder };
	if (!clear_locks(attempt, &fail) || !keep_away(&place, &attempt->tree, &fail) ||
	    !tree_prepare(attempt->repo, &attempt->tree, &fail))
		return attempt_step_not_set_up(attempt, &fail);
	attempt->tree_ready = true;
	return true;
}

static bool do_harvest(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	struct record *record = &attempt->record;
	(void)operand;
	attempt_step_input(attempt, str_from(attempt->orders->start.hex));
	if (!take_result(attempt, &fail))
		return attempt_step_failed(attempt, RECORD_WORLD, &fail);
	attempt->step_output = str_from(attempt->harvest.tree.hex);
	for (size_t i = 0; i < attempt->harvest.n; i++) {
		const struct harvest_change *change = &attempt->harvest.at[i];
		if (!change->owned || change->refused)
			continue;
		if (!change->mode_before)
			record->added++;
		else if (!change->mode_after)
			record->deleted++;
		else
			record->changed++;
	}
	return true;
}

/* What the agent's linked work tree has in common with the main checkout: a change there is a
 * stray. */
static bool judge_shared(struct attempt *attempt, struct gate *gate, struct fail *fail)
{
	struct guard after;
	if (!guard_take(attempt->arena, attempt->repo, attempt->schedule, &after, fail))
		return false;
	struct str_list shared = guard_compare(attempt->arena, &attempt->guard, &after);
	struct gate_finding *all = ARENA_MANY(attempt->arena, gate->n + shared.n,
					      struct gate_finding);
	if (gate->n)
		memcpy(all, gate->at, gate->n * sizeof *all);
	for (size_t i = 0; i < shared.n; i++)
		all[gate->n + i] = (struct gate_finding){ .kind = GATE_STRAY,
							  .text = shared.at[i],
							  .advice = shared.at[i] };
	*gate = (struct gate){ all, gate->n + shared.n };
	return true;
}

static const char *attempt_file(const struct attempt *attempt, const char *kind)
{
	return place_attempt(attempt->arena, attempt->orders->run_folder, attempt->agent->name,
			     attempt->orders->attempt, kind);
}

static void note_findings(struct attempt *attempt, const struct gate_finding *findings, size_t n)
{
	struct str *texts = ARENA_MANY(attempt->arena, n, struct str),
		   *advice = ARENA_MANY(attempt->arena, n, struct str);
	for (size_t i = 0; i < n; i++) {
		texts[i] = findings[i].text;
		advice[i] = findings[i].advice;
	}
	attempt->record.findings = (struct str_list){ texts, n };
	attempt->record.advice = (struct str_list){ advice, n };
}

static bool do_gate(struct attempt *attempt, uint32_t operand)
{
	static const enum record_reason reasons[] = {
		[GATE_STRAY] = RECORD_STRAY,  [GATE_REFUSED] = RECORD_STRAY,
		[GATE_FOLDER] = RECORD_STRAY, [GATE_CREATES] = RECORD_CREATES,
		[GATE_EMPTY] = RECORD_EMPTY,
	};
	struct gate gate = { 0 };
	struct fail fail;
	(void)operand;
	attempt_step_input(attempt, str_from(attempt->harvest.tree.hex));
	gate_judge(attempt->arena, attempt->schedule, attempt->orders->agent, &attempt->harvest,
		   &gate);
	if (attempt->tree.isolation == SCHEDULE_WORKTREE && !judge_shared(attempt, &gate, &fail))
		return attempt_step_failed(attempt, RECORD_WORLD, &fail);
	if (!gate.n)
		return true;
	size_t first = 0;
	for (size_t i = 0; i < gate.n; i++)
		if (reasons[gate.at[i].kind] < reasons[gate.at[first].kind])
			first = i;
	note_findings(attempt, gate.at, gate.n);
	attempt->step_output = arena_format(attempt->arena, "%zu findings", gate.n);
	struct str message = gate.at[first].text;
	if (gate.n > 1) {
		struct str all = str_from(attempt_file(attempt, "json"));
		message = arena_format(attempt->arena, "%.*s; and %zu more: %.*s", STR_ARG(message),
				       gate.n - 1,
				       STR_ARG(place_shown(all, repo_root(attempt->repo))));
	}
	return attempt_step_ended(attempt, reasons[gate.at[first].kind], message);
}

static bool do_check(struct attempt *attempt, uint32_t operand)
{
	return attempt_step_command(attempt, operand, "test", RECORD_TEST);
}

static bool do_record(struct attempt *attempt, uint32_t operand)
{
	(void)operand;
	attempt_step_input(attempt, str_from(attempt->harvest.tree.hex));
	attempt->record.commit = attempt->result;
	attempt->step_output = str_from(attempt->record.commit.hex);
	return true;
}

static bool (*const instructions[OP_COUNT])(struct attempt *, uint32_t operand) = {
	[OP_PREPARE] = do_prepare, [OP_COPY] = attempt_setup_copy,     [OP_LINK] = attempt_setup_link,
	[OP_SETUP] = attempt_setup,     [OP_LAUNCH] = attempt_launch, [OP_HARVEST] = do_harvest,
	[OP_GATE] = do_gate,       [OP_CHECK] = do_check,   [OP_RECORD] = do_record,
};

/* In the tree of the last attempt these are done. */
static bool done_before(const struct attempt *attempt, enum op op)
{
	return !attempt->orders->fresh &&
	       (op == OP_PREPARE || op == OP_COPY || op == OP_LINK || op == OP_SETUP);
}

static void interpret(struct attempt *attempt)
{
	for (uint32_t pc = 0; pc < attempt->agent->code.n; pc++) {
		struct instruction instruction = attempt->agent->code.at[pc];
		if (done_before(attempt, instruction.op))
			continue;
		if (watch_over(attempt->place.watch)) {
			attempt->orphaned = attempt->place.watch->orphaned;
			attempt_step_ended(attempt, RECORD_STOPPED, STR("it was stopped"));
			return;
		}
		BUG_IF(!instructions[instruction.op],
		       "an instruction of the plan in an agent's strand");
		int64_t began = watch_now();
		attempt->step_input = attempt->step_output = (struct str){ 0 };
		attempt_step_say(attempt, op_info(instruction.op)->name);
		bool more = instructions[instruction.op](attempt, instruction.operand);
		*VEC_ADD(attempt->arena, &attempt->steps) = (struct record_step){
			.op = instruction.op,
			.pc = pc,
			.input = attempt->step_input,
			.output = attempt->step_output,
			.ms = (uint64_t)(watch_now() - began),
		};
		if (!more)
			return;
	}
}

/* One that ended before the gate may have strayed as well, and the next attempt is in the same
 * tree. What it has not done yet is no finding. */
static void note_strays(struct attempt *attempt)
{
	struct gate gate = { 0 };
	size_t n = 0;
	if (oid_none(attempt->harvest.start_tree) || attempt->record.findings.n)
		return;
	gate_judge(attempt->arena, attempt->schedule, attempt->orders->agent, &attempt->harvest,
		   &gate);
	for (size_t i = 0; i < gate.n; i++)
		if (gate.at[i].kind != GATE_CREATES && gate.at[i].kind != GATE_EMPTY)
			gate.at[n++] = gate.at[i];
	note_findings(attempt, gate.at, n);
}

/* Failed with changes: they are kept. That they cannot be is said beside the reason, not instead of
 * it. */
static void keep_strays(struct attempt *attempt)
{
	struct record *record = &attempt->record;
	struct fail fail;
	if (record->reason == RECORD_NONE || !attempt->tree_ready ||
	    !file_there(attempt->tree.manifest))
		return;
	if (!keep_state(attempt, &record->stray, &fail))
		record->message = arena_format(
			attempt->arena,
			"%.*s; and what it changed could not be kept as a commit (%s), it is in %s",
			STR_ARG(record->message), fail.text, attempt->tree.work_dir);
	note_strays(attempt);
}

static bool prepare(struct attempt *attempt, int *lock, struct fail *fail)
{
	const struct attempt_orders *orders = attempt->orders;
	if (!attempt_schedule(attempt->arena, orders->run_folder, &attempt->schedule, fail))
		return false;
	if (orders->agent >= attempt->schedule->agent_n)
		return fail_set(fail, "the schedule in %s has no agent number %u",
				orders->run_folder, orders->agent);
	attempt->agent = &attempt->schedule->agent[orders->agent];
	attempt->tree = place_tree(attempt->arena, orders->run_folder, attempt->agent,
				   orders->start);
	attempt->tree_ready = !orders->fresh;
	attempt->place.schedule = attempt->schedule;
	attempt->place.tree = &attempt->tree;
	attempt->place.who = attempt->agent;
	attempt->place.folder =
		place_agent(attempt->arena, orders->run_folder, attempt->agent->name, "");
	attempt->place.level = orders->level;
	attempt->record.agent = orders->agent;
	attempt->record.attempt = orders->attempt;
	attempt->record.start = orders->start;
	attempt->record.sandbox = str_from(sandbox_name(orders->level));
	attempt->record.exit_status = -1;
	/* The node of an attempt that was cut off may still be ending its processes in this
	 * tree. */
	if (!pool_hold(place_agent(attempt->arena, orders->run_folder, attempt->agent->name,
				   "lock"),
		       attempt->place.watch, lock, fail) ||
	    !repo_open(orders->run_folder, &attempt->repo, fail))
		return false;
	attempt->place.git_dir = repo_git_dir(attempt->repo);
	return true;
}

bool attempt_run(const struct attempt_orders *orders, struct watch *watch, bool *recorded,
		 struct fail *fail)
{
	struct arena arena = { 0 };
	struct attempt attempt = {
		.orders = orders,
		.arena = &arena,
		.place = { .attempt = orders->attempt,
			   .slot = orders->slot,
			   .base = orders->start,
			   .run_folder = orders->run_folder,
			   .environ = orders->environ,
			   .watch = watch,
			   .grace = orders->grace },
	};
	int lock = -1;
	int64_t began = watch_now();
	bool good = prepare(&attempt, &lock, fail);
	*recorded = false;
	if (good && lock < 0)
		attempt.tree_ready = false; /* it is another's still */
	if (good) {
		interpret(&attempt);
		attempt_launch_give_pools(&attempt);
		attempt.orphaned = attempt.orphaned || (watch_over(watch) && watch->orphaned);
	}
	if (good && !attempt.orphaned) {
		keep_strays(&attempt);
		attempt.record.step = attempt.steps.at;
		attempt.record.step_n = attempt.steps.n;
		attempt.record.ms = (uint64_t)(watch_now() - began);
		good = record_write(place_attempt(&arena, orders->run_folder, attempt.agent->name,
						  orders->attempt, "json"),
				    &attempt.record, fail);
		*recorded = good;
	}
	repo_close(attempt.repo);
	if (lock >= 0)
		close(lock);
	arena_release(&arena);
	return good;
}
