/* lower.h — from a plan to its schedule: agents in topological order, everything by index. */
#ifndef COMPILER_LOWER_H
#define COMPILER_LOWER_H

#include "compiler/order.h"
#include "schedule/schedule.h"

/* Of a plan with errors it is good for questions about time only (where there was a circle, not even for those):
 * an agent may have no runner (SCHEDULE_NONE). In the arena of the load; texts are borrowed from the
 * plan. Without the prompts, which are most of a large plan. */
void lower_plan(struct load *, const struct plan *, const struct order *, struct schedule *);
/* The prompts, for those who write the schedule or show it. */
void lower_prompts(struct load *, const struct plan *, const struct order *, struct schedule *);

#endif
