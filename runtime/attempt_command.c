/* attempt_command.c — a command of the plan, in a tree of its own that is no agent's: a test on a
 * combination, or what a metric is measured by. A tree in which a test failed is left to be looked at;
 * others are removed. */
#include "runtime/attempt.h"

#include "common/file.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/task.h"

#include <string.h>
#include <unistd.h>

struct beside {
	const struct attempt_command *orders;
	struct arena arena;
	struct schedule *schedule;
	struct repo *repo;
	struct watch *watch;
	struct schedule_agent who;
	struct tree_orders tree;
	uint32_t command;
	bool test;
	const char *folder, *log, *lock, *record; /* files */
	struct record came_to;
	struct task_end end;
};

const char *attempt_command_test_record(struct arena *arena, const char *run_folder,
				       struct str agent, uint32_t command)
{
	return place_agent(arena, run_folder, agent,
			   arena_format(arena, "combination-%u.json", command).at);
}

static bool open_schedule(struct beside *b, const char *step, struct fail *fail)
{
	/* Nobody may be reading any more; that is noticed elsewhere. */
	ssize_t told = write(b->orders->progress, step, strlen(step));
	(void)told;
	return attempt_schedule(&b->arena, b->orders->run_folder, &b->schedule, fail) &&
	       repo_open(b->orders->run_folder, &b->repo, fail);
}

static bool carry_out(struct beside *b, struct fail *fail)
{
	const struct attempt_command *orders = b->orders;
	struct task_place place = {
		.schedule = b->schedule,
		.who = &b->who,
		.folder = b->folder,
		.attempt = 1,
		.slot = orders->slot,
		.base = orders->commit,
		.run_folder = orders->run_folder,
		.tree = &b->tree,
		.git_dir = repo_git_dir(b->repo),
		.level = orders->level,
		.environ = orders->environ,
		.watch = b->watch,
		.grace = orders->grace,
	};
	if (b->who.timeout)
		place.deadline = watch_now() + (int64_t)b->who.timeout * 1000;
	/* There may be one that was cut off; only commands of the plan ran in it. */
	if (!tree_remove(b->repo, &b->tree, fail) || !tree_prepare(b->repo, &b->tree, fail) ||
	    !task_command(&b->arena, &place, b->command, b->log, &b->end, fail))
		return false;
	bool failed = b->end.reason == RECORD_EXIT || b->end.reason == RECORD_COMMAND;
	b->came_to.reason = failed && b->test ? RECORD_TEST : b->end.reason;
	b->came_to.exit_status = b->end.exit_status;
	b->came_to.signal = b->end.signal;
	b->came_to.output = b->end.output;
	if (b->end.reason == RECORD_NONE)
		b->came_to.commit = orders->commit;
	bool look = b->test && b->end.reason != RECORD_NONE;
	return look || tree_remove(b->repo, &b->tree, fail);
}

static struct str told(struct beside *b)
{
	struct str words = task_words(&b->arena, &b->schedule->command[b->command]);
	if (!b->test)
		return arena_format(&b->arena, "\"%.*s\" %.*s; what it printed is in %s",
				    STR_ARG(words), STR_ARG(b->end.what), b->log);
	return arena_format(&b->arena,
			    "the plan's test \"%.*s\" %.*s on the combination with %.*s, whose tree is %s",
			    STR_ARG(words), STR_ARG(b->end.what), STR_ARG(b->who.name),
			    b->tree.work_dir);
}

static bool run(struct beside *b, bool *recorded, struct fail *fail)
{
	struct fail world;
	int lock = -1;
	b->came_to.attempt = 1;
	b->came_to.start = b->orders->commit;
	b->came_to.exit_status = -1;
	b->came_to.sandbox = str_from(sandbox_name(b->orders->level));
	bool good = pool_hold(b->lock, b->watch, &lock, fail);
	if (good && lock < 0) {
		b->came_to.reason = RECORD_STOPPED;
	} else if (good && !carry_out(b, &world)) {
		b->came_to.reason = RECORD_WORLD;
		b->came_to.message = arena_copy(&b->arena, str_from(world.text));
	} else if (good && b->came_to.reason != RECORD_NONE) {
		b->came_to.message = told(b);
	}
	if (good && !b->end.orphaned)
		good = *recorded = record_write(b->record, &b->came_to, fail);
	if (lock >= 0)
		close(lock);
	return good;
}

static void release(struct beside *b)
{
	repo_close(b->repo);
	arena_release(&b->arena);
}

bool attempt_command_test(const struct attempt_command *orders, uint32_t agent, uint32_t command,
			 struct watch *watch, bool *recorded, struct fail *fail)
{
	struct beside b = { .orders = orders, .watch = watch, .command = command, .test = true };
	const char *run_folder = orders->run_folder;
	*recorded = false;
	bool good = open_schedule(&b, "test\n", fail);
	if (good && (agent >= b.schedule->agent_n || command >= b.schedule->command_n))
		good = fail_set(fail, "the schedule in %s has no such agent or command",
				run_folder);
	if (good) {
		struct str name = b.schedule->agent[agent].name;
		b.who = b.schedule->agent[agent];
		b.came_to.agent = agent;
		b.tree = place_combination(&b.arena, run_folder, name, orders->commit);
		b.folder = place_agent(&b.arena, run_folder, name, "");
		b.lock = place_in(&b.arena, b.folder, "combination.lock");
		b.log = place_in(&b.arena, b.folder,
				 arena_format(&b.arena, "combination-%u.log", command).at);
		b.record = attempt_command_test_record(&b.arena, run_folder, name, command);
		good = run(&b, recorded, fail);
	}
	release(&b);
	return good;
}

bool attempt_command_measure(const struct attempt_command *orders, uint32_t metric, bool before,
		     struct watch *watch, bool *recorded, struct fail *fail)
{
	struct beside b = { .orders = orders, .watch = watch };
	const char *run_folder = orders->run_folder;
	*recorded = false;
	bool good = open_schedule(&b, "measure\n", fail);
	if (good && metric >= b.schedule->metric_n)
		good = fail_set(fail, "the schedule in %s has no such metric", run_folder);
	if (good) {
		const struct schedule_metric *of = &b.schedule->metric[metric];
		b.who = task_meter(of);
		b.command = of->run;
		b.tree = place_measure(&b.arena, run_folder, of->name, orders->commit);
		b.folder = place_metric(&b.arena, run_folder, of->name, "");
		b.lock = place_in(&b.arena, b.folder, "lock");
		b.log = place_figure(&b.arena, run_folder, of->name, before, "log");
		b.record = place_figure(&b.arena, run_folder, of->name, before, "json");
		good = run(&b, recorded, fail);
	}
	release(&b);
	return good;
}
