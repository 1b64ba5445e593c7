/* own.h — do two agents that may run at the same time own the same path? */
#ifndef COMPILER_OWN_H
#define COMPILER_OWN_H

#include "compiler/order.h"
#include "schedule/schedule.h"

/* The schedule is for what the `after` that would settle an overlap costs. */
void own_check(struct load *, const struct plan *, const struct order *, const struct schedule *);

#endif
