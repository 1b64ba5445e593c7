/* since.h — `orchc check --since REV`: only what a change brings. What was found already where the branch left
 * the history of that commit is left out. */
#ifndef CMD_ORCHC_SINCE_H
#define CMD_ORCHC_SINCE_H

#include "cmd/repository.h"
#include "common/command.h"
#include "compiler/compile.h"

#define SINCE_OPTIONS                                                                     \
	{ "--since", 0, "REV", NULL,                                                     \
	  "only what was not found in the commit REV yet" }

/* False, and said, when options do not go together. */
bool since_begin(const struct command_line *);
/* Without --since, nothing. Else compiles the plan, which was just compiled as it is `now`, as it was, and takes
 * what was found then out of what was found now; how many those are. */
bool since_leave_out(const struct command_line *, struct repository *, const char *path,
		     struct compile *now, size_t *left_out, struct fail *);

#endif
