/* attempt_combination.c — a test of the plan on a combination, in a tree of its own. A tree in
 * which the test passed is removed; one in which it failed is left to be looked at. */
#include "runtime/attempt.h"

#include "common/file.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/task.h"

#include <unistd.h>

const char *attempt_combination_record(struct arena *arena, const char *run_folder,
				       struct str agent, uint32_t command)
{
	return place_agent(arena, run_folder, agent,
			   arena_format(arena, "combination-%u.json", command).at);
}

static bool run(struct arena *arena, struct repo *repo, const struct attempt_test *test,
		const struct tree_orders *tree, const struct task_place *place,
		struct record *record, struct task_end *end, struct fail *fail)
{
	const struct schedule *schedule = place->schedule;
	struct str agent = schedule->agent[test->agent].name;
	struct str words = task_words(arena, &schedule->command[test->command]);
	const char *log = place_agent(arena, test->run_folder, agent,
				      arena_format(arena, "combination-%u.log", test->command).at);
	/* There may be one that was cut off; only tests ran in it. */
	if (!tree_remove(repo, tree, fail) || !tree_prepare(repo, tree, fail) ||
	    !task_command(arena, place, test->command, log, end, fail))
		return false;
	if (end->reason == RECORD_NONE) {
		bool removed = tree_remove(repo, tree, fail);
		if (removed)
			record->commit = test->combined;
		return removed;
	}
	record->reason = end->reason == RECORD_EXIT || end->reason == RECORD_COMMAND ? RECORD_TEST
										     : end->reason;
	record->exit_status = end->exit_status;
	record->signal = end->signal;
	record->output = end->output;
	record->message = arena_format(
		arena,
		"the plan's test \"%.*s\" %.*s on the combination with %.*s, whose tree is %s",
		STR_ARG(words), STR_ARG(end->what), STR_ARG(agent), tree->work_dir);
	return true;
}

bool attempt_combination(const struct attempt_test *test, struct watch *watch, bool *recorded,
			 struct fail *fail)
{
	struct arena arena = { 0 };
	struct schedule *schedule;
	struct repo *repo = NULL;
	int lock = -1;
	struct task_end end = { 0 };
	struct record record = {
		.agent = test->agent,
		.attempt = 1,
		.start = test->combined,
		.exit_status = -1,
		.sandbox = str_from(sandbox_name(test->level)),
	};
	bool good = attempt_schedule(&arena, test->run_folder, &schedule, fail) &&
		    repo_open(test->run_folder, &repo, fail);
	*recorded = false;
	/* Nobody may be reading any more; that is noticed elsewhere. */
	ssize_t told = write(test->progress, "test\n", 5);
	(void)told;
	if (good && (test->agent >= schedule->agent_n || test->command >= schedule->command_n))
		good = fail_set(fail, "the schedule in %s has no such agent or command",
				test->run_folder);
	if (good) {
		struct str name = schedule->agent[test->agent].name;
		struct tree_orders tree = place_combination(&arena, test->run_folder, name,
							    test->combined);
		struct task_place place = {
			.schedule = schedule,
			.agent = test->agent,
			.attempt = 1,
			.slot = test->slot,
			.base = test->combined,
			.run_folder = test->run_folder,
			.tree = &tree,
			.git_dir = repo_git_dir(repo),
			.level = test->level,
			.environ = test->environ,
			.watch = watch,
			.grace = test->grace,
		};
		if (schedule->agent[test->agent].timeout)
			place.deadline = watch_now() +
					 (int64_t)schedule->agent[test->agent].timeout * 1000;
		struct fail world;
		good = pool_hold(place_agent(&arena, test->run_folder, name, "combination.lock"),
				 watch, &lock, fail);
		if (good && lock < 0)
			record.reason = RECORD_STOPPED;
		else if (good && !run(&arena, repo, test, &tree, &place, &record, &end, &world)) {
			record.reason = RECORD_WORLD;
			record.message = arena_copy(&arena, str_from(world.text));
		}
		if (good && !end.orphaned)
			good = *recorded =
				record_write(attempt_combination_record(&arena, test->run_folder,
									name, test->command),
					     &record, fail);
	}
	repo_close(repo);
	if (lock >= 0)
		close(lock);
	arena_release(&arena);
	return good;
}
