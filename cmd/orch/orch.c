/* orch — runs plans of coding agents: the commands, and what each does in a few steps. */
#include "cmd/repository.h"
#include "common/command.h"
#include "common/version.h"
#include "common/file.h"
#include "compiler/compile.h"
#include "runtime/admit.h"
#include "runtime/exec.h"
#include "runtime/land.h"
#include "runtime/preview.h"
#include "runtime/printed.h"
#include "runtime/repo_checkout.h"
#include "runtime/report.h"
#include "runtime/visible.h"
#include "schedule/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MERGED = 0, FAILED = 1, USAGE = 2, WORLD = 3, INTERRUPTED = 130 };
enum { LARGEST_IMAGE = 1 << 30, LARGEST_LOG = 256 << 20 };

static int world(const struct fail *fail)
{
	fprintf(stderr, "error: %s\n", fail->text);
	return WORLD;
}

static int usage(const char *format, struct str what)
{
	fputs("error: ", stderr);
	fprintf(stderr, format, STR_ARG(what));
	fputc('\n', stderr);
	return USAGE;
}

/* The answer; that it cannot be written is a failure like any other. */
static int answer(struct text *text, int status)
{
	struct fail fail;
	bool good = file_write_all(STDOUT_FILENO, "standard output", text_str(text), &fail);
	text_release(text);
	return good ? status : world(&fail);
}

/* The number of a run; 0 when none is given. */
static bool run_number(const struct command_line *line, size_t operand, int64_t *id)
{
	uint64_t number = 0;
	if (line->operand_n > operand &&
	    (!str_to_number(str_from(line->operand[operand]), &number) || !number ||
	     number > INT64_MAX))
		return false;
	*id = (int64_t)number;
	return true;
}

/* ---- the plan: a file in, a schedule as bytes out ---- */

/* What is wrong with the plan is shown; warnings do not keep it from running. */
static void show_diags(const struct diags *diags, bool colour)
{
	struct text out = { 0 };
	for (size_t i = 0; i < diags->list.n; i++)
		diag_print(diags, &diags->list.at[i], colour, &out);
	if (diags->errors)
		text_addf(&out, "error: nothing was run, since the plan has %zu error%s\n",
			  diags->errors, diags->errors == 1 ? "" : "s");
	if (out.n)
		fputs(out.at, stderr);
	text_release(&out);
}

static int compile(struct arena *arena, const struct command_line *line, const char *path,
		   struct str *image)
{
	struct compile result;
	struct repository repository;
	struct text bytes = { 0 };
	struct fail fail;
	repository_init(&repository);
	bool read = compile_plan(arena, path, &repository.reader, &result, &fail);
	repository_close(&repository);
	if (!read)
		return world(&fail);
	show_diags(&result.diags, command_colour(command_value(line, "--color"), STDERR_FILENO));
	if (!result.schedule)
		return FAILED;
	compile_prompts(&result);
	image_write(result.schedule, &bytes);
	*image = arena_copy(arena, text_str(&bytes));
	text_release(&bytes);
	return MERGED;
}

static int read_plan(struct arena *arena, const struct command_line *line, struct str *image,
		     struct schedule **schedule)
{
	const char *path = line->operand[0];
	struct fail fail;
	if (!file_read(arena, path, LARGEST_IMAGE, image, &fail))
		return world(&fail);
	if (!image_recognise(*image)) {
		int status = compile(arena, line, path, image);
		if (status != MERGED)
			return status;
	}
	return image_read(arena, *image, schedule, &fail) ? MERGED : world(&fail);
}

/* ---- running ---- */

/* orch-node lies beside orch. */
static bool find_node(struct arena *arena, const char **node, struct fail *fail)
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

static int report(struct run *run, const struct command_line *line, int status)
{
	struct report what;
	struct text out = { 0 };
	struct fail fail;
	if (!report_read(run, &what, &fail))
		return world(&fail);
	report_write(run, &what, command_colour(command_value(line, "--color"), STDOUT_FILENO),
		     &out);
	return answer(&out, status);
}

static int carry_out(struct run *run, const struct command_line *line, bool resumed)
{
	struct exec_orders orders = { .progress = show(run, line), .resumed = resumed };
	struct exec_outcome outcome;
	struct str path;
	struct fail fail;
	if (!find_node(&run->arena, &orders.node, &fail) ||
	    !repo_checkout_dirty(run->repo, &run->arena, &path, &fail))
		return world(&fail);
	if (path.n)
		progress_say(
			orders.progress,
			arena_format(&run->arena,
				     "agents start from the commit %.10s; what is not committed "
				     "(%.*s) is no part of it",
				     run->row.base.hex, STR_ARG(path))
				.at);
	if (!exec_run(run, &orders, &outcome, &fail))
		return world(&fail);
	int status = outcome.interrupted  ? INTERRUPTED
		     : !outcome.succeeded ? FAILED
		     : outcome.unlanded   ? WORLD
					  : MERGED;
	return command_value(line, "--json") ? status : report(run, line, status);
}

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
	bool resumed = false;
	const char *what = arena_format(arena, "orch exec %s", line->operand[0]).at;
	int status;
	if (command_value(line, "--dry-run")) {
		struct text out = { 0 };
		struct str unknown;
		if (command_value(line, "--json"))
			return usage(
				"--json has nothing to say of a run that is only imagined: leave out %.*s",
				STR("--json"));
		preview_write(schedule, run_only(arena, schedule, orders->only, &unknown),
			      orders->jobs, &out);
		return answer(&out, MERGED);
	}
	if (!run_find_repository(&run, ".", &fail) || !run_take(&run, what, &fail) ||
	    !run_begin(&run, orders, &resumed, &fail))
		status = world(&fail);
	else
		status = carry_out(&run, line, resumed);
	run_close(&run);
	return status;
}

