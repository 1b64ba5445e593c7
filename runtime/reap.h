/* reap.h — no process of an agent outlives its attempt, whatever it did to get away.
 *
 * Whoever calls this is a subreaper (PR_SET_CHILD_SUBREAPER): a daemon's double fork and setsid
 * only make it our child. So what is below us in the table of processes is the agent's, and nothing
 * else is. */
#ifndef RUNTIME_REAP_H
#define RUNTIME_REAP_H

#include "common/fail.h"

#include <stdint.h>
#include <sys/types.h>

/* Makes this process the parent of whatever is orphaned below it. */
bool reap_adopt(struct fail *);
/* Kills every process below this one, waits for its end, and looks again until there is none left.
 * Processes in `spare` and what is below them are let be. False when some could not be killed. */
bool reap_all(const pid_t *spare, size_t n);
/* Asks one and its group to end, with that signal. A stopped one is woken, or it could not hear. */
void reap_ask(pid_t, int signal);
/* How many processes and threads are below this one. 0 as well when the table of processes cannot be
 * read. */
uint32_t reap_count(void);

#endif
