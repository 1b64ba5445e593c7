/* order.h — what comes after what: circles, an order to start in, an order to merge in, and whether
 * all branches can exist side by side. */
#ifndef COMPILER_ORDER_H
#define COMPILER_ORDER_H

#include "common/graph.h"
#include "compiler/plan.h"

struct order {
	bool sound;		/* no circle; only then is there anything else */
	struct graph graph;	/* edges lead from what is waited for to what waits */
	uint32_t *agent;	/* agents in topological order, ties in the order of the plan */
	uint32_t *rank;		/* by agent, its place in that order */
	uint32_t *merge;	/* agents in the order in which results are put together */
};

/* In the plan, what comes after a loose agent becomes loose, too. */
void order_agents(struct load *, struct plan *, struct order *);
/* The place that says that `agent` directly comes after `before`. */
struct span order_edge(const struct plan *, uint32_t agent, uint32_t before);

#endif
