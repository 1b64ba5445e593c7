/* runner_events.h — what is read off a runner's output: the statements of its block `events`. */
#ifndef COMPILER_RUNNER_EVENTS_H
#define COMPILER_RUNNER_EVENTS_H

#include "compiler/plan.h"

/* `block` is in the syntax of `eval`. Mistakes are in the diagnostics. */
void runner_events(const struct eval *, const struct node *block, struct plan_rules *);

#endif
