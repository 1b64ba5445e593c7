/* status.c — orch status: what came of a run. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/report.h"

#include <unistd.h>

static int run_status(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	struct report what;
	struct text out = { 0 };
	struct fail fail;
	int64_t id;
	int status = STATUS_WORLD;
	if (!talk_run_number(line, 0, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[0]));
	if (!talk_look(&run, id, &fail) || !report_read(&run, &what, &fail)) {
		talk_failure(&fail);
	} else if (command_value(line, "--json")) {
		report_write_json(&run, &what, &out);
		status = talk_answer(&out, STATUS_MERGED);
	} else {
		report_write(&run, &what,
			     command_colour(command_value(line, "--color"), STDOUT_FILENO), &out);
		status = talk_answer(&out, STATUS_MERGED);
	}
	run_close(&run);
	return status;
}

static const struct command_option status_options[] = { COMMANDS_JSON };
const struct command status_command = {
	"status",
	"[RUN]",
	0,
	1,
	"what came of a run, and where everything is",
	"Also while it goes on. Agents are listed in the order of merging.\n",
	status_options,
	1,
	run_status,
};
