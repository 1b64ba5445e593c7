/* stop.c — orch stop: the run that goes on in another terminal is told to stop. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/holder.h"
#include "runtime/report.h"

#include <unistd.h>

/* What came of it, read anew. */
static int show(struct run *run, const struct command_line *line, int64_t id)
{
	struct report what;
	struct fail fail;
	struct text out = { 0 };
	if (!talk_look(run, id, &fail) || !report_read(run, &what, &fail))
		return talk_failure(&fail);
	if (command_value(line, "--json"))
		report_write_json(run, &what, &out);
	else
		report_write(run, &what,
			     command_colour(command_value(line, "--color"), STDOUT_FILENO), &out);
	return talk_answer(&out, STATUS_MERGED);
}

static bool runs_agents(const struct command_program *program, struct str what)
{
	struct str name = str_starts(what, STR("orch ")) ? str_slice(what, 5, what.n) : STR("");
	size_t space = str_find(name, ' ');
	const struct command *command =
		command_find(program, str_slice(name, 0, space == SIZE_MAX ? name.n : space));
	return command && command->lasting;
}

/* Is the holder what is to be stopped? */
static bool admit(const struct holder *holder, const struct command_program *program, int64_t id,
		  struct fail *fail)
{
	if (!runs_agents(program, holder->what))
		return fail_set(
			fail,
			"`%.*s` (process %ld) holds the lock, which runs no agents and ends by itself",
			STR_ARG(holder->what), (long)holder->pid);
	return !id || !holder->run || holder->run == id ||
	       fail_set(fail, "run %lld is running, not run %lld: `orch stop %lld`",
			(long long)holder->run, (long long)id, (long long)holder->run);
}

static bool tell(const struct holder *holder, bool now, bool *gone, struct fail *fail)
{
	struct text said = { 0 };
	if (!holder_signal(holder, now ? SIGTERM : RUN_GENTLY, gone, fail))
		return false;
	text_addf(&said, "told `%.*s` (process %ld) to stop%s\n", STR_ARG(holder->what),
		  (long)holder->pid,
		  now ? " now"
		      : "; agents that run may finish first (`orch stop --now` ends them)");
	talk_aside(&said);
	return true;
}

static int stop(struct run *run, const struct command_line *line, int64_t id)
{
	struct holder holder = { .pidfd = -1 };
	struct fail fail;
	struct text said = { 0 };
	bool gone;
	if (!run_find_repository(run, ".", &fail) ||
	    !holder_find(&run->arena, place_orch(&run->arena, run->root, "lock"), &holder, &fail))
		return talk_failure(&fail);
	bool good = !holder.pid ||
		    (admit(&holder, line->program, id, &fail) &&
		     tell(&holder, command_value(line, "--now") != NULL, &gone, &fail));
	if (good && holder.pid) {
		holder_wait(&holder);
		id = id ? id : holder.run;
	} else if (good) {
		text_add(&said, STR("nothing is running here\n"));
		talk_aside(&said);
	}
	if (holder.pidfd >= 0)
		close(holder.pidfd);
	if (!good)
		return talk_failure(&fail);
	run_close(run);
	return show(run, line, id);
}

static int run_stop(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int64_t id;
	if (!talk_run_number(line, 0, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[0]));
	int status = stop(&run, line, id);
	run_close(&run);
	return status;
}

static const struct command_option stop_options[] = {
	{ "--now", 0, NULL, NULL, "end the agents that run, instead of letting them finish" },
	COMMANDS_JSON,
};
const struct command stop_command = {
	"stop",
	"[RUN]",
	0,
	1,
	"tell the run that goes on in another terminal to stop, and wait until it has",
	"As ^C there: nothing more is started, and agents that run may finish; with --now as ^C twice.\n"
	"`orch resume` goes on with it.\n",
	stop_options,
	sizeof stop_options / sizeof *stop_options,
	run_stop,
};
