/* retry.c — orch retry: agents of a run that did not succeed run once more. */
#include "cmd/orch/carry.h"
#include "cmd/orch/choose.h"
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/admit.h"
#include "runtime/revert.h"
#include "runtime/undo.h"

static int retry(struct run *run, const struct command_line *line)
{
	struct fail fail;
	struct choose choose;
	struct machine_memory *memory;
	bool *take, *undo;
	int status = choose_agents(run, line, "orch retry", &choose, &memory);
	if (status != STATUS_MERGED)
		return status;
	if (!revert_pending(run, memory, &undo, &fail))
		return talk_failure(&fail);
	if (undo) {
		fail_set(&fail,
			 "a rollback of run %lld was cut off: `orch resume %lld` finishes it",
			 (long long)run->row.id, (long long)run->row.id);
		return talk_failure(&fail);
	}
	if (!undo_select_retry(&run->arena, run->schedule, memory, choose.agent, &take, &fail) ||
	    !admit_programs(&run->arena, run->schedule, run->root, &fail))
		return talk_failure(&fail);
	return carry_out(run, line,
			 (struct carry){ .resumed = true, .retry = take, .weak = choose.weak });
}

static int run_retry(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int status = retry(&run, line);
	run_close(&run);
	return status;
}

static const struct command_option retry_options[] = { COMMANDS_FLOOR, COMMANDS_BUDGET,
						       COMMANDS_ANY_FILE_SYSTEM, COMMANDS_JSON };
const struct command retry_command = {
	"retry",
	"AGENT… [RUN]",
	1,
	COMMAND_OPERANDS_ANY,
	"let agents that did not succeed, or were rolled back, run once more",
	"What was given up because of them runs too; what is merged stays. Their attempts are counted on,\n"
	"and they have all their retries again.\n",
	retry_options,
	sizeof retry_options / sizeof *retry_options,
	run_retry,
	true,
};
