/* own_inside.h — for own.c and own_say.c only: overlaps by what causes them. */
#ifndef COMPILER_OWN_INSIDE_H
#define COMPILER_OWN_INSIDE_H

#include "compiler/own.h"
#include "compiler/settle.h"

/* Two agents that may run at the same time, and a pattern of each that says the same path. */
struct own_pair {
	uint32_t a, b;	/* agents; a < b */
	uint32_t pattern_a, pattern_b;
};
/* All agents that an `after` is proposed for: one edit each. */
struct own_fix {
	uint32_t agent;
	uint32_t *before;
	size_t n;
};
/* The owners of one pattern, or of two that meet: one mistake, however many agents it is about. */
struct own_cause {
	struct proof_meet meet;
	const struct own_pair *pair;	/* those that no cause before this one has */
	size_t pair_n;
	bool cut;	/* there are more, too many to be looked at */
	VEC(struct own_fix) fixes;
	uint32_t diag;	/* the message: its index */
};
struct own {
	struct load *load;
	struct arena *scratch;
	const struct plan *plan;
	const struct order *order;
	const struct schedule *schedule;
	struct proof proof;
	struct settle settle;
	const uint64_t *start, *tail;	/* by rank: the longest path up to it, and from its start on */
	VEC(struct own_cause) causes;
	uint64_t priced;	/* agents that were looked at for prices */
};

static inline const struct plan_text *own_pattern(const struct own *o, uint32_t agent,
						  uint32_t pattern)
{
	const struct plan_agent *at = &o->plan->agents.at[agent];
	const struct plan_texts *owns = &at->list[PLAN_OWNS];
	return pattern < owns->list.n ? &owns->list.at[pattern] : &at->list[PLAN_CREATES].list.at[pattern - owns->list.n];
}
/* A message for the cause, with its fixes. */
void own_say(struct own *, struct own_cause *);
/* To the first message, what all fixes cost together. */
void own_say_total(struct own *);

#endif
