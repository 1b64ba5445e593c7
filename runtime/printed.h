/* printed.h — in which file is what a program of an agent printed?
 *
 * An agent's tests are numbered from 1: its own in the plan's order, then the plan's, which run on
 * its combination. */
#ifndef RUNTIME_PRINTED_H
#define RUNTIME_PRINTED_H

#include "runtime/report.h"

/* What the agent's program printed in that attempt; 0: the last one. The path is in the run's
 * arena. Fails when there was no such attempt, or when nothing was started in it. */
bool printed_program(struct run *, const struct report *, uint32_t agent, uint32_t attempt,
		     const char **path, struct fail *);
/* What a test printed. `number` 0: the one that failed, or else the last one that ran. */
bool printed_test(struct run *, const struct report *, uint32_t agent, uint32_t attempt, uint32_t number, const char **path,
		  struct fail *);

/* What a command of its `setup` printed. `number`, from 1, 0: the last one that ran. `attempt` 0: the last
 * one that set the tree up; attempts that go on in a tree do not. */
bool printed_setup(struct run *, const struct report *, uint32_t agent, uint32_t attempt, uint32_t number, const char **path,
		   struct fail *);
struct printed_test {
	const struct schedule_command *command;
	const char *path;	/* what it printed; NULL: it was not run */
	bool combined;		/* one of the plan's, on the combination */
	bool failed;
};
/* The agent's tests by number, from 1 at [0], as they went in its last attempt; how many. In the run's
 * arena. */
size_t printed_tests(struct run *, const struct report *, uint32_t agent, struct printed_test **);

#endif
