/* runner.h — how agents' programs are launched: the runners that the plan refers to. */
#ifndef COMPILER_RUNNER_H
#define COMPILER_RUNNER_H

#include "compiler/plan.h"

/* The runner that a NAME or QUALIFIED of the unit stands for, read at its first mention; PLAN_NONE
 * when there is none or it could not be read, which has been said. */
uint32_t runner_named(struct load *, struct bind *, struct plan *, uint32_t unit,
		      const struct node *);
/* The runners that a file declares, used or not, for what is wrong with them. */
void runner_check(struct load *, struct bind *, struct plan *, uint32_t unit);

#endif
