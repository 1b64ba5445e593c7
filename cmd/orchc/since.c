/* since.c — see since.h.
 *
 * A plan that was not there, or was no text, had no findings. A file is known by its path: in one that
 * was renamed, all is new. */
#include "cmd/orchc/since.h"

#include "cmd/orchc/mend.h"
#include "common/diag_known.h"

#include <stdio.h>

bool since_begin(const struct command_line *line)
{
	const char *since = command_value(line, "--since"), *wrong = NULL;
	if (since && !*since)
		wrong = "--since needs a commit, but its argument is empty: is the variable that it comes from set?";
	else if (since && mend_wanted(line))
		wrong = "--since leaves out what was found before, and --fix and --diff would mend that, too: leave out one of them";
	if (wrong)
		fprintf(stderr, "error: %s\n", wrong);
	return !wrong;
}

bool since_leave_out(const struct command_line *line, struct repository *repository,
		     const char *path, struct compile *now, size_t *left_out, struct fail *fail)
{
	const char *since = command_value(line, "--since");
	struct arena arena = { 0 };
	struct repository_past past;
	struct compile before;
	struct fail unread;
	*left_out = 0;
	if (!since)
		return true;
	bool good = repository_look_back(repository, &arena, now->load.root, since, &past, fail);
	if (good) {
		struct compile_options options = { .reader = &past.reader,
						   .elsewhere = &past.files };
		bool read = compile_plan_with(&arena, path, &options, &before, &unread);
		good = !past.failed;
		if (past.failed)
			*fail = past.fail;
		else if (read)
			*left_out = diag_known_drop(&now->diags, &before.diags);
	}
	arena_release(&arena);
	return good;
}
