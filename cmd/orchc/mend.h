/* mend.h — a plan mended by its fixes: in its files, or shown as what would change in them. */
#ifndef CMD_ORCHC_MEND_H
#define CMD_ORCHC_MEND_H

#include "cmd/orchc/report.h"
#include "cmd/repository.h"

/* --fix, --unsafe and --diff. */
#define MEND_OPTIONS                                                                                  \
	{ "--fix", 0, NULL, NULL, "apply the fixes that cannot change what is meant" },               \
	{ "--unsafe", 0, NULL, NULL, "with --fix or --diff: the others, too; look at what they did" }, \
	{ "--diff", 0, NULL, NULL, "show what --fix would change, and change nothing" }

bool mend_wanted(const struct command_line *);
/* Adds what mending needs to the work. False when the options do not go together, which has been
 * said: STATUS_USAGE. */
bool mend_begin(const struct command_line *, struct repository_work *);
/* Mends the plan of `path` and reports what is left; how many warnings that are. */
size_t mend_plan(struct report *, const struct repository *, const char *path);

#endif
