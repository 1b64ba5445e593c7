/* choose.h — the agents that a command names, and after them perhaps the run. */
#ifndef CMD_ORCH_CHOOSE_H
#define CMD_ORCH_CHOOSE_H

#include "common/command.h"
#include "runtime/run.h"

struct choose {
	bool *agent;	/* by agent: is it named? In the run's arena */
	struct str weak;	/* from admit_place */
};
/* Takes the lock, loads the run and what its journal says. STATUS_MERGED, or the status of a
 * failure that has been said. `what` says who holds the lock. */
int choose_agents(struct run *, const struct command_line *, const char *what, struct choose *,
		  struct machine_memory **);

#endif
