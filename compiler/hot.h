/* hot.h — files that many changes touch: lock files, manifests, CI configuration (hot.def). */
#ifndef COMPILER_HOT_H
#define COMPILER_HOT_H

#include "compiler/tracked.h"
#include "compiler/plan.h"

/* Warns of a manifest that an agent owns without the lock file beside it, and of a hot file that
 * several agents own through wildcards in names only, so that none of them seems to mean it. */
void hot_check(struct load *, const struct plan *, struct tracked *);

#endif
