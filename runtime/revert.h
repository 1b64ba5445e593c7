/* revert.h — results that have landed are taken back on the branch: a commit for each, on top of
 * whatever is there now.
 *
 * Decide, journal, act: the commits are made and kept under a ref, the journal says which agents
 * they are for, the branch moves by compare-and-swap, and only then the machine takes the agents
 * out of the run. Killed in between, `orch resume` or the same rollback again finds out whether
 * the branch has them, and goes on from there. */
#ifndef RUNTIME_REVERT_H
#define RUNTIME_REVERT_H

#include "runtime/move.h"

struct revert {
	size_t n;		/* commits; 0: nothing of these agents is on the branch */
	struct oid before, after;	/* of the branch */
	struct str branch;	/* short name */
	struct move move;
	const bool *agent;	/* by agent: what the commits are for; in the run's arena */
};
/* What taking these agents out (undo.h) means for the branch. A path that was changed since, and
 * whatever of the user's is in the way, is a failure with its remedy, and then `command` is to be said
 * again; borrowed. Moves nothing. */
bool revert_plan(struct run *, const struct machine_memory *, const bool *take, const char *command, struct revert *,
		 struct fail *);
/* Does it. The run is unfinished then, until the machine has gone on with it. */
bool revert_make(struct run *, struct revert *, struct fail *);
/* Agents whose results were taken back on the branch and that are not undone yet, since somebody
 * was killed in between; NULL: none. Finishes what there is to be finished of the checkout. */
bool revert_pending(struct run *, const struct machine_memory *, bool **undo, struct fail *);

#endif
