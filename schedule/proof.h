/* proof.h — do two agents that may run at the same time own a path in common?
 *
 * Two agents may run at the same time when neither comes after the other, however far. The answer
 * is exact: about patterns, not files, so it holds for files that do not exist yet. */
#ifndef SCHEDULE_PROOF_H
#define SCHEDULE_PROOF_H

#include "common/arena.h"
#include "common/fail.h"

struct proof_agent {
	struct str_list patterns;	/* all that it owns or creates; borrowed */
	const uint32_t *after;	/* agents that it directly waits for; borrowed */
	size_t after_n;
};
struct proof_overlap {
	uint32_t a, b;	/* agents; a < b */
	uint32_t pattern_a, pattern_b;	/* indices into their patterns */
	struct str witness;	/* a path that both match; in the arena */
};
/* All agents that own one pattern, however it is written. */
struct proof_row {
	uint32_t *agent;	/* in a topological order */
	uint32_t *pattern;	/* of each, the index into its patterns */
	size_t n;
};
/* Each agent of row x owns a path in common with each of row y, and not all of these come one after
 * the other. */
struct proof_meet {
	uint32_t x, y;	/* rows; x == y: the row's agents with one another */
};
struct proof {
	struct proof_overlap *at;	/* by a, then b; each pair once */
	size_t n;
	struct proof_row *row;	/* that meets are about; there are rows and meets if and only if there are overlaps */
	size_t row_n;
	struct proof_meet *meet;
	size_t meet_n;
};

/* Overlaps, in the arena. Every one is real, and when there is none, then no two agents that may
 * run at the same time own a path in common. Of k agents that own the same pattern only those are
 * compared that are neighbours in a topological order of all: when all neighbours are ordered, all
 * are, and when not, these are the places where an `after` is missing. All pairs of agents whose
 * patterns are owned by one agent each are reported. The meets have every pair: agents that own a
 * path in common and do not come one after the other are those of a meet. False, with `fail`, when
 * a pattern is not well formed, an index is out of range, or agents wait for one another in a
 * circle. */
bool proof_make(struct arena *, const struct proof_agent *, size_t agent_n, struct proof *,
		struct fail *);

#endif
