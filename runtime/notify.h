/* notify.h — the plan's `notify`: its command is run for each thing that somebody who is not watching wants
 * to know. One after another, outside of every agent's bounds: as what the user runs.
 *
 * It is told by its environment: ORCH_EVENT (an event's name), ORCH_MESSAGE, ORCH_AGENT (empty: the run),
 * ORCH_RUN, ORCH_PLAN, ORCH_ROOT. What it prints goes to .orch/runs/N/notify.log. A command that fails is
 * told of, and never the run's failure; what was told to it is not told again when the run is resumed. */
#ifndef RUNTIME_NOTIFY_H
#define RUNTIME_NOTIFY_H

#include "runtime/loop.h"
#include "runtime/run.h"
#include "runtime/world.h"

struct notify;

/* In the run's arena; run and loop are borrowed. NULL when the plan has none: then the others do nothing. */
struct notify *notify_open(struct run *, struct loop *, void (*say)(void *self, const char *), void *self);
/* Is it one of those? Then the command runs, now or when it has been told of what came before. */
void notify_event(struct notify *, const struct world_event *);
/* Waits until it knows all, ten seconds at most; says what it could not be told. */
void notify_close(struct notify *);

#endif
