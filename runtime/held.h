/* held.h — files that agents own and cannot change: git keeps them through a program that orch does
 * not run (conversion.h). Told before the run, so that nobody waits for it in vain. */
#ifndef RUNTIME_HELD_H
#define RUNTIME_HELD_H

#include "runtime/repo.h"
#include "schedule/schedule.h"

/* *sentence is empty when there are none at the base. In the arena. */
bool held_warn(struct repo *, struct arena *, const struct schedule *, struct oid base,
	       struct str *sentence, struct fail *);

#endif
