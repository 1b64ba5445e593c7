/* check.c — orchc check: is the plan sound? */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/report.h"
#include "cmd/repository.h"

static int run_check(const struct command_line *line)
{
	struct report report;
	struct repository repository;
	struct fail fail;
	bool strict = command_value(line, "--strict"), warned = false;
	if (!report_begin(&report, line))
		return report.status;
	repository_init(&repository);
	bool shut = repository_shut_in(&repository, &(struct repository_work){ .plans = line->operand, .plan_n = line->operand_n }, &fail);
	if (!shut)
		report_add_failure(&report, &fail);
	for (size_t i = 0; shut && i < line->operand_n; i++) {
		struct arena arena = { 0 };
		struct compile c;
		if (compile_plan(&arena, line->operand[i], &repository.reader, &c, &fail)) {
			report_add_plan(&report, &c);
			warned |= c.diags.warnings > 0;
		} else {
			report_add_failure(&report, &fail);
		}
		arena_release(&arena);
	}
	repository_close(&repository);
	int status = report_end(&report);
	return status == STATUS_CLEAN && strict && warned ? STATUS_FINDINGS : status;
}

static const struct command_option check_options[] = {
	REPORT_OPTIONS,
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
