/* unbrought.h — settings that a checkout has and agents' trees do not: `.env` and its kin, which git ignores and the plan
 * does not bring over. Programs that read them fail in ways that do not say so. */
#ifndef RUNTIME_UNBROUGHT_H
#define RUNTIME_UNBROUGHT_H

#include "runtime/repo.h"
#include "schedule/schedule.h"

/* A sentence, in the arena; empty when there is nothing to say. `base` is the commit that agents start from. */
bool unbrought_warn(struct repo *, struct arena *, const struct schedule *, struct oid base,
		    struct str *sentence, struct fail *);

#endif
