/* branch.h — may a branch have that name, and can a set of branches exist side by side?
 * By git's own rules for refs under refs/heads/ (git-check-ref-format). */
#ifndef SCHEDULE_BRANCH_H
#define SCHEDULE_BRANCH_H

#include "common/arena.h"

/* NULL when git takes the name, else what is wrong with it ("has a part that ends in .lock");
 * static. */
const char *branch_wrong(struct str name);
/* The same for an agent's name, which its refs end in: refs/orch/N/agents/NAME. */
const char *branch_agent_wrong(struct str name);
/* Do two have the same name, or is one a folder that another is in (`a` and `a/b`)? Then *first and
 * *second are their indices, the folder first. n log n; scratch in the arena. */
bool branch_clash(struct arena *, const struct str *names, size_t n, size_t *first, size_t *second);

#endif
