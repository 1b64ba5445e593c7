/* check.c — orchc check: is the plan sound? */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/mend.h"
#include "cmd/orchc/since.h"
#include "cmd/orchc/talk.h"

/* Checks the plan and reports; how many warnings there are. */
static size_t check_plan(struct report *report, struct repository *repository, const char *path)
{
	struct arena arena = { 0 };
	struct compile c;
	struct fail fail;
	size_t warnings = 0, left_out;
	if (compile_plan(&arena, path, &repository->reader, &c, &fail) &&
	    since_leave_out(report->line, repository, path, &c, &left_out, &fail)) {
		report_add_plan(report, &c, left_out);
		warnings = c.diags.warnings;
	} else {
		report_add_failure(report, &fail);
	}
	arena_release(&arena);
	return warnings;
}

static int run_check(const struct command_line *line)
{
	struct report report;
	struct repository repository;
	struct fail fail;
	size_t warnings = 0;
	struct repository_work work = { .plans = line->operand, .plan_n = line->operand_n };
	if (!talk_plans_named(line->operand, line->operand_n) || !mend_begin(line, &work) ||
	    !since_begin(line))
		return STATUS_USAGE;
	if (!report_begin(&report, line))
		return report.status;
	repository_init(&repository);
	bool shut = repository_shut_in(&repository, &work, &fail);
	if (!shut)
		report_add_failure(&report, &fail);
	for (size_t i = 0; shut && i < line->operand_n; i++)
		warnings += mend_wanted(line)
				    ? mend_plan(&report, &repository, line->operand[i])
				    : check_plan(&report, &repository, line->operand[i]);
	repository_close(&repository);
	if (warnings && command_value(line, "--strict"))
		report_worsen(&report, STATUS_FINDINGS);
	return report_end(&report);
}

static const struct command_option check_options[] = {
	REPORT_OPTIONS,
	MEND_OPTIONS,
	SINCE_OPTIONS,
	{ "--strict", 0, NULL, NULL, "warnings are findings, too: exit status 1" },
};

static const char check_help[] =
	"Reads the plan and what it imports, and proves that no two agents that may run at the\n"
	"same time own a path in common. Nothing is run, and nothing is written but by --fix.\n"
	"\n"
	"    orchc check site.orch\n"
	"\n"
	"Everything that is wrong is shown at once, each with its place, the reason and what to do.\n"
	"`orchc explain CODE` tells more about any of it. A warning that is meant to be is silenced by\n"
	"`# orch: allow(NAME) why` on the line before it.\n"
	"\n"
	"Many mistakes have a fix. --fix applies those that cannot change what is meant, and checks again;\n"
	"what would leave more errors than before is not kept. --diff shows it, and the status is 1 then.\n"
	"\n"
	"    orchc check --diff --unsafe site.orch\n"
	"\n"
	"--since shows, and counts, only what a change brings: what the plan, with all that it reads, had where\n"
	"the branch that is checked out left the history of that commit is left out, wherever its line is now.\n"
	"\n"
	"    orchc check --since origin/main site.orch\n"
	"\n"
	"Exit status: 0 clean, 1 something was found, 2 wrong usage, 3 a file could not be read.\n";

const struct command check_command = {
	"check", "PLAN…", 1, COMMAND_OPERANDS_ANY, "is the plan sound?", check_help,
	check_options, sizeof check_options / sizeof *check_options, run_check,
};
