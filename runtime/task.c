/* task.c — see task.h. */
#include "runtime/task.h"

#include "common/file.h"
#include "common/path.h"
#include "common/text.h"
#include "runtime/cgroup.h"
#include "runtime/environment.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/prompt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TAIL = 16 << 10 }; /* bytes of output that go into a record */

static bool is_meter(const struct schedule_agent *who)
{
	return who->runner == SCHEDULE_NONE;
}

struct schedule_agent task_meter(const struct schedule_metric *metric)
{
	return (struct schedule_agent){
		.name = metric->name,
		.runner = SCHEDULE_NONE,
		.timeout = metric->timeout,
		.quiet = metric->quiet,
		.env = metric->env,
	};
}

static void add_all(struct environment *environment, struct str_list assignments)
{
	for (size_t i = 0; i < assignments.n; i++)
		environment_add(environment, assignments.at[i]);
}

/* A folder for temporary files of the program's own, where all others are closed to it. */
static const char *temporary_of(struct arena *arena, const struct task_place *place)
{
	if (place->level == SANDBOX_GATE)
		return NULL;
	return place->level == SANDBOX_NAMESPACES ? "/tmp"
						  : place_in(arena, place->folder, "tmp");
}

static const char *const *variables(struct arena *arena, const struct task_place *place,
				    struct str_list runner)
{
	const char *temporary = temporary_of(arena, place);
	const struct schedule_agent *agent = place->who;
	struct environment environment;
	const char *slash = strrchr(place->run_folder, '/');
	environment_begin(&environment, arena, place->environ);
	environment_set(&environment, is_meter(agent) ? "ORCH_METRIC" : "ORCH_AGENT", agent->name);
	environment_set(&environment, "ORCH_PLAN", place->schedule->plan.name);
	environment_set(&environment, "ORCH_RUN", str_from(slash + 1));
	environment_set(&environment, "ORCH_SLOT", arena_format(arena, "%u", place->slot));
	environment_set(&environment, "ORCH_BASE", str_from(place->base.hex));
	environment_set(&environment, "ORCH_ATTEMPT", arena_format(arena, "%u", place->attempt));
	environment_set(&environment, "PWD", str_from(place->tree->work_dir));
	/* Once an agent has lost its own .git, git is not to find the user's above. */
	environment_set(&environment, "GIT_CEILING_DIRECTORIES",
			path_folder(str_from(place->tree->work_dir)));
	if (temporary)
		environment_set(&environment, "TMPDIR", str_from(temporary));
	add_all(&environment, runner);
	add_all(&environment, agent->env);
	return environment_end(&environment);
}

/* Why the program could not be started, and what to do; the words are as the plan has them. */
static struct str not_started(struct arena *arena, const struct child_orders *orders, int error)
{
	const char *word = orders->words[0], *why = strerror(error);
	bool path = strchr(word, '/'), in_tree = path && *word != '/';
	struct stat info;
	const char *shown = strncmp(word, "./", 2) ? word : word + 2;
	const char *file = in_tree ? arena_format(arena, "%s/%s", orders->folder, word).at : word;
	if (error == EACCES && path)
		return arena_format(arena, "could not be started: %s: chmod +x %s%s", why, shown,
				    in_tree ? " and commit it" : "");
	if (error == ENOENT && path && stat(file, &info) == 0)
		return arena_format(
			arena,
			"could not be started: %s: the interpreter that its first line names is not there",
			why);
	if (error == ENOENT && in_tree)
		return arena_format(
			arena,
			"could not be started: %s is not in the work tree: commit it, or give an absolute path",
			word);
	if (error == ENOEXEC)
		return arena_format(
			arena,
			"could not be started: %s: a script begins with a line like #!/bin/sh",
			why);
	return arena_format(arena, "could not be started: %s", why);
}

