/* plan.c — orchc plan: the schedule for people. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/report.h"
#include "cmd/orchc/talk.h"
#include "cmd/repository.h"
#include "schedule/timetable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_UNKNOWN = 100, JOBS_MOST = 1000000 };

/* Of the terminal; elsewhere, what COLUMNS says. */
static size_t columns(void)
{
	struct winsize size = { 0 };
	const char *said = getenv("COLUMNS");
	uint64_t n;
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return said && str_to_number(str_from(said), &n) && n && n < 10000 ? (size_t)n
									   : COLUMNS_UNKNOWN;
}

static int show(const struct command_line *line, const struct compile *c, uint32_t jobs)
{
	const char *format = command_value(line, "--format");
	struct text out = { 0 };
	struct timetable table = {
		.schedule = c->schedule,
		.jobs = jobs,
		.columns = columns(),
		.more = "--all",
		.wall = c->plan.wall.given ? c->plan.wall.seconds : 0,
		.work = c->plan.work.given ? c->plan.work.seconds : 0,
		.colour = command_colour(command_value(line, "--color"), STDOUT_FILENO),
		.all = command_value(line, "--all") != NULL,
	};
	if (format && !strcmp(format, "json"))
		timetable_json(&table, &out);
	else
		timetable_write(&table, &out);
	int status = talk_answer(text_str(&out));
	text_release(&out);
	return status;
}

static int run_plan(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct repository repository;
	struct compile c;
	struct fail fail;
	const char *said = command_value(line, "--jobs");
	uint64_t jobs = 0;
	int status;
	if (said && (!str_to_number(str_from(said), &jobs) || !jobs || jobs > JOBS_MOST)) {
		fprintf(stderr, "error: --jobs is a number from 1 to %d, not `%s`\n", JOBS_MOST,
			said);
		return STATUS_USAGE;
	}
	struct repository_work work = { .plans = line->operand,
					.plan_n = 1,
					.without_facts = true };
	if (!talk_plans_named(line->operand, 1))
		return STATUS_USAGE;
	repository_init(&repository);
	if (!repository_shut_in(&repository, &work, &fail) ||
	    !compile_plan(&arena, line->operand[0], NULL, &c, &fail))
		status = talk_failure(&fail);
	else if (!c.schedule)
		status = report_show(line, &c);
	else
		status = show(line, &c, (uint32_t)jobs);
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const struct command_option plan_options[] = {
	{ "--jobs", 'j', "N", NULL, "as if the plan said `jobs N`" },
	{ "--all", 0, NULL, NULL, "every agent and name, however many there are" },
	{ "--format", 0, "FORMAT", "text|json", "json: one object, times in seconds" },
};

static const char plan_help[] =
	"Shows the schedule by its estimates: who starts when and what each waits for, how much later it may\n"
	"end before all of it ends later, with these jobs and pools (slack), the critical path, how many run at once, how\n"
	"long it takes with how many jobs and what keeps it from being shorter, what pools cost, and the order\n"
	"of merging.\n"
	"\n"
	"    orchc plan site.orch\n"
	"    orchc plan --jobs 4 site.orch    # were there only four at once\n"
	"\n"
	"Agents start as a run starts them: of those that may, the one with the longest path before it first.\n"
	"Agents without an estimate count as " SIMULATE_UNKNOWN_TEXT ".\n";

const struct command plan_command = {
	"plan", "PLAN", 1, 1, "who runs when, what decides how long it takes", plan_help,
	plan_options, sizeof plan_options / sizeof *plan_options, run_plan,
};
