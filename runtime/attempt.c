/* attempt.c — see attempt.h. One small do_… for each instruction; each says whether to go on, and
 * if not, has written into the record why. */
#include "runtime/attempt.h"

#include "common/file.h"
#include "common/text.h"
#include "common/vec.h"
#include "runtime/gate.h"
#include "runtime/guard.h"
#include "runtime/keep.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/session.h"
#include "runtime/setup.h"
#include "runtime/stale.h"
#include "runtime/task.h"
#include "runtime/touched.h"
#include "runtime/visible.h"
#include "schedule/image.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_IMAGE = 1 << 30, LARGEST_FEEDBACK = 1 << 20, TRIES = 5, TELL_MS = 250, COUNT_MS = 1000, COUNT_SHARE = 50 };

struct attempt {
	const struct attempt_orders *orders;
	struct arena *arena;
	struct schedule *schedule;
	const struct schedule_agent *agent;
	struct repo *repo;
	struct tree_orders tree;
	struct task_place place;
	struct harvest harvest;
	struct oid result;  /* its commit */
	bool vanished;      /* somebody removed what commit() had just written */
	struct guard guard; /* of a linked work tree, from before its program ran */
	struct record record;
	VEC(struct record_step) steps;
	VEC(int) pools;                     /* held until the agent's program has ended */
	struct str step_input, step_output; /* of the instruction that is carried out */
	uint32_t checks;                    /* so far, for the names of logs */
	bool tree_ready, orphaned;
	bool spoke;      /* the program has printed an event */
	int64_t told_at; /* when what it does was last told */
	struct touched touched;
	int64_t count_at; /* when its files are counted next */
};

bool attempt_schedule(struct arena *arena, const char *run_folder, struct schedule **schedule,
		      struct fail *fail)
{
	struct str bytes;
	return file_read(arena, place_in(arena, run_folder, "schedule.orchb"), LARGEST_IMAGE,
			 &bytes, fail) &&
	       image_read(arena, bytes, schedule, fail);
}

static bool ended(struct attempt *attempt, enum record_reason reason, struct str message)
{
	attempt->record.reason = reason;
	attempt->record.message = arena_copy(attempt->arena, message);
	return false;
}

static bool failed(struct attempt *attempt, enum record_reason reason, const struct fail *fail)
{
	return ended(attempt, reason, str_from(fail->text));
}

/* The end of a program that did not succeed. */
static bool task_failed(struct attempt *attempt, enum record_reason reason, const char *who,
			const struct task_end *end)
{
	attempt->record.output = end->output;
	attempt->orphaned = end->orphaned;
	return ended(attempt, reason,
		     arena_format(attempt->arena, "%s %.*s", who, STR_ARG(end->what)));
}

static void note_input(struct attempt *attempt, struct str input)
{
	struct oid hash = repo_blob_name(input);
	attempt->step_input = arena_copy(attempt->arena, str_from(hash.hex));
}

