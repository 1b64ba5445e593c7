/* resume.c — orch resume: a run that was interrupted goes on. */
#include "cmd/orch/carry.h"
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/admit.h"

static int resume(struct run *run, const struct command_line *line, int64_t id)
{
	struct fail fail;
	struct carry carry = { .resumed = true };
	if (!run_find_repository(run, ".", &fail) ||
	    !admit_place(&run->arena, run->repo, command_value(line, "--any-file-system"),
			 &carry.weak, &fail) ||
	    !run_take(run, "orch resume", &fail) || !run_load(run, id, &fail))
		return talk_failure(&fail);
	if (run->row.ended)
		return carry_report(run, line, run->row.succeeded ? STATUS_MERGED : STATUS_FAILED);
	return admit_programs(&run->arena, run->schedule, run->root, &fail)
		       ? carry_out(run, line, carry)
		       : talk_failure(&fail);
}

static int run_resume(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	uint64_t floor, budget;
	int64_t id;
	if (!talk_limits(line, &floor, &budget))
		return STATUS_USAGE;
	if (!talk_run_number(line, 0, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[0]));
	int status = resume(&run, line, id);
	run_close(&run);
	return status;
}

static const struct command_option resume_options[] = { COMMANDS_FLOOR, COMMANDS_BUDGET,
							COMMANDS_ANY_FILE_SYSTEM, COMMANDS_JSON };
const struct command resume_command = {
	"resume",
	"[RUN]",
	0,
	1,
	"go on with a run that was interrupted",
	"What is recorded is not done again. Without a number: the last run.\n",
	resume_options,
	sizeof resume_options / sizeof *resume_options,
	run_resume,
	true,
};
