/* lint.h — what is allowed, and probably not meant: warnings. */
#ifndef COMPILER_LINT_H
#define COMPILER_LINT_H

#include "compiler/order.h"
#include "schedule/schedule.h"

/* The schedule only if the order is sound; else it is not looked at. */
void lint_plan(struct load *, const struct bind *, const struct plan *, const struct order *,
	       const struct schedule *);

#endif