static void say(const struct attempt *attempt, const char *word)
{
	struct str line = arena_format(attempt->arena, "%s\n", word);
	/* Nobody may be reading any more; that is noticed elsewhere. */
	ssize_t n = write(attempt->orders->progress, line.at, line.n);
	(void)n;
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

/* The plan's mistake, or this machine's failure. */
static bool not_set_up(struct attempt *attempt, const struct fail *fail)
{
	return failed(attempt, fail_of_machine(fail->error) ? RECORD_WORLD : RECORD_SETUP, fail);
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
	note_input(attempt, str_from(attempt->orders->start.hex));
	attempt->step_output = str_from(attempt->orders->start.hex);
	const struct keep_place place = { attempt->arena, attempt->repo, attempt->schedule,
					  attempt->orders->agent, attempt->orders->run_folder };
	if (!clear_locks(attempt, &fail) || !keep_away(&place, &attempt->tree, &fail) ||
	    !tree_prepare(attempt->repo, &attempt->tree, &fail))
		return not_set_up(attempt, &fail);
	attempt->tree_ready = true;
	return true;
}

static bool do_copy(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	note_input(attempt, attempt->schedule->strings.at[operand]);
	return tree_copy(repo_root(attempt->repo), &attempt->tree,
			 attempt->schedule->strings.at[operand], &fail) ||
	       not_set_up(attempt, &fail);
}

static bool do_link(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	note_input(attempt, attempt->schedule->strings.at[operand]);
	return tree_link(repo_root(attempt->repo), &attempt->tree,
			 attempt->schedule->strings.at[operand], &fail) ||
	       not_set_up(attempt, &fail);
}

static void begin_clock(struct attempt *attempt)
{
	if (attempt->agent->timeout && !attempt->place.deadline)
		attempt->place.deadline = watch_now() + (int64_t)attempt->agent->timeout * 1000;
}

/* The agent's own pools are held while its program runs, and taken in one order by all. A setup or
 * a test holds its own pool only; so nobody who holds a place waits for another. */
static bool take_pools(struct attempt *attempt)
{
	struct fail fail;
	bool taken;
	int64_t began = watch_now();
	for (size_t i = 0; i < attempt->agent->pools.n; i++) {
		int *held = VEC_ADD(attempt->arena, &attempt->pools);
		if (!pool_take(attempt->orders->run_folder,
			       &attempt->schedule->pool[attempt->agent->pools.at[i]],
			       attempt->place.watch, 0, held, &taken, &fail))
			return failed(attempt, RECORD_WORLD, &fail);
		if (!taken) {
			attempt->orphaned = attempt->place.watch->orphaned;
			return ended(attempt, RECORD_STOPPED,
				     STR("it was stopped while it waited for a pool"));
		}
	}
	/* Waiting for others is not the agent's time. */
	if (attempt->place.deadline)
		attempt->place.deadline += watch_now() - began;
	begin_clock(attempt);
	return true;
}

static void give_pools(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->pools.n; i++)
		if (attempt->pools.at[i] >= 0)
			close(attempt->pools.at[i]);
	attempt->pools.n = 0;
}

/* A setup or a test; `reason` is for a command that ends with a failure. */
static bool command(struct attempt *attempt, uint32_t operand, const char *what,
		    enum record_reason reason)
{
	struct task_end end;
	struct fail fail;
	struct str words = task_words(attempt->arena, &attempt->schedule->command[operand]);
	const char *kind = arena_format(attempt->arena, "%s-%u.log", what, ++attempt->checks).at;
	note_input(attempt, words);
	if (!task_command(attempt->arena, &attempt->place, operand,
			  place_attempt(attempt->arena, attempt->orders->run_folder,
					attempt->agent->name, attempt->orders->attempt, kind),
			  &end, &fail))
		return failed(attempt, RECORD_WORLD, &fail);
	attempt->step_output = arena_format(attempt->arena, "%d", end.exit_status);
	if (end.reason == RECORD_NONE)
		return true;
	if (end.reason != RECORD_EXIT && end.reason != RECORD_COMMAND)
		reason = end.reason;
	return task_failed(attempt, reason,
			   arena_format(attempt->arena, "its %s \"%.*s\"", what, STR_ARG(words)).at,
			   &end);
}

static bool fail_missing(struct attempt *attempt, struct str words, struct str missing)
{
	return ended(attempt, RECORD_SETUP,
		     arena_format(attempt->arena,
				  "its setup \"%.*s\" says that it makes %.*s, and has not",
				  STR_ARG(words), STR_ARG(missing)));
}

/* In the place of what the command would have printed. */
static bool note_kept(struct attempt *attempt, struct str words, const char *folder,
		      struct fail *fail)
{
	const char *kind = arena_format(attempt->arena, "setup-%u.log", ++attempt->checks).at;
	note_input(attempt, words);
	attempt->step_output = STR("kept");
	return file_write(place_attempt(attempt->arena, attempt->orders->run_folder,
					attempt->agent->name, attempt->orders->attempt, kind),
			  arena_format(attempt->arena,
				       "not run: what it makes was kept, in %s\n", folder),
			  0666, fail);
}

