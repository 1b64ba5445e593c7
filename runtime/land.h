/* land.h — brings a run's integration to the branch that the run began from.
 *
 * The branch is moved by compare-and-swap: forward when it has not moved, else to a merge. When it
 * is checked out, index and files follow, and only a clean checkout is touched. */
#ifndef RUNTIME_LAND_H
#define RUNTIME_LAND_H

#include "runtime/run.h"

struct land_outcome {
	bool already;		/* it had landed before */
	bool merged;		/* by a merge commit, not by moving forward */
	bool checkout;		/* the main checkout was updated too */
	struct str branch;	/* short name */
	struct oid before, after;
};
/* The run is loaded and its lock held. What is in the way is a failure with its remedy, and then
 * nothing has changed. */
bool land_run(struct run *, struct land_outcome *, struct fail *);

#endif
