/* ready.h — which agent starts next? The one place that decides it, for runs and for simulations.
 *
 * List scheduling by the longest remaining path (Graham 1969; Hu 1961 for the rule): the ready
 * agent with the longest remaining path whose pools have room, ties by index, takes the lowest free
 * slot. */
#ifndef SCHEDULE_READY_H
#define SCHEDULE_READY_H

#include "schedule/schedule.h"

struct ready;

/* jobs 0: no bound. In the arena, which it goes on using; schedule and `remaining` (by agent) are
 * borrowed. */
struct ready *ready_new(struct arena *, const struct schedule *, const uint64_t *remaining,
			uint32_t jobs);
/* The agent may start from now on. It must not be ready or running already. */
void ready_add(struct ready *, uint32_t agent);
/* The next one to start, which now has a slot and holds its pools; false when none can. */
bool ready_take(struct ready *, uint32_t *agent, uint32_t *slot);
/* An agent that was taken gives back its slot and its pools. */
void ready_end(struct ready *, uint32_t agent);
uint32_t ready_running(const struct ready *);	/* agents that were taken and have not ended */

#endif
