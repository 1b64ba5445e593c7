/* commands.h — what orch can do: a row for each command, in the file of its name. */
#ifndef CMD_ORCH_COMMANDS_H
#define CMD_ORCH_COMMANDS_H

#include "common/command.h"

enum {
	STATUS_MERGED,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_WORLD,
	STATUS_INTERRUPTED = 130
};
#define COMMANDS_FLOOR { "--floor", 0, "SIZE", NULL, "start agents only with so much room on the disk (256M)" }
#define COMMANDS_BUDGET { "--budget", 0, "USD", NULL, "what the run may spend in all, instead of the plan's budget (30.00)" }
#define COMMANDS_ANY_FILE_SYSTEM \
	{ "--any-file-system", 0, NULL, NULL, "also on one that cannot keep what orch promises" }
#define COMMANDS_JSON { "--json", 0, NULL, NULL, "a line of JSON for each event or agent" }

extern const struct command init_command, exec_command, resume_command, status_command, logs_command,
	land_command, report_command, diff_command, rollback_command, retry_command, stop_command, gc_command, doctor_command;

#endif
