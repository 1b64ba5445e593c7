/* attempt_launch.c — the agent's program runs, from its first word to its end, and what it does is told. */
#include "runtime/attempt_inside.h"

#include "common/file.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/session.h"
#include "runtime/visible.h"

#include <string.h>
#include <unistd.h>

enum { LARGEST_FEEDBACK = 1 << 20, TELL_MS = 250, COUNT_MS = 1000, COUNT_SHARE = 50 };

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
			return attempt_step_failed(attempt, RECORD_WORLD, &fail);
		if (!taken) {
			attempt->orphaned = attempt->place.watch->orphaned;
			return attempt_step_ended(attempt, RECORD_STOPPED,
				     STR("it was stopped while it waited for a pool"));
		}
	}
	/* Waiting for others is not the agent's time. */
	if (attempt->place.deadline)
		attempt->place.deadline += watch_now() - began;
	attempt_step_clock(attempt);
	return true;
}

void attempt_launch_give_pools(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->pools.n; i++)
		if (attempt->pools.at[i] >= 0)
			close(attempt->pools.at[i]);
	attempt->pools.n = 0;
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
	attempt_step_say(attempt, arena_format(attempt->arena, ATTEMPT_FILES "%zu", n).at);
}

/* For displays: what the program does, four times a second at most. */
static void tell_line(void *self, const struct events_line *line, struct str raw)
{
	struct attempt *attempt = self;
	(void)raw;
	if (line->json && !attempt->spoke)
		attempt_step_say(attempt, ATTEMPT_BEGAN);
	attempt->spoke |= line->json;
	tell_files(attempt);
	int64_t now = watch_now();
	if (!line->did.n || now < attempt->told_at + TELL_MS)
		return;
	attempt->told_at = now;
	struct text words = { 0 };
	text_add(&words, STR(ATTEMPT_DID));
	visible_add(&words, line->did, false);
	attempt_step_say(attempt, words.at);
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

bool attempt_launch(struct attempt *attempt, uint32_t operand)
{
	struct task_end end;
	struct fail fail;
	(void)operand;
	attempt_step_input(attempt, attempt->agent->prompt);
	if (!take_pools(attempt))
		return false;
	bool linked = attempt->tree.isolation == SCHEDULE_WORKTREE;
	bool good = (!linked || guard_take(attempt->arena, attempt->repo, attempt->schedule,
					   &attempt->guard, &fail)) &&
		    converse(attempt, &end, &fail);
	attempt_launch_give_pools(attempt);
	if (!good)
		return attempt_step_failed(attempt, RECORD_WORLD, &fail);
	attempt->record.exit_status = end.exit_status;
	attempt->record.signal = end.signal;
	attempt->step_output = arena_format(attempt->arena, "%d", end.exit_status);
	const struct schedule_runner *runner = &attempt->schedule->runner[attempt->agent->runner];
	if (end.reason == RECORD_COMMAND)
		return attempt_step_task_failed(attempt, RECORD_COMMAND,
				   arena_format(attempt->arena, "its program %.*s (runner %.*s)",
						STR_ARG(runner->words.at[0]), STR_ARG(runner->name))
					   .at,
				   &end);
	return end.reason == RECORD_NONE || attempt_step_task_failed(attempt, end.reason, "its program", &end);
}
