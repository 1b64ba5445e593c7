/* reduce.c — see reduce.h. Agents are in a topological order, so whoever comes between an agent and
 * one that it names is named with a higher number or comes before one that is: looked at from the
 * highest down, each that is kept marks all that it comes after, and what is marked is implied. */
#include "schedule/reduce.h"

struct reducing {
	struct index_list *kept;	/* by agent */
	uint32_t *mark; /* by agent: 1 + the last agent that it was found to come before */
	uint32_t *stack;
};

/* Marks all that `from` comes after, not below `lowest`: nobody asks about those. */
static void mark_before(struct reducing *r, uint32_t from, uint32_t lowest, uint32_t mark)
{
	size_t n = 0;
	r->stack[n++] = from;
	while (n) {
		struct index_list before = r->kept[r->stack[--n]];
		for (size_t i = before.n; i-- > 0 && before.at[i] >= lowest;) {
			if (r->mark[before.at[i]] == mark)
				continue;
			r->mark[before.at[i]] = mark;
			r->stack[n++] = before.at[i];
		}
	}
}

struct index_list *reduce_after(struct arena *arena, const struct schedule *s)
{
	struct reducing r = { ARENA_MANY(arena, s->agent_n, struct index_list),
			      ARENA_MANY(arena, s->agent_n, uint32_t),
			      ARENA_MANY(arena, s->agent_n + 1, uint32_t) };
	for (uint32_t agent = 0; agent < s->agent_n; agent++) {
		struct index_list after = s->agent[agent].after, *kept = &r.kept[agent];
		kept->at = ARENA_MANY(arena, after.n, uint32_t);
		for (size_t i = after.n; i-- > 0;) {
			if (r.mark[after.at[i]] == agent + 1)
				continue;
			kept->at[kept->n++] = after.at[i];
			mark_before(&r, after.at[i], after.at[0], agent + 1);
		}
		for (size_t i = 0; i < kept->n / 2; i++) {
			uint32_t swapped = kept->at[i];
			kept->at[i] = kept->at[kept->n - 1 - i];
			kept->at[kept->n - 1 - i] = swapped;
		}
	}
	return r.kept;
}
