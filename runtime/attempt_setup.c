/* attempt_setup.c — a fresh tree is made ready: what the checkout has, and what setups make. */
#include "runtime/attempt_inside.h"

#include "common/file.h"
#include "runtime/place.h"
#include "runtime/pool.h"
#include "runtime/setup.h"

#include <unistd.h>

bool attempt_setup_copy(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	attempt_step_input(attempt, attempt->schedule->strings.at[operand]);
	return tree_copy(repo_root(attempt->repo), &attempt->tree,
			 attempt->schedule->strings.at[operand], &fail) ||
	       attempt_step_not_set_up(attempt, &fail);
}

bool attempt_setup_link(struct attempt *attempt, uint32_t operand)
{
	struct fail fail;
	attempt_step_input(attempt, attempt->schedule->strings.at[operand]);
	return tree_link(repo_root(attempt->repo), &attempt->tree,
			 attempt->schedule->strings.at[operand], &fail) ||
	       attempt_step_not_set_up(attempt, &fail);
}

static bool fail_missing(struct attempt *attempt, struct str words, struct str missing)
{
	return attempt_step_ended(attempt, RECORD_SETUP,
		     arena_format(attempt->arena,
				  "its setup \"%.*s\" says that it makes %.*s, and has not",
				  STR_ARG(words), STR_ARG(missing)));
}

/* In the place of what the command would have printed. */
static bool note_kept(struct attempt *attempt, struct str words, const char *folder,
		      struct fail *fail)
{
	const char *kind = arena_format(attempt->arena, "setup-%u.log", ++attempt->checks).at;
	attempt_step_input(attempt, words);
	attempt->step_output = STR("kept");
	return file_write(place_attempt(attempt->arena, attempt->orders->run_folder,
					attempt->agent->name, attempt->orders->attempt, kind),
			  arena_format(attempt->arena,
				       "not run: what it makes was kept, in %s\n", folder),
			  0666, fail);
}

/* One whose result is kept: whoever comes first makes it, the others wait and copy. */
static bool kept_setup(struct attempt *attempt, uint32_t operand, const struct setup *setup,
		       struct fail *fail)
{
	struct str words = task_words(attempt->arena, setup->command), missing = { 0 };
	const char *folder;
	bool kept = false, good = true;
	int lock = -1;
	if (!setup_find(attempt->arena, setup, &folder, fail) ||
	    !file_make_folders(place_kept(attempt->arena, setup->root, ""), fail) ||
	    !pool_hold(arena_format(attempt->arena, "%s.lock", folder).at, attempt->place.watch,
		       &lock, fail))
		return attempt_step_failed(attempt, RECORD_WORLD, fail);
	if (lock < 0) {
		attempt->orphaned = attempt->place.watch->orphaned;
		return attempt_step_ended(attempt, RECORD_STOPPED, STR("it was stopped while it waited for a setup"));
	}
	attempt_step_clock(attempt);
	if (!setup_bring(setup, folder, &kept, fail) ||
	    (kept && !note_kept(attempt, words, folder, fail)))
		good = attempt_step_failed(attempt, RECORD_WORLD, fail);
	else if (!kept && (good = attempt_step_command(attempt, operand, "setup", RECORD_SETUP)))
		good = setup_keep(setup, folder, &missing, fail) ||
		       attempt_step_failed(attempt, RECORD_WORLD, fail);
	close(lock);
	return good && (!missing.n || fail_missing(attempt, words, missing));
}

bool attempt_setup(struct attempt *attempt, uint32_t operand)
{
	const struct setup setup = { .command = &attempt->schedule->command[operand],
				     .env = attempt->agent->env,
				     .root = repo_root(attempt->repo),
				     .tree = &attempt->tree };
	struct fail fail;
	if (setup.command->makes.n)
		return kept_setup(attempt, operand, &setup, &fail);
	attempt_step_clock(attempt);
	return attempt_step_command(attempt, operand, "setup", RECORD_SETUP);
}
