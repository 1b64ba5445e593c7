/* diff.c — orch diff: what an agent has changed. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/place.h"
#include "runtime/report.h"
#include "runtime/visible.h"

#include <stdio.h>
#include <unistd.h>

static const char *colour_of(struct str line)
{
	return str_starts(line, STR("+++")) || str_starts(line, STR("---")) ||
			       str_starts(line, STR("diff "))
		       ? "\033[1m"
	       : str_starts(line, STR("+"))  ? "\033[32m"
	       : str_starts(line, STR("-"))  ? "\033[31m"
	       : str_starts(line, STR("@@")) ? "\033[36m"
					     : "";
}

/* A terminal is shown what agents wrote with everything that it would obey made visible. */
static void show(struct str diff, bool terminal, bool colour, struct text *out)
{
	for (struct str line; diff.n && str_split(&diff, '\n', &line);) {
		const char *begin = colour ? colour_of(line) : "";
		text_add(out, str_from(begin));
		if (terminal)
			visible_add(out, line, true);
		else
			text_add(out, line);
		text_add(out, str_from(*begin ? "\033[0m\n" : "\n"));
	}
}

static int answer(struct run *run, const struct command_line *line, struct oid before,
		  struct oid after)
{
	struct text diff = { 0 }, out = { 0 };
	struct fail fail;
	bool colour = command_colour(command_value(line, "--color"), STDOUT_FILENO);
	bool good = repo_diff(run->repo, before, after, command_value(line, "--stat"), &diff,
			      &fail);
	show(text_str(&diff), isatty(STDOUT_FILENO), colour, &out);
	text_release(&diff);
	if (good)
		return talk_answer(&out, STATUS_MERGED);
	text_release(&out);
	return talk_failure(&fail);
}

static int diff(struct run *run, const struct command_line *line, int64_t id)
{
	struct report what;
	struct fail fail;
	struct str name = str_from(line->operand[0]);
	if (!talk_look(run, id, &fail) || !report_read(run, &what, &fail))
		return talk_failure(&fail);
	uint32_t agent = schedule_find_agent(run->schedule, name);
	if (agent == SCHEDULE_NONE)
		return talk_usage("the plan of this run has no agent named %.*s", name);
	const struct machine_memory *memory = &what.agent[agent];
	struct oid stray = report_stray(run, &what, agent);
	if (!oid_none(memory->result))
		return answer(run, line, memory->start, memory->result);
	if (!oid_none(stray))
		return answer(run, line, memory->start, stray);
	fail_set(&fail,
		 memory->attempt ? "nothing that `%.*s` changed is kept yet; its tree: %s"
				 : "`%.*s` has not been started yet; its tree would be %s",
		 STR_ARG(name),
		 place_tree(&run->arena, run->folder, &run->schedule->agent[agent], memory->start)
			 .work_dir);
	return talk_failure(&fail);
}

static int run_diff(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int64_t id;
	if (!talk_run_number(line, 1, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[1]));
	int status = diff(&run, line, id);
	run_close(&run);
	return status;
}

static const struct command_option diff_options[] = {
	{ "--stat", 0, NULL, NULL, "how much in which files" },
};
const struct command diff_command = {
	"diff",
	"AGENT [RUN]",
	1,
	2,
	"what an agent has changed",
	"Its result against what it started from; of one that failed, what its last attempt changed and may not\n"
	"be used.\n",
	diff_options,
	sizeof diff_options / sizeof *diff_options,
	run_diff,
};
