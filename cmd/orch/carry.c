/* carry.c — see carry.h. */
#include "cmd/orch/carry.h"

#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/admit.h"
#include "runtime/exec.h"
#include "runtime/held.h"
#include "runtime/repo_checkout.h"
#include "runtime/report.h"
#include "runtime/unbrought.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* orch-node lies beside orch. */
bool carry_find_node(struct arena *arena, const char **node, struct fail *fail)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n <= 0)
		return fail_system(fail, "cannot tell where orch itself lies");
	*node = arena_format(arena, "%.*sorch-node", (int)n, path).at;
	return true;
}

bool carry_need_node(struct arena *arena, const char **node, struct fail *fail)
{
	return carry_find_node(arena, node, fail) &&
	       (access(*node, X_OK) == 0 ||
		fail_system(fail, "cannot start %s, which belongs beside orch", *node));
}

static struct progress *show(struct run *run, const struct command_line *line)
{
	bool json = command_value(line, "--json"),
	     colour = command_colour(command_value(line, "--color"), STDERR_FILENO);
	const char *term = getenv("TERM");
	bool table = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
	return progress_new(&run->arena, run->schedule, run->row.id,
			    json    ? PROGRESS_JSON
			    : table ? PROGRESS_TABLE
				    : PROGRESS_LINES,
			    colour, json ? STDOUT_FILENO : STDERR_FILENO);
}

int carry_report(struct run *run, const struct command_line *line, int status)
{
	struct report what;
	struct text out = { 0 };
	struct fail fail;
	if (!report_read(run, &what, &fail))
		return talk_failure(&fail);
	report_write(run, &what, command_colour(command_value(line, "--color"), STDOUT_FILENO),
		     &out);
	return talk_answer(&out, status);
}

int carry_may(struct run *run, const struct command_line *line)
{
	uint64_t floor, budget;
	struct fail fail;
	if (!talk_limits(line, &floor, &budget))
		return STATUS_USAGE;
	return admit_limits(run->schedule, &fail) && exec_may(run, &fail) ? STATUS_MERGED
									  : talk_failure(&fail);
}

int carry_out(struct run *run, const struct command_line *line, struct carry carry)
{
	struct exec_orders orders = { .progress = show(run, line),
				      .resumed = carry.resumed,
				      .weak = carry.weak,
				      .undo = carry.undo,
				      .retry = carry.retry,
				      .explain = carry.explain,
				      .floor = EXEC_FLOOR };
	struct exec_outcome outcome;
	struct str path;
	struct fail fail;
	if (!talk_limits(line, &orders.floor, &orders.budget))
		return STATUS_USAGE;
	int may = carry_may(run, line);
	if (may != STATUS_MERGED)
		return may;
	if (!carry_need_node(&run->arena, &orders.node, &fail))
		return talk_failure(&fail);
	/* Only to be told: no run needs to know. */
	if (!repo_checkout_dirty(run->repo, &run->arena, &path, &fail))
		progress_say(orders.progress, fail.text);
	else if (path.n)
		progress_say(
			orders.progress,
			arena_format(&run->arena,
				     "agents start from the commit %.10s; what is not committed "
				     "(%.*s) is no part of it",
				     run->row.base.hex, STR_ARG(path))
				.at);
	if (!held_warn(run->repo, &run->arena, run->schedule, run->row.base, &path, &fail))
		return talk_failure(&fail);
	if (path.n)
		progress_say(orders.progress, path.at);
	if (!unbrought_warn(run->repo, &run->arena, run->schedule, run->row.base, &path, &fail))
		return talk_failure(&fail);
	if (path.n)
		progress_say(orders.progress, path.at);
	if (!exec_run(run, &orders, &outcome, &fail))
		return talk_failure(&fail);
	int status = outcome.put_off       ? STATUS_WORLD
		     : outcome.interrupted ? STATUS_INTERRUPTED
		     : !outcome.succeeded  ? STATUS_FAILED
		     : outcome.unlanded    ? STATUS_WORLD
					   : STATUS_MERGED;
	return command_value(line, "--json") ? status : carry_report(run, line, status);
}
