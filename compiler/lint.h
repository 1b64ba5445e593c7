/* lint.h — what is allowed, and probably not meant: warnings. */
#ifndef COMPILER_LINT_H
#define COMPILER_LINT_H

#include "compiler/order.h"
#include "schedule/schedule.h"

/* What the schedule says of times is looked at only if the order is sound. */
void lint_plan(struct load *, const struct bind *, const struct plan *, const struct order *,
	       const struct schedule *);

#endif
