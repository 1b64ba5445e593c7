/* order.h — what comes after what: circles, an order to start in, an order to merge in, and whether
 * all branches can exist side by side. */
#ifndef COMPILER_ORDER_H
#define COMPILER_ORDER_H

#include "common/graph.h"
#include "compiler/plan.h"

struct order {
	bool sound;		/* no circle. Else those in one are taken to run in a row, as one that comes after
				 * all that any of them comes after: what does not touch them is as it would be */
	struct graph graph;	/* edges lead from what is waited for to what waits */
	uint32_t *agent;	/* agents in topological order, ties in the order of the plan */
	uint32_t *rank;		/* by agent, its place in that order */
	uint32_t *merge;	/* agents in the order in which results are put together */
};

/* In the plan, what comes after a loose agent becomes loose, too; and agents in a circle are marked, their
 * `after` and those that name them being what the row needs. */
void order_agents(struct load *, struct plan *, struct order *);
/* The place that says that `agent` directly comes after `before`. */
struct span order_edge(const struct plan *, uint32_t agent, uint32_t before);

#endif
