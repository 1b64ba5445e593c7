/* keeper.h — a process between a program that has no cell and its supervisor. It is the parent of all
 * that is orphaned below it, and ends all of it when the program has ended, or when the supervisor dies:
 * so nothing is left even when orch and its node are killed by -9 in one moment.
 *
 * It does what init does in a cell (cell.h), with signals alone: a program may kill its keeper. Then its own
 * end is that of the keeper, and what else there is falls to the supervisor. */
#ifndef RUNTIME_KEEPER_H
#define RUNTIME_KEEPER_H

#include "runtime/cell.h"

/* Like fork(2): the number of the keeper; 0 in the program's process; -1. Where the keeper can start no
 * program, it is 0 in the keeper itself with *error set, which is to tell so and to end. The end is shared
 * memory, from cell_share. For processes with one thread. */
pid_t keeper_start(struct cell_end *, int *error);
/* Tells it to end all below it, and itself. Not by -9: who is killed in between would leave the rest to
 * nobody. */
void keeper_stop(pid_t);

#endif
