/* rollback.c — orch rollback: agents are taken out of a run again. */
#include "cmd/orch/carry.h"
#include "cmd/orch/choose.h"
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/revert.h"
#include "runtime/undo.h"

/* What would be done, or is. */
static void say(const struct run *run, const bool *take, const struct revert *revert,
		const char *will, struct text *out)
{
	text_addf(out, "run %lld: %s", (long long)run->row.id, will);
	const char *separator = " ";
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		if (take[i]) {
			text_addf(out, "%s%.*s", separator, STR_ARG(run->schedule->agent[i].name));
			separator = ", ";
		}
	if (revert->n)
		text_addf(out, "; on %.*s by %zu commit%s, %.10s..%.10s", STR_ARG(revert->branch),
			  revert->n, revert->n == 1 ? "" : "s", revert->before.hex,
			  revert->after.hex);
	text_add_byte(out, '\n');
}

static int go_on(struct run *run, const struct command_line *line, const struct choose *choose,
		 const bool *take, bool any, struct revert *revert)
{
	struct fail fail;
	struct text out = { 0 };
	if (command_value(line, "--dry-run")) {
		if (any)
			say(run, take, revert, "would roll back", &out);
		else
			text_add(&out, STR("nothing would be done: all of it is rolled back\n"));
		return talk_answer(&out, STATUS_MERGED);
	}
	if (!any && run->row.ended)
		return command_value(line, "--json") ? STATUS_MERGED
						     : carry_report(run, line, STATUS_MERGED);
	/* The branch is not moved for a run that could not go on afterwards. */
	int status = carry_may(run, line);
	if (status != STATUS_MERGED)
		return status;
	if (!revert_make(run, revert, &fail))
		return talk_failure(&fail);
	if (!command_value(line, "--json")) {
		say(run, take, revert, "rolled back:", &out);
		talk_aside(&out);
	}
	return carry_out(run, line,
			 (struct carry){
				 .resumed = true, .undo = choose->agent, .weak = choose->weak });
}

/* As it was said, but for options. */
static const char *command_of(struct arena *arena, const struct command_line *line)
{
	struct str said = STR("orch rollback");
	for (size_t i = 0; i < line->operand_n; i++)
		said = arena_format(arena, "%.*s %s", STR_ARG(said), line->operand[i]);
	return said.at;
}

static int rollback(struct run *run, const struct command_line *line)
{
	struct fail fail;
	struct choose choose;
	struct machine_memory *memory;
	struct revert revert;
	bool *take, any;
	int status = choose_agents(run, line, "orch rollback", &choose, &memory);
	if (status != STATUS_MERGED)
		return status;
	if (!undo_select(&run->arena, run->schedule, memory, choose.agent,
			 command_value(line, "--alone") != NULL, &take, &any, &fail) ||
	    !revert_plan(run, memory, take, command_of(&run->arena, line), &revert, &fail))
		return talk_failure(&fail);
	return go_on(run, line, &choose, take, any, &revert);
}

static int run_rollback(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int status = rollback(&run, line);
	run_close(&run);
	return status;
}

static const struct command_option rollback_options[] = {
	{ "--alone", 0, NULL, NULL, "refuse if something that is not named comes after them" },
	{ "--dry-run", 'n', NULL, NULL, "say what would be rolled back, and do nothing" },
	COMMANDS_FLOOR,
	COMMANDS_BUDGET,
	COMMANDS_ANY_FILE_SYSTEM,
	COMMANDS_JSON,
};
const struct command rollback_command = {
	"rollback",
	"AGENT… [RUN]",
	1,
	COMMAND_OPERANDS_ANY,
	"take agents, and all that comes after them, out of a run again",
	"The integration is made again without them, tests of the plan included; results stay under\n"
	"refs/orch. Of what has landed, a commit for each takes it back on the branch.\n",
	rollback_options,
	sizeof rollback_options / sizeof *rollback_options,
	run_rollback,
	true,
};