static void judge(struct arena *arena, const struct task_place *place,
		  const struct child_orders *orders, const struct child_end *child,
		  struct task_end *end)
{
	const struct schedule_agent *agent = place->who;
	static const enum record_reason reasons[] = {
		[CHILD_EXITED] = RECORD_EXIT,         [CHILD_TIMEOUT] = RECORD_TIMEOUT,
		[CHILD_IDLE] = RECORD_IDLE,           [CHILD_STOPPED] = RECORD_STOPPED,
		[CHILD_CROWD] = RECORD_LIMIT,         [CHILD_ORPHANED] = RECORD_STOPPED,
		[CHILD_NOT_STARTED] = RECORD_COMMAND, [CHILD_UNCONTAINED] = RECORD_WORLD,
	};
	end->reason = reasons[child->why];
	end->orphaned = child->why == CHILD_ORPHANED;
	end->exit_status = child->status;
	end->signal = child->signal;
	if (child->survivors) {
		end->reason = RECORD_WORLD;
		end->what = STR("left processes behind that could not be killed");
	} else if (child->why == CHILD_UNCONTAINED) {
		end->what = arena_format(
			arena,
			"was not started, for it cannot be contained as it was to be (%s): %s",
			sandbox_name(place->level), child->uncontained.text);
	} else if (child->why == CHILD_TIMEOUT) {
		end->what = arena_format(arena, "was ended by the timeout of %u s", agent->timeout);
	} else if (child->why == CHILD_IDLE) {
		end->what = arena_format(arena, "was ended after it had been silent for %u s",
					 agent->idle);
	} else if (child->why == CHILD_CROWD) {
		end->what = arena_format(arena, "was ended because it had more than %u processes%s",
					 orders->limit->processes,
					 agent->limit_processes
						 ? " (`limit processes`)"
						 : ", the most that an agent may have unless "
						   "the plan says `limit processes N`");
	} else if (child->why == CHILD_STOPPED || child->why == CHILD_ORPHANED) {
		end->what = STR("was stopped");
	} else if (child->why == CHILD_NOT_STARTED) {
		if (fail_of_machine(child->error))
			end->reason = RECORD_WORLD;
		end->what = not_started(arena, orders, child->error);
	} else if (child->signal == SIGXFSZ) {
		end->reason = RECORD_LIMIT;
		end->what = arena_format(
			arena,
			"was killed because it wrote a file of more than %llu KiB (`limit file-size`)",
			(unsigned long long)orders->limit->file_size >> 10);
	} else if (child->signal) {
		end->what = arena_format(arena, "was killed by signal %d (%s)", child->signal,
					 strsignal(child->signal));
	} else if (child->status) {
		end->what = arena_format(arena, "ended with exit status %d", child->status);
	} else {
		end->reason = RECORD_NONE;
	}
}

/* The kernel killed all of it, or a part; whatever the rest made of that is worth nothing. */
static void judge_memory(struct arena *arena, const struct schedule_agent *agent,
			 struct task_end *end)
{
	end->reason = RECORD_LIMIT;
	end->what = arena_format(
		arena, "was killed because it took more than %u KiB of memory (`limit memory`)",
		agent->limit_memory);
}

/* What the program may change. The agent's own owns only its files; the plan's commands have the
 * whole tree. */
static bool bound(struct arena *arena, const struct task_place *place, struct child_orders *orders,
		  bool whole_tree, struct boundary *boundary, struct fail *fail)
{
	const struct boundary_orders wanted = {
		.level = place->level,
		.schedule = place->schedule,
		.who = place->who,
		.tree = place->tree,
		.run_folder = place->run_folder,
		.git_dir = place->git_dir,
		.input = orders->input,
		.temporary = temporary_of(arena, place),
		.program = orders->words[0],
		.env = orders->env,
		.whole_tree = whole_tree,
	};
	if (place->level == SANDBOX_GATE)
		return true;
	if (place->level == SANDBOX_LANDLOCK && (!file_remove_tree(wanted.temporary, fail) ||
						 !file_make_folders(wanted.temporary, fail)))
		return false;
	orders->boundary = boundary;
	return boundary_find(arena, &wanted, boundary, fail);
}

static bool run(struct arena *arena, const struct task_place *place, struct child_orders *orders,
		const struct task_agent *listener, const char *log, struct task_end *end,
		struct fail *fail)
{
	const struct schedule_agent *agent = place->who;
	struct output output;
	struct child_end child;
	struct cgroup_box box;
	struct limit limit = limit_of(agent);
	bool out_of_memory;
	orders->folder = place->tree->work_dir;
	orders->grace = place->grace;
	orders->limit = &limit;
	if (place->deadline) {
		orders->timeout = place->deadline - watch_now();
		if (orders->timeout < 1)
			orders->timeout = 1;
	}
	if (!output_open(&output, log, OUTPUT_LIMIT, fail))
		return false;
	if (listener) {
		output.heard = listener->heard;
		output.self = listener->self;
	}
	bool good = cgroup_open(arena, &limit, &box, fail);
	orders->box = &box;
	good = good && child_run(orders, place->watch, &output, &child, fail);
	cgroup_close(&box, &out_of_memory);
	/* What is left of its temporary files is worth nothing; the next program begins with none. */
	if (orders->boundary && orders->boundary->temporary) {
		struct fail left;
		(void)file_remove_tree(orders->boundary->temporary, &left);
	}
	if (good) {
		end->output = output_tail(&output, arena, TAIL);
		judge(arena, place, orders, &child, end);
		if (out_of_memory)
			judge_memory(arena, agent, end);
		good = output_close(&output, fail);
	} else {
		struct fail second;
		output_close(&output, &second);
	}
	return good;
}

/* What ended the waiting for a place. */
static void no_place(struct task_end *end, const struct watch *watch)
{
	bool over = watch->stopped || watch->orphaned;
	end->reason = over ? RECORD_STOPPED : RECORD_TIMEOUT;
	end->orphaned = watch->orphaned;
	end->what = over ? STR("was stopped") : STR("waited for its pool until the timeout");
}

