/* gc_refs.h — refs of a run that are no longer needed, because the base branch has their commits. */
#ifndef RUNTIME_GC_REFS_H
#define RUNTIME_GC_REFS_H

#include "common/text.h"
#include "runtime/run.h"

/* Of a run without trees: a private git folder borrows from what its refs hold. A ref goes only
 * when its commit is in the history of the branch that the run began from, looked up now; an
 * agent's branch too, unless it is checked out or somebody has moved it. `look`: only say so. Adds
 * to *removed, and a line for each kind to `out`. */
bool gc_refs_remove(struct arena *, struct run *, const struct store_run *, const struct schedule *, bool look,
		    size_t *removed, struct text *out, struct fail *);

#endif