/* One whose result is kept: whoever comes first makes it, the others wait and copy. */
static bool kept_setup(struct attempt *attempt, uint32_t operand, const struct setup *setup,
		       struct fail *fail)
{
	struct str words = task_words(attempt->arena, setup->command), missing = { 0 };
	const char *folder;
	bool kept = false, good = true;
	int lock = -1;
	if (!setup_find(attempt->arena, setup, &folder, fail) ||
	    !file_make_folders(place_kept(attempt->arena, setup->root, ""), fail) ||
	    !pool_hold(arena_format(attempt->arena, "%s.lock", folder).at, attempt->place.watch,
		       &lock, fail))
		return failed(attempt, RECORD_WORLD, fail);
	if (lock < 0) {
		attempt->orphaned = attempt->place.watch->orphaned;
		return ended(attempt, RECORD_STOPPED, STR("it was stopped while it waited for a setup"));
	}
	begin_clock(attempt);
	if (!setup_bring(setup, folder, &kept, fail) ||
	    (kept && !note_kept(attempt, words, folder, fail)))
		good = failed(attempt, RECORD_WORLD, fail);
	else if (!kept && (good = command(attempt, operand, "setup", RECORD_SETUP)))
		good = setup_keep(setup, folder, &missing, fail) ||
		       failed(attempt, RECORD_WORLD, fail);
	close(lock);
	return good && (!missing.n || fail_missing(attempt, words, missing));
}

static bool do_setup(struct attempt *attempt, uint32_t operand)
{
	const struct setup setup = { .command = &attempt->schedule->command[operand],
				     .env = attempt->agent->env,
				     .root = repo_root(attempt->repo),
				     .tree = &attempt->tree };
	struct fail fail;
	if (setup.command->makes.n)
		return kept_setup(attempt, operand, &setup, &fail);
	begin_clock(attempt);
	return command(attempt, operand, "setup", RECORD_SETUP);
}

static bool read_feedback(struct attempt *attempt, struct str *feedback, struct fail *fail)
{
	*feedback = (struct str){ 0 };
	return !*attempt->orders->feedback || file_read(attempt->arena, attempt->orders->feedback,
							LARGEST_FEEDBACK, feedback, fail);
}

/* The record of the attempt before, in whose tree this one goes on; attempt 0: there is none. */
static bool read_last(struct attempt *attempt, struct record *last, struct fail *fail)
{
	uint32_t before = attempt->orders->attempt - 1;
	bool found;
	*last = (struct record){ 0 };
	if (attempt->orders->fresh || !before)
		return true;
	return record_read(attempt->arena,
			   place_attempt(attempt->arena, attempt->orders->run_folder,
					 attempt->agent->name, before, "json"),
			   last, &found, fail);
}

/* For displays: once a second at most, and never more than a fiftieth of the time. */
static void tell_files(struct attempt *attempt)
{
	int64_t began = watch_now();
	if (began < attempt->count_at)
		return;
	size_t n = touched_count(&attempt->touched);
	int64_t next = (watch_now() - began) * COUNT_SHARE;
	attempt->count_at = began + (next > COUNT_MS ? next : COUNT_MS);
	say(attempt, arena_format(attempt->arena, ATTEMPT_FILES "%zu", n).at);
}

/* For displays: what the program does, four times a second at most. */
static void tell_line(void *self, const struct events_line *line, struct str raw)
{
	struct attempt *attempt = self;
	(void)raw;
	if (line->json && !attempt->spoke)
		say(attempt, ATTEMPT_BEGAN);
	attempt->spoke |= line->json;
	tell_files(attempt);
	int64_t now = watch_now();
	if (!line->did.n || now < attempt->told_at + TELL_MS)
		return;
	attempt->told_at = now;
	struct text words = { 0 };
	text_add(&words, STR(ATTEMPT_DID));
	visible_add(&words, line->did, false);
	say(attempt, words.at);
	text_release(&words);
}

