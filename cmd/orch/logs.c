/* logs.c — orch logs: what an agent or its tests printed. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "common/file.h"
#include "runtime/printed.h"
#include "runtime/report.h"
#include "runtime/visible.h"

#include <unistd.h>

enum { LARGEST_LOG = 256 << 20 };

/* A terminal is shown what agents printed with everything that it would obey made visible. */
static int show_log(struct run *run, const char *path)
{
	struct str bytes;
	struct text out = { 0 };
	struct fail fail;
	if (!file_read(&run->arena, path, LARGEST_LOG, &bytes, &fail))
		return talk_failure(&fail);
	if (isatty(STDOUT_FILENO))
		visible_add(&out, bytes, true);
	else
		text_add(&out, bytes);
	return talk_answer(&out, STATUS_MERGED);
}

static int logs(struct run *run, const struct command_line *line, int64_t id, uint32_t attempt,
		uint32_t test)
{
	struct report what;
	struct fail fail;
	const char *path;
	struct str name = str_from(line->operand[0]);
	if (!talk_look(run, id, &fail) || !report_read(run, &what, &fail))
		return talk_failure(&fail);
	uint32_t agent = schedule_find_agent(run->schedule, name);
	if (agent == SCHEDULE_NONE)
		return talk_usage("the plan of this run has no agent named %.*s", name);
	bool found = command_value(line, "--test")
			     ? printed_test(run, &what, agent, attempt, test, &path, &fail)
			     : printed_program(run, &what, agent, attempt, &path, &fail);
	return found ? show_log(run, path) : talk_failure(&fail);
}

static int run_logs(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	uint32_t attempt, test;
	int64_t id;
	if (!talk_run_number(line, 1, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[1]));
	if (!talk_count(line, "--attempt", &attempt) || !talk_count(line, "--test", &test))
		return STATUS_USAGE;
	int status = logs(&run, line, id, attempt, test);
	run_close(&run);
	return status;
}

static const struct command_option logs_options[] = {
	{ "--attempt", 0, "N", NULL, "of this attempt, instead of the last" },
	{ "--test", 0, "[=K]", NULL, "what a test printed: the one that failed, or the K-th" },
};
const struct command logs_command = {
	"logs",
	"AGENT [RUN]",
	1,
	2,
	"what an agent printed",
	"Of its last attempt in the last run. Tests are numbered from 1: the agent's own, then the plan's\n"
	"that ran on the combination with it.\n",
	logs_options,
	sizeof logs_options / sizeof *logs_options,
	run_logs,
};
