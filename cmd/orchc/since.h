/* since.h — orchc check --since REV: only what a change brings.
 *
 * The plan is compiled as it was where the branch left that commit's history (the merge base), with what it imported and its prompts, from git's objects. A finding that
 * was there is left out: one of the same code in the same file with the same message, as often as it was there, wherever
 * it stands now. A plan that was not there, or not under this path, brings all it has. */
#ifndef CMD_ORCHC_SINCE_H
#define CMD_ORCHC_SINCE_H

#include "cmd/orchc/report.h"
#include "cmd/repository.h"

#define SINCE_OPTION                                                                    \
	{ "--since", 0, "REV", NULL, "only findings that the plan at that commit does not have" }

/* False when the options do not go together, which has been said. */
bool since_begin(struct report *, const struct command_line *);
/* Takes out of a plan's diagnostics what was there at the revision, and tells the report how many that were. */
bool since_filter(struct report *, struct repository *, struct compile *, struct fail *);

#endif
