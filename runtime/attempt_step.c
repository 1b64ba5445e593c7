/* attempt_step.c — what the instructions of an agent's strand share: how one ends, and its commands. */
#include "runtime/attempt_inside.h"

#include "runtime/place.h"

#include <unistd.h>

bool attempt_step_ended(struct attempt *attempt, enum record_reason reason, struct str message)
{
	attempt->record.reason = reason;
	attempt->record.message = arena_copy(attempt->arena, message);
	return false;
}

bool attempt_step_failed(struct attempt *attempt, enum record_reason reason, const struct fail *fail)
{
	return attempt_step_ended(attempt, reason, str_from(fail->text));
}

/* The end of a program that did not succeed. */
bool attempt_step_task_failed(struct attempt *attempt, enum record_reason reason, const char *who,
			const struct task_end *end)
{
	attempt->record.output = end->output;
	attempt->orphaned = end->orphaned;
	return attempt_step_ended(attempt, reason,
		     arena_format(attempt->arena, "%s %.*s", who, STR_ARG(end->what)));
}

void attempt_step_input(struct attempt *attempt, struct str input)
{
	struct oid hash = repo_blob_name(input);
	attempt->step_input = arena_copy(attempt->arena, str_from(hash.hex));
}

void attempt_step_say(const struct attempt *attempt, const char *word)
{
	struct str line = arena_format(attempt->arena, "%s\n", word);
	/* Nobody may be reading any more; that is noticed elsewhere. */
	ssize_t n = write(attempt->orders->progress, line.at, line.n);
	(void)n;
}

/* The plan's mistake, or this machine's failure. */
bool attempt_step_not_set_up(struct attempt *attempt, const struct fail *fail)
{
	return attempt_step_failed(attempt, fail_of_machine(fail->error) ? RECORD_WORLD : RECORD_SETUP, fail);
}

void attempt_step_clock(struct attempt *attempt)
{
	if (attempt->agent->timeout && !attempt->place.deadline)
		attempt->place.deadline = watch_now() + (int64_t)attempt->agent->timeout * 1000;
}

bool attempt_step_command(struct attempt *attempt, uint32_t operand, const char *what,
		    enum record_reason reason)
{
	struct task_end end;
	struct fail fail;
	struct str words = task_words(attempt->arena, &attempt->schedule->command[operand]);
	const char *kind = arena_format(attempt->arena, "%s-%u.log", what, ++attempt->checks).at;
	attempt_step_input(attempt, words);
	if (!task_command(attempt->arena, &attempt->place, operand,
			  place_attempt(attempt->arena, attempt->orders->run_folder,
					attempt->agent->name, attempt->orders->attempt, kind),
			  &end, &fail))
		return attempt_step_failed(attempt, RECORD_WORLD, &fail);
	attempt->step_output = arena_format(attempt->arena, "%d", end.exit_status);
	if (end.reason == RECORD_NONE)
		return true;
	if (end.reason != RECORD_EXIT && end.reason != RECORD_COMMAND)
		reason = end.reason;
	return attempt_step_task_failed(attempt, reason,
			   arena_format(attempt->arena, "its %s \"%.*s\"", what, STR_ARG(words)).at,
			   &end);
}
