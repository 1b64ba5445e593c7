/* exec.c — orch exec: a plan is compiled and run. */
#include "cmd/orch/carry.h"
#include "cmd/orch/commands.h"
#include "cmd/orch/plan.h"
#include "cmd/orch/talk.h"
#include "runtime/admit.h"
#include "runtime/preview.h"

/* Names with spaces between them: as the journal has them. */
static struct str only_names(struct arena *arena, const char *value)
{
	struct str names = arena_copy(arena, str_from(value ? value : ""));
	for (size_t i = 0; i < names.n; i++)
		if (names.at[i] == ',')
			((char *)names.at)[i] = ' ';
	return str_trim(names);
}

static int begin(struct arena *arena, const struct command_line *line, struct run_orders *orders,
		 const struct schedule *schedule)
{
	struct run run;
	struct fail fail;
	struct carry carry = { .explain = command_value(line, "--explain") };
	const char *what = arena_format(arena, "orch exec %s", line->operand[0]).at;
	int status;
	if (command_value(line, "--dry-run")) {
		struct text out = { 0 };
		struct str unknown;
		if (carry.explain)
			return talk_usage("%.*s is about a run, and --dry-run begins none",
					  STR("--explain"));
		if (command_value(line, "--json"))
			return talk_usage(
				"--json has nothing to say of a run that is only imagined: leave out %.*s",
				STR("--json"));
		preview_write(schedule, run_only(arena, schedule, orders->only, &unknown),
			      orders->jobs, &out);
		return talk_answer(&out, STATUS_MERGED);
	}
	const char *node;
	struct oid base;
	struct str branch;
	/* What could be in the way, before anything is made. */
	if (!run_find_repository(&run, ".", &fail) || !carry_need_node(arena, &node, &fail) ||
	    !repo_base(run.repo, arena, schedule->plan.base, &base, &branch, &fail) ||
	    !admit_place(&run.arena, run.repo, command_value(line, "--any-file-system"),
			 &carry.weak, &fail) ||
	    !run_take(&run, what, &fail) || !run_begin(&run, orders, &carry.resumed, &fail))
		status = talk_failure(&fail);
	else
		status = carry_out(&run, line, carry);
	run_close(&run);
	return status;
}

static int run_exec(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct schedule *schedule;
	struct run_orders orders = { .source = str_from(line->operand[0]),
				     .anew = command_value(line, "--new") != NULL,
				     .fresh = command_value(line, "--fresh") != NULL };
	const char *jobs = command_value(line, "--jobs");
	struct str unknown;
	uint64_t number = 0, floor, budget;
	int status = STATUS_USAGE;
	if (!talk_limits(line, &floor, &budget)) {
		/* it has been said */
	} else if (jobs &&
		   (!str_to_number(str_from(jobs), &number) || number < 1 || number > UINT32_MAX)) {
		talk_usage("--jobs takes a number from 1, not %.*s", str_from(jobs));
	} else if ((status = plan_read(&arena, line, &orders.image, &schedule)) == STATUS_MERGED) {
		orders.jobs = (uint32_t)number;
		const char *only = command_value(line, "--only");
		orders.only = only_names(&arena, only);
		bool any = run_only(&arena, schedule, orders.only, &unknown) != NULL;
		if (unknown.n)
			status = talk_usage("--only: the plan has no agent named %.*s", unknown);
		else if (only && !any)
			status = talk_usage("--only takes names of agents, and \"%.*s\" has none",
					    str_from(only));
		else
			status = begin(&arena, line, &orders, schedule);
	}
	arena_release(&arena);
	return status;
}

static const struct command_option exec_options[] = {
	{ "--jobs", 'j', "N", NULL, "agents at once, instead of the plan's number" },
	{ "--only", 0, "AGENT,…", NULL, "these agents and what they come after" },
	{ "--dry-run", 'n', NULL, NULL, "show who would start when, and do nothing" },
	{ "--new", 0, NULL, NULL, "begin anew, even if a run is not finished" },
	{ "--fresh", 0, NULL, NULL, "run every agent, whatever results earlier runs have" },
	{ "--explain", 0, NULL, NULL, "say of every agent that runs why no earlier result will do" },
	COMMANDS_FLOOR,
	COMMANDS_BUDGET,
	COMMANDS_ANY_FILE_SYSTEM,
	COMMANDS_JSON,
};
const struct command exec_command = {
	"exec",
	"PLAN",
	1,
	1,
	"run a plan (.orch) or a schedule (.orchb)",
	"Compiles the plan, runs its agents and puts their results together. The same plan on the same\n"
	"base again goes on with an unfinished run. Results of earlier runs are used again where all that they were\n"
	"made from is the same. ^C once lets running agents finish, twice stops them.\n",
	exec_options,
	sizeof exec_options / sizeof *exec_options,
	run_exec,
	true,
};
