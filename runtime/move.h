/* move.h — the branch that a run began from is moved to another commit, because the user asked for
 * it: by compare-and-swap, and a checkout of it follows.
 *
 * A ref (refs/orch/N/landing) says from where, until both are done, so that what a kill cut off in
 * between can be finished. */
#ifndef RUNTIME_MOVE_H
#define RUNTIME_MOVE_H

#include "runtime/repo_checkout.h"
#include "runtime/run.h"

struct move {
	struct run *run;
	const char *command;	/* what the user said, for messages: "orch land" */
	const char *instead;	/* what to do when the branch is in a linked work tree: a sentence */
	struct oid ours;	/* a lock of the branch that a kill left behind leads to this, or to what comes after */
	/* From move_find: */
	const char *branch, *note;	/* full names of refs */
	struct str shown;	/* the branch's short name */
	struct oid before;	/* none: the branch is gone */
	enum repo_checkout_place place;
	struct str linked;	/* the work tree that has the branch, when it is elsewhere */
	bool checkout;		/* the main checkout was updated too */
};

/* The run's branch must have a name. */
bool move_find(struct move *, struct fail *);
/* Is anything of the user's in the way of moving it there? Then a failure with its remedy. */
bool move_may(struct move *, struct oid after, struct fail *);
/* Moves it, and the checkout after it. */
bool move_make(struct move *, struct oid after, const char *reason, struct fail *);
/* Finishes what a kill cut off, if there is such a thing. */
bool move_finish(struct move *, struct fail *);

#endif
