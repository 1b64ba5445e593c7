/* settle.h — the least costly `after`s that put agents which own paths in common one after the
 * other.
 *
 * Which of two goes first is a choice for each pair: a disjunctive graph (Roy and Sussmann 1964),
 * as in a job shop whose machines are the paths. The cost is, in this order, what the critical path
 * becomes, the makespan under the plan's jobs and pools, and how many `after`s are to be written: k
 * agents of one file need k − 1. The problem is NP-hard. It is solved exactly where it is small, by
 * branch and bound; and where a bound that no choice can beat is met anyway, which is the usual
 * case. Otherwise it is the best that was found. */
#ifndef COMPILER_SETTLE_H
#define COMPILER_SETTLE_H

#include "schedule/proof.h"
#include "schedule/schedule.h"

struct settle_row {
	const uint32_t *agent;
	size_t n;
};
/* All is borrowed. Agents are those of the schedule, which is in topological order. */
struct settle_problem {
	const struct schedule *schedule;
	const struct settle_row *row;	/* agents that own a pattern */
	const struct proof_meet *meet;	/* rows whose agents are all to be put in order: see proof.h */
	size_t row_n, meet_n;
};
struct settle_edge {
	uint32_t before, after;	/* agents of a meet that may run at the same time so far */
};
struct settle {
	struct settle_edge *at;	/* by after, then before; none follows from the others */
	size_t n;
	uint64_t path_before, path;	/* the critical path, without and with them; seconds */
	bool least;		/* no choice makes the critical path shorter; else the best that was found */
};

/* In the arena. Together with what is there, the edges make no circle. */
struct settle settle_overlaps(struct arena *, const struct settle_problem *);
/* The critical path with some of those edges only; `edges` by after, then before. */
uint64_t settle_path(const struct schedule *, const struct settle_edge *edges, size_t n);

#endif