bool task_command(struct arena *arena, const struct task_place *place, uint32_t index,
		  const char *log, struct task_end *end, struct fail *fail)
{
	const struct schedule_command *command = &place->schedule->command[index];
	const char **words = ARENA_MANY(arena, command->words.n + 3, const char *);
	size_t n = 0;
	int held = -1;
	bool taken = true;
	*end = (struct task_end){ .exit_status = -1 };
	if (command->shell) {
		words[n++] = "/bin/sh";
		words[n++] = "-c";
	}
	for (size_t i = 0; i < command->words.n; i++)
		words[n++] = arena_copy(arena, command->words.at[i]).at;
	struct child_orders orders = {
		.words = words,
		.env = variables(arena, place, (struct str_list){ 0 }),
		.input = "/dev/null",
	};
	if (command->pool != SCHEDULE_NONE &&
	    !pool_take(place->run_folder, &place->schedule->pool[command->pool], place->watch,
		       place->deadline, &held, &taken, fail))
		return false;
	struct boundary boundary;
	bool good = true;
	if (taken)
		good = bound(arena, place, &orders, true, &boundary, fail) &&
		       run(arena, place, &orders, NULL, log, end, fail);
	else
		no_place(end, place->watch);
	if (held >= 0)
		close(held);
	return good;
}

static bool too_long(struct arena *arena, const struct schedule_agent *agent,
		     const struct schedule_runner *runner, struct str prompt, struct task_end *end)
{
	if (runner->prompt != SCHEDULE_PROMPT_ARGUMENT || prompt.n <= PROMPT_ARGUMENT_LIMIT)
		return false;
	end->reason = RECORD_COMMAND;
	end->what = arena_format(
		arena,
		"cannot be given a prompt of %zu bytes as an argument, at most %d fit: use `prompt stdin` or "
		"`prompt file` in the runner %.*s, or shorten the prompt of %.*s",
		prompt.n, PROMPT_ARGUMENT_LIMIT, STR_ARG(runner->name), STR_ARG(agent->name));
	return true;
}

/* The words of the command, with what begins a session or goes on with one. */
static const char *const *words_of(struct arena *arena, const struct schedule_runner *runner,
				   bool goes_on, const struct prompt_values *values)
{
	const struct str_list none = { 0 };
	const struct str_list parts[] = { goes_on && runner->resume_whole ? none : runner->words,
					  goes_on ? runner->resume : runner->session };
	const char **words = ARENA_MANY(arena, parts[0].n + parts[1].n + 1, const char *);
	size_t n = 0;
	for (size_t p = 0; p < 2; p++)
		for (size_t i = 0; i < parts[p].n; i++)
			words[n++] = prompt_put_in(arena, parts[p].at[i], values).at;
	return words;
}

bool task_agent(struct arena *arena, const struct task_place *place, const struct task_agent *task,
		struct task_end *end, struct fail *fail)
{
	const struct schedule_agent *agent = place->who;
	const struct schedule_runner *runner = &place->schedule->runner[agent->runner];
	const char *file = place_attempt(arena, place->run_folder, agent->name, place->attempt,
					 "prompt");
	struct text prompt = { 0 };
	*end = (struct task_end){ .exit_status = -1 };
	if (task->goes_on)
		prompt_go_on(task->feedback, &prompt);
	else
		prompt_write(place->schedule, task->agent, task->feedback, &prompt);
	bool good = file_write(file, text_str(&prompt), 0666, fail);
	if (good && !too_long(arena, agent, runner, text_str(&prompt), end)) {
		const struct prompt_values values = {
			.file = str_from(file),
			.prompt = runner->prompt == SCHEDULE_PROMPT_ARGUMENT ? text_str(&prompt)
									     : (struct str){ 0 },
			.session = task->session,
		};
		struct child_orders orders = {
			.words = words_of(arena, runner, task->goes_on, &values),
			.env = variables(arena, place, runner->env),
			.input = runner->prompt == SCHEDULE_PROMPT_STDIN ? file : "/dev/null",
			.idle = (int64_t)agent->idle * 1000,
			.ask = schedule_signal(runner->stop),
		};
		struct boundary boundary;
		/* The prompt is in a file that it may be told the name of. */
		const char *stdin_file = orders.input;
		orders.input = file;
		good = bound(arena, place, &orders, false, &boundary, fail);
		orders.input = stdin_file;
		good = good && run(arena, place, &orders, task, task->log, end, fail);
	}
	text_release(&prompt);
	return good;
}

struct str task_words(struct arena *arena, const struct schedule_command *command)
{
	struct text words = { 0 };
	for (size_t i = 0; i < command->words.n; i++) {
		if (i)
			text_add_byte(&words, ' ');
		text_add(&words, command->words.at[i]);
	}
	struct str result = arena_copy(arena, text_str(&words));
	text_release(&words);
	return result;
}
