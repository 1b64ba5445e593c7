/* check.c — orchc check: is the plan sound? */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "cmd/orchc/report.h"

static int run_check(const struct command_line *line)
{
	int worst = STATUS_CLEAN;
	for (size_t i = 0; i < line->operand_n; i++) {
		struct arena arena = { 0 };
		struct compile c;
		struct fail fail;
		bool read = compile_plan(&arena, line->operand[i], NULL, &c, &fail);
		int status = read ? report_show(line, &c) : talk_failure(&fail);
		worst = status > worst ? status : worst;
		if (read && command_value(line, "--strict") && c.diags.warnings && worst == STATUS_CLEAN)
			worst = STATUS_FINDINGS;
		arena_release(&arena);
	}
	return worst;
}

static const struct command_option check_options[] = {
	{ "--json", 0, NULL, NULL, "what was found as JSON on standard output, a line each" },
	{ "--strict", 0, NULL, NULL, "warnings are findings, too: exit status 1" },
};

static const char check_help[] =
	"Reads the plan and what it imports, and proves that no two agents that may run at the\n"
	"same time own a path in common. Nothing is run, and nothing is written.\n"
	"\n"
	"    orchc check site.orch\n"
	"\n"
	"Everything that is wrong is shown at once, each with its place, the reason and what to do.\n"
	"`orchc explain CODE` tells more about any of it. A warning that is meant to be is silenced by\n"
	"`# orch: allow(NAME) why` on the line before it.\n"
	"\n"
	"Exit status: 0 clean, 1 something was found, 2 wrong usage, 3 a file could not be read.\n";

const struct command check_command = {
	"check", "PLAN…", 1, COMMAND_OPERANDS_ANY, "is the plan sound?", check_help,
	check_options, sizeof check_options / sizeof *check_options, run_check,
};