static int command_exec(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct schedule *schedule;
	struct run_orders orders = { .source = str_from(line->operand[0]),
				     .anew = command_value(line, "--new") != NULL };
	const char *jobs = command_value(line, "--jobs");
	struct str unknown;
	uint64_t number = 0;
	int status = USAGE;
	if (jobs &&
	    (!str_to_number(str_from(jobs), &number) || number < 1 || number > UINT32_MAX)) {
		usage("--jobs takes a number from 1, not %.*s", str_from(jobs));
	} else if ((status = read_plan(&arena, line, &orders.image, &schedule)) == MERGED) {
		orders.jobs = (uint32_t)number;
		orders.only = only_names(&arena, command_value(line, "--only"));
		run_only(&arena, schedule, orders.only, &unknown);
		status = unknown.n ? usage("--only: the plan has no agent named %.*s", unknown)
				   : begin(&arena, line, &orders, schedule);
	}
	arena_release(&arena);
	return status;
}

static int resume(struct run *run, const struct command_line *line, int64_t id)
{
	struct fail fail;
	if (!run_find_repository(run, ".", &fail) || !run_take(run, "orch resume", &fail) ||
	    !run_load(run, id, &fail))
		return world(&fail);
	if (run->row.ended)
		return report(run, line, run->row.succeeded ? MERGED : FAILED);
	return admit_programs(&run->arena, run->schedule, run->root, &fail)
		       ? carry_out(run, line, true)
		       : world(&fail);
}

static int command_resume(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int64_t id;
	if (!run_number(line, 0, &id))
		return usage("%.*s is no number of a run", str_from(line->operand[0]));
	int status = resume(&run, line, id);
	run_close(&run);
	return status;
}

/* ---- looking ---- */

/* Loads a run to look at. */
static bool look(struct run *run, int64_t id, struct fail *fail)
{
	bool any;
	if (!run_find_repository(run, ".", fail) || !run_look(run, &any, fail))
		return false;
	return any ? run_load(run, id, fail)
		   : fail_set(fail, "nothing was run here yet; begin with `orch exec PLAN.orch`");
}

static int command_status(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	struct report what;
	struct text out = { 0 };
	struct fail fail;
	int64_t id;
	int status = WORLD;
	if (!run_number(line, 0, &id))
		return usage("%.*s is no number of a run", str_from(line->operand[0]));
	if (!look(&run, id, &fail) || !report_read(&run, &what, &fail)) {
		world(&fail);
	} else if (command_value(line, "--json")) {
		report_write_json(&run, &what, &out);
		status = answer(&out, MERGED);
	} else {
		report_write(&run, &what,
			     command_colour(command_value(line, "--color"), STDOUT_FILENO), &out);
		status = answer(&out, MERGED);
	}
	run_close(&run);
	return status;
}

/* A terminal is shown what agents printed with everything that it would obey made visible. */
static int show_log(struct run *run, const char *path)
{
	struct str bytes;
	struct text out = { 0 };
	struct fail fail;
	if (!file_read(&run->arena, path, LARGEST_LOG, &bytes, &fail))
		return world(&fail);
	if (isatty(STDOUT_FILENO))
		visible_add(&out, bytes, true);
	else
		text_add(&out, bytes);
	return answer(&out, MERGED);
}

static int logs(struct run *run, const struct command_line *line, int64_t id, uint32_t attempt,
		uint32_t test)
{
	struct report what;
	struct fail fail;
	const char *path;
	struct str name = str_from(line->operand[0]);
	if (!look(run, id, &fail) || !report_read(run, &what, &fail))
		return world(&fail);
	uint32_t agent = schedule_find_agent(run->schedule, name);
	if (agent == SCHEDULE_NONE)
		return usage("the plan of this run has no agent named %.*s", name);
	bool found = command_value(line, "--test")
			     ? printed_test(run, &what, agent, attempt, test, &path, &fail)
			     : printed_program(run, &what, agent, attempt, &path, &fail);
	return found ? show_log(run, path) : world(&fail);
}

/* A number from 1; 0 when the option is not there or has no argument. */
static bool count_value(const struct command_line *line, const char *option, uint32_t *count)
{
	const char *value = command_value(line, option);
	uint64_t number = 0;
	if (value && *value &&
	    (!str_to_number(str_from(value), &number) || !number || number > UINT32_MAX)) {
		fprintf(stderr, "error: %s takes a number from 1, not %s\n", option, value);
		return false;
	}
	*count = (uint32_t)number;
	return true;
}

