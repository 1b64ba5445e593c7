/* landed.h — what of a run's result is on the branch that it began from, as things are now. */
#ifndef RUNTIME_LANDED_H
#define RUNTIME_LANDED_H

#include "runtime/repo.h"
#include "runtime/store.h"

enum landed {
	LANDED_NOTHING, /* there is no result but the base */
	LANDED_NOWHERE, /* the base was no branch's, so there is nothing to land on */
	LANDED_NOT,
	LANDED_ALL,     /* the branch has it, or has had it and is gone */
	LANDED_CHANGED, /* it has landed, and the run went on since: `orch land` brings the rest */
	LANDED_BACK,    /* it has landed, and all of it was rolled back since */
};
/* What cannot be read counts as not landed. The arena is for names. */
enum landed landed_now(struct repo *, struct arena *, const struct store_run *);

#endif
