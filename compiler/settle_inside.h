/* settle_inside.h — for the files of settle only: a choice in the making.
 *
 * Every choice without a circle is that of some order of all agents, each pair in the direction of
 * the order. */
#ifndef COMPILER_SETTLE_INSIDE_H
#define COMPILER_SETTLE_INSIDE_H

#include "common/graph.h"
#include "common/heap.h"
#include "compiler/settle.h"

struct settle_choice {
	struct settle_edge *at;	/* by after, then before */
	size_t n;
	uint64_t path, wall;	/* wall: 0 until it was asked for */
};
struct settling {
	struct arena arena;
	const struct settle_problem *problem;
	const struct schedule *schedule;
	struct graph graph;	/* what is there */
	uint64_t *start, *tail;	/* by agent: the longest path up to its start, and from its start on */
	uint64_t critical;	/* without any more edges */
	uint64_t bound;		/* no choice has a shorter critical path */
	uint64_t least_wall;	/* no schedule is shorter, whatever the order */
	uint64_t walls;		/* agents of imagined runs so far: they are looked at while they are cheap */
	bool chosen;
	struct settle_choice best;
	struct heap heap;	/* for settle_jackson() */
};
enum { SETTLE_WALLS = 60000 };

/* An agent on one machine: it is there from `release` on, takes `time`, and `tail` follows its
 * end. */
struct settle_job {
	uint64_t release, time, tail;
};
/* No order of the jobs, one at a time, ends earlier: Jackson's preemptive schedule (Carlier 1982).
 * Sorts them. */
uint64_t settle_jackson(struct settling *, struct settle_job *, size_t n);
/* An order of the agents with some edges more: the one that the compiler would make. In the
 * arena. */
uint32_t *settle_choice_order(struct arena *, const struct schedule *, const struct settle_edge *,
			      size_t n);
/* The critical path with the edges, which are by after; the order is one with them. */
uint64_t settle_choice_path(const struct schedule *, const uint32_t *order,
			    const struct settle_edge *, size_t n);
/* Takes the choice if it is better than the best so far. */
void settle_choice_offer(struct settling *, struct settle_choice);
/* All that is owned in common by 64 agents at most: searched through, as far as that is quick. True
 * when no choice has a shorter critical path than the best one now. */
bool settle_search(struct settling *);

#endif