/* The agent's program, from its first word to its end. */
static bool converse(struct attempt *attempt, struct task_end *end, struct fail *fail)
{
	struct record last;
	struct session session;
	struct task_agent task = { .agent = attempt->orders->agent,
				   .heard = session_heard,
				   .self = &session };
	const struct events_orders orders = { .line = tell_line, .self = attempt };
	task.log = place_attempt(attempt->arena, attempt->orders->run_folder, attempt->agent->name,
				 attempt->orders->attempt, "log");
	if (!read_feedback(attempt, &task.feedback, fail) || !read_last(attempt, &last, fail) ||
	    !session_begin(&session, attempt->arena, attempt->schedule, attempt->agent->runner,
			   last.attempt ? &last : NULL, &orders, fail))
		return false;
	touched_begin(attempt->arena, attempt->agent, attempt->tree.work_dir, &attempt->touched);
	task.session = session.id;
	task.goes_on = session.goes_on;
	bool good = task_agent(attempt->arena, &attempt->place, &task, end, fail);
	if (good)
		session_judge(&session, attempt->arena, end, &attempt->record);
	session_end(&session);
	return good;
}

static bool do_launch(struct attempt *attempt, uint32_t operand)
{
	struct task_end end;
	struct fail fail;
	(void)operand;
	note_input(attempt, attempt->agent->prompt);
	if (!take_pools(attempt))
		return false;
	bool linked = attempt->tree.isolation == SCHEDULE_WORKTREE;
	bool good = (!linked || guard_take(attempt->arena, attempt->repo, attempt->schedule,
					   &attempt->guard, &fail)) &&
		    converse(attempt, &end, &fail);
	give_pools(attempt);
	if (!good)
		return failed(attempt, RECORD_WORLD, &fail);
	attempt->record.exit_status = end.exit_status;
	attempt->record.signal = end.signal;
	attempt->step_output = arena_format(attempt->arena, "%d", end.exit_status);
	const struct schedule_runner *runner = &attempt->schedule->runner[attempt->agent->runner];
	if (end.reason == RECORD_COMMAND)
		return task_failed(attempt, RECORD_COMMAND,
				   arena_format(attempt->arena, "its program %.*s (runner %.*s)",
						STR_ARG(runner->words.at[0]), STR_ARG(runner->name))
					   .at,
				   &end);
	return end.reason == RECORD_NONE || task_failed(attempt, end.reason, "its program", &end);
}

static bool do_harvest(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	struct record *record = &attempt->record;
	(void)operand;
	note_input(attempt, str_from(attempt->orders->start.hex));
	if (!take_result(attempt, &fail))
		return failed(attempt, RECORD_WORLD, &fail);
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
	note_input(attempt, str_from(attempt->harvest.tree.hex));
	gate_judge(attempt->arena, attempt->schedule, attempt->orders->agent, &attempt->harvest,
		   &gate);
	if (attempt->tree.isolation == SCHEDULE_WORKTREE && !judge_shared(attempt, &gate, &fail))
		return failed(attempt, RECORD_WORLD, &fail);
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
	return ended(attempt, reasons[gate.at[first].kind], message);
}

static bool do_check(struct attempt *attempt, uint32_t operand)
{
	return command(attempt, operand, "test", RECORD_TEST);
}

static bool do_record(struct attempt *attempt, uint32_t operand)
{
	(void)operand;
	note_input(attempt, str_from(attempt->harvest.tree.hex));
	attempt->record.commit = attempt->result;
	attempt->step_output = str_from(attempt->record.commit.hex);
	return true;
}

static bool (*const instructions[OP_COUNT])(struct attempt *, uint32_t operand) = {
	[OP_PREPARE] = do_prepare, [OP_COPY] = do_copy,     [OP_LINK] = do_link,
	[OP_SETUP] = do_setup,     [OP_LAUNCH] = do_launch, [OP_HARVEST] = do_harvest,
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
			ended(attempt, RECORD_STOPPED, STR("it was stopped"));
			return;
		}
		BUG_IF(!instructions[instruction.op],
		       "an instruction of the plan in an agent's strand");
		int64_t began = watch_now();
		attempt->step_input = attempt->step_output = (struct str){ 0 };
		say(attempt, op_info(instruction.op)->name);
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
		give_pools(&attempt);
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
