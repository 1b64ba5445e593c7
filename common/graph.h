/* graph.h — what comes before what: order, cycles, and many questions of reachability at once.
 *
 * Nodes are 0 … n-1. Nothing recurses, so a chain of any length is fine. */
#ifndef COMMON_GRAPH_H
#define COMMON_GRAPH_H

#include "common/arena.h"

struct graph_edge {
	uint32_t before, after;
};
struct graph {
	uint32_t n;
	const uint32_t *first;	/* n + 1 of them: the successors of i are next[first[i]] … next[first[i + 1] - 1] */
	const uint32_t *next;
};
struct graph_cycle {
	const uint32_t *at;	/* each comes before the next, the last before the first; the lowest is first */
	size_t n;
};
struct graph_question {
	uint32_t before, after;
	bool holds;	/* the answer */
};

/* In the arena. Edges may be doubled; successors are in the order of the edges. */
struct graph graph_make(struct arena *, uint32_t n, const struct graph_edge *, size_t edge_n);
/* A topological order into order[n], of all such orders the lexicographically first, so that ties
 * are in the order of the numbers. False when there is a cycle. */
bool graph_order(const struct graph *, uint32_t *order);
/* A cycle for each knot of nodes that can reach one another: the shortest through the knot's lowest
 * node. Knots by their lowest node. In the arena. */
struct graph_cycle *graph_cycles(struct arena *, const struct graph *, size_t *cycle_n);
/* By node, the lowest of those that it is in a knot with: that can reach one another. Itself when there are
 * no others. In the arena. */
uint32_t *graph_knots(struct arena *, const struct graph *);
/* Answers each question: is there a path of one edge or more? `order` is topological. Takes time in
 * (edges × nodes asked about ÷ 512) at most, and 64 bytes a node. */
void graph_reach(const struct graph *, const uint32_t *order, struct graph_question *,
		 size_t question_n);

#endif
