/* logs.c — orch logs: what an agent or its tests printed. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "common/file.h"
#include "runtime/place.h"
#include "runtime/printed.h"
#include "runtime/rendered.h"
#include "runtime/report.h"
#include "runtime/visible.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_LOG = 256 << 20, PIECE = 64 << 10, PAUSE_MS = 200 };

/* What of it is wanted. */
struct wanted {
	const struct command_line *line;
	int64_t id;
	uint32_t attempt, test, setup;
	struct str name;
};

/* A terminal is shown what agents printed with everything that it would obey made visible. */
static int show_raw(struct run *run, const char *path)
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

static int show_rendered(struct run *run, uint32_t agent, const char *path)
{
	struct str bytes;
	struct text out = { 0 };
	struct fail fail;
	if (!file_read(&run->arena, path, LARGEST_LOG, &bytes, &fail))
		return talk_failure(&fail);
	struct rendered *rendered = rendered_open(run->schedule, run->schedule->agent[agent].runner,
						  isatty(STDOUT_FILENO));
	rendered_add(rendered, bytes, &out);
	rendered_close(rendered, &out);
	/* A log that does not end in a line end is shown as it is. */
	if (bytes.n && bytes.at[bytes.n - 1] != '\n' && out.n)
		out.n--;
	return talk_answer(&out, STATUS_MERGED);
}

/* An agent whose program may still be printing. */
struct following {
	struct run *run;
	struct wanted wanted;
	uint32_t agent, attempt; /* the attempt whose log is open; 0: none */
	struct rendered *rendered;
	int log;
	struct text out;
};

static bool put_out(struct following *f)
{
	struct text out = f->out;
	f->out = (struct text){ 0 };
	return talk_answer(&out, STATUS_MERGED) == STATUS_MERGED;
}

static void close_log(struct following *f)
{
	if (f->rendered)
		rendered_close(f->rendered, &f->out);
	if (f->log >= 0)
		close(f->log);
	f->rendered = NULL;
	f->log = -1;
}

/* Looks at the journal again: which attempt is the last, and may there be more of it? */
static bool look_again(const struct wanted *wanted, uint32_t *attempt, bool *more,
		       struct fail *fail)
{
	struct run run = { .lock = -1 };
	struct report what;
	bool good = talk_look(&run, wanted->id, fail) && report_read(&run, &what, fail);
	if (good) {
		uint32_t agent = schedule_find_agent(run.schedule, wanted->name);
		*attempt = what.agent[agent].attempt;
		*more = what.running && report_goes_on(&what, agent);
	}
	run_close(&run);
	return good;
}

static void open_log(struct following *f, uint32_t attempt)
{
	bool raw = command_value(f->wanted.line, "--raw");
	const char *path = place_attempt(&f->run->arena, f->run->folder, f->wanted.name, attempt,
					 "log");
	int log = open(path, O_RDONLY | O_CLOEXEC);
	if (log < 0) /* its program has not been started yet */
		return;
	close_log(f);
	if (f->attempt)
		text_addf(&f->out, "[attempt %u]\n", attempt);
	f->log = log;
	f->attempt = attempt;
	if (!raw)
		f->rendered = rendered_open(f->run->schedule,
					    f->run->schedule->agent[f->agent].runner,
					    isatty(STDOUT_FILENO));
}

/* What was printed since the last look. */
static void read_on(struct following *f)
{
	char piece[PIECE];
	for (ssize_t n; f->log >= 0 && (n = read(f->log, piece, sizeof piece)) > 0;) {
		struct str bytes = { piece, (size_t)n };
		if (f->rendered)
			rendered_add(f->rendered, bytes, &f->out);
		else if (isatty(STDOUT_FILENO))
			visible_add(&f->out, bytes, true);
		else
			text_add(&f->out, bytes);
	}
}

static int follow(struct run *run, const struct wanted *wanted, uint32_t agent)
{
	struct following f = { .run = run, .wanted = *wanted, .agent = agent, .log = -1 };
	struct fail fail;
	uint32_t last = 0;
	bool more = true, good = true;
	f.wanted.id = run->row.id;
	while (good && more) {
		/* Once it is over, all that there is of it can be read. */
		if (!look_again(&f.wanted, &last, &more, &fail)) {
			close_log(&f);
			text_release(&f.out);
			return talk_failure(&fail);
		}
		if (last > f.attempt) {
			read_on(&f);
			open_log(&f, last);
		}
		read_on(&f);
		good = put_out(&f);
		if (good && more)
			nanosleep(&(struct timespec){ 0, PAUSE_MS * 1000000L }, NULL);
	}
	close_log(&f);
	return good && put_out(&f) ? STATUS_MERGED : STATUS_WORLD;
}

static int logs(struct run *run, const struct wanted *wanted)
{
	struct report what;
	struct fail fail;
	const char *path;
	const struct command_line *line = wanted->line;
	bool of_test = command_value(line, "--test"), of_setup = command_value(line, "--setup");
	if (!talk_look(run, wanted->id, &fail) || !report_read(run, &what, &fail))
		return talk_failure(&fail);
	uint32_t agent = schedule_find_agent(run->schedule, wanted->name);
	if (agent == SCHEDULE_NONE)
		return talk_usage("the plan of this run has no agent named %.*s", wanted->name);
	if (of_test && of_setup)
		return talk_usage("--test and %.*s: ask for one of them", STR("--setup"));
	if (command_value(line, "--follow"))
		return of_test || of_setup || wanted->attempt
			       ? talk_usage(
					 "--follow is for what the agent's program prints now: leave out %.*s",
					 of_test    ? STR("--test")
					 : of_setup ? STR("--setup")
						    : STR("--attempt"))
			       : follow(run, wanted, agent);
	bool found = of_setup ? printed_setup(run, &what, agent, wanted->attempt, wanted->setup,
					      &path, &fail)
		     : of_test ? printed_test(run, &what, agent, wanted->attempt, wanted->test, &path,
					    &fail)
			     : printed_program(run, &what, agent, wanted->attempt, &path, &fail);
	if (!found)
		return talk_failure(&fail);
	return of_test || of_setup || command_value(line, "--raw") ? show_raw(run, path)
						       : show_rendered(run, agent, path);
}

static int run_logs(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	struct wanted wanted = { .line = line, .name = str_from(line->operand[0]) };
	if (!talk_run_number(line, 1, &wanted.id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[1]));
	if (!talk_count(line, "--attempt", &wanted.attempt) ||
	    !talk_count(line, "--test", &wanted.test) ||
	    !talk_count(line, "--setup", &wanted.setup))
		return STATUS_USAGE;
	int status = logs(&run, &wanted);
	run_close(&run);
	return status;
}

static const struct command_option logs_options[] = {
	{ "--follow", 'f', NULL, NULL, "go on with what is printed, until the agent is done" },
	{ "--raw", 0, NULL, NULL, "as it was printed, and not what its events say" },
	{ "--attempt", 0, "N", NULL, "of this attempt, instead of the last" },
	{ "--test", 0, "[=K]", NULL, "what a test printed: the one that failed, or the K-th" },
	{ "--setup", 0, "[=K]", NULL, "what its setup printed: the last command that ran, or the K-th" },
};
const struct command logs_command = {
	"logs",
	"AGENT [RUN]",
	1,
	2,
	"what an agent printed",
	"Of its last attempt in the last run. Where its runner has rules for events, they are shown as what the\n"
	"agent said and did. Tests are numbered from 1: the agent's own, then the plan's\n"
	"that ran on the combination with it.\n",
	logs_options,
	sizeof logs_options / sizeof *logs_options,
	run_logs,
};