static int command_logs(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	uint32_t attempt, test;
	int64_t id;
	if (!run_number(line, 1, &id))
		return usage("%.*s is no number of a run", str_from(line->operand[1]));
	if (!count_value(line, "--attempt", &attempt) || !count_value(line, "--test", &test))
		return USAGE;
	int status = logs(&run, line, id, attempt, test);
	run_close(&run);
	return status;
}

/* ---- landing ---- */

static int land(struct run *run, int64_t id)
{
	struct land_outcome outcome;
	struct fail fail;
	struct text out = { 0 };
	if (!run_find_repository(run, ".", &fail) || !run_take(run, "orch land", &fail) ||
	    !run_load(run, id, &fail))
		return world(&fail);
	if (!run->row.ended) {
		fail_set(&fail, "run %lld is not finished; `orch resume %lld` goes on with it",
			 (long long)run->row.id, (long long)run->row.id);
		return world(&fail);
	}
	if (!land_run(run, &outcome, &fail))
		return world(&fail);
	text_addf(&out, "run %lld %s %.*s: ", (long long)run->row.id,
		  outcome.already ? "had already landed on" : "landed on", STR_ARG(outcome.branch));
	if (outcome.already)
		text_addf(&out, "it is at %.10s\n", outcome.after.hex);
	else
		text_addf(&out, "%.10s..%.10s%s%s\n", outcome.before.hex, outcome.after.hex,
			  outcome.merged ? ", by a merge" : "",
			  outcome.checkout ? ", and the checkout with it" : "");
	return answer(&out, MERGED);
}

static int command_land(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int64_t id;
	if (!run_number(line, 0, &id))
		return usage("%.*s is no number of a run", str_from(line->operand[0]));
	int status = land(&run, id);
	run_close(&run);
	return status;
}

/* ---- the table ---- */

#define OPTION_JSON { "--json", 0, NULL, NULL, "a line of JSON for each event or agent" }

static const struct command_option exec_options[] = {
	{ "--jobs", 'j', "N", NULL, "agents at once, instead of the plan's number" },
	{ "--only", 0, "AGENT,…", NULL, "these agents and what they come after" },
	{ "--dry-run", 'n', NULL, NULL, "show who would start when, and do nothing" },
	{ "--new", 0, NULL, NULL, "begin anew, even if a run is not finished" },
	OPTION_JSON,
};
static const struct command_option json_options[] = { OPTION_JSON };
static const struct command_option logs_options[] = {
	{ "--attempt", 0, "N", NULL, "of this attempt, instead of the last" },
	{ "--test", 0, "[=K]", NULL, "what a test printed: the one that failed, or the K-th" },
};
static const struct command_option all_options[] = {
	{ "--color", 0, "WHEN", "auto|always|never", "colours; `orch help` says what auto is" },
};
static const struct command exec_row = {
	"exec",
	"PLAN",
	1,
	1,
	"run a plan (.orch) or a schedule (.orchb)",
	"Compiles the plan, runs its agents and puts their results together. The same plan on the same\n"
	"base again goes on with an unfinished run. ^C once lets running agents finish, twice stops them.\n",
	exec_options,
	sizeof exec_options / sizeof *exec_options,
	command_exec,
};
static const struct command resume_row = {
	"resume", "[RUN]", 0, 1, "go on with a run that was interrupted",
	"What is recorded is not done again. Without a number: the last run.\n",
	json_options, 1, command_resume,
};
static const struct command status_row = {
	"status", "[RUN]", 0, 1, "what came of a run, and where everything is",
	"Also while it goes on. Agents are listed in the order of merging.\n",
	json_options, 1, command_status,
};
static const struct command logs_row = {
	"logs",
	"AGENT [RUN]",
	1,
	2,
	"what an agent printed",
	"Of its last attempt in the last run. Tests are numbered from 1: the agent's own, then the plan's\n"
	"that ran on the combination with it.\n",
	logs_options,
	sizeof logs_options / sizeof *logs_options,
	command_logs,
};
static const struct command land_row = {
	"land",
	"[RUN]",
	0,
	1,
	"bring a run's result to the branch that it began from",
	"Moves the branch forward, or merges when it has moved. A checkout with changes is refused.\n",
	NULL,
	0,
	command_land,
};
static const struct command *const commands[] = { &exec_row, &resume_row, &status_row, &logs_row,
						  &land_row };
static const struct command_program program = {
	"orch",
	VERSION,
	"runs plans of coding agents",
	commands,
	sizeof commands / sizeof *commands,
	all_options,
	1,
	"Exit status: 0 all merged, 1 an agent did not succeed or the plan has errors, 2 the command line is\n"
	"wrong, 3 a file, git or the machine failed, 130 interrupted.\n" COMMAND_COLOUR_HELP,
};

int main(int argc, char **argv)
{
	return command_main(&program, argc, argv);
}
