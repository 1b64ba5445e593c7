/* undo.h — which agents are rolled back, and which run once more: chosen from what the journal
 * says, before anything is changed. What then happens to them is machine_undo.c's and revert.c's. */
#ifndef RUNTIME_UNDO_H
#define RUNTIME_UNDO_H

#include "runtime/machine.h"

/* All by agent, as many as the schedule has; what is returned is in the arena. */

/* Those asked for and all that come after them and were begun or will be. With `alone` it is a
 * failure when there are such, and they are named. *any is false when all is undone already: there
 * is nothing to do. One that has nothing that could be undone is a failure, with what to do. */
bool undo_select(struct arena *, const struct schedule *, const struct machine_memory *, const bool *asked, bool alone,
		 bool **take, bool *any, struct fail *);
/* Those asked for and what was skipped or undone because of them and can run again. One that is
 * merged, was left out or is not over, and one whose start is not there, is a failure with its
 * remedy. */
bool undo_select_retry(struct arena *, const struct schedule *, const struct machine_memory *, const bool *asked,
		       bool **take, struct fail *);

/* Would trying this one again be of use: it did not succeed by itself, or was rolled back by name? */
bool undo_can_retry(const struct machine_memory *);

#endif
