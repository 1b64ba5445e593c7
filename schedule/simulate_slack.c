/* simulate_slack.c — see simulate_slack.h. Forward over the starts to see who has its place from
 * whom, then backward over the same to see when each must have ended. */
#include "schedule/simulate_slack.h"

#include "common/heap.h"

#include <stdlib.h>

struct hand {
	uint32_t from, to;
};
struct hands {
	struct arena arena;
	const struct schedule *schedule;
	const struct simulate_agent *agent;
	VEC(struct hand) list;
};
struct turn {
	uint64_t start;
	uint32_t agent;
};

static int turn_compare(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->agent > y->agent) - (x->agent < y->agent);
}

/* The agent takes a place of so many; `held` has who held one last. */
static void take(struct hands *h, struct heap *held, uint32_t places, uint32_t agent)
{
	if (held->list.n == places)
		*VEC_ADD(&h->arena, &h->list) = (struct hand){ heap_pop(held).value, agent };
	heap_push(&h->arena, held, h->agent[agent].end, agent);
}

static void hand_on(struct hands *h, const struct turn *turn, uint32_t jobs)
{
	const struct schedule *s = h->schedule;
	struct heap job = { 0 }, *pool = ARENA_MANY(&h->arena, s->pool_n, struct heap);
	for (size_t i = 0; i < s->agent_n; i++) {
		uint32_t agent = turn[i].agent;
		struct index_list after = s->agent[agent].after, pools = s->agent[agent].pools;
		for (size_t k = 0; k < after.n; k++)
			*VEC_ADD(&h->arena, &h->list) = (struct hand){ after.at[k], agent };
		for (size_t k = 0; k < pools.n; k++)
			take(h, &pool[pools.at[k]], s->pool[pools.at[k]].count, agent);
		if (jobs)
			take(h, &job, jobs, agent);
	}
}

void simulate_slack(const struct schedule *s, struct simulate *sim, uint32_t jobs)
{
	struct hands h = { .schedule = s, .agent = sim->agent };
	struct turn *turn = ARENA_MANY(&h.arena, s->agent_n, struct turn);
	for (uint32_t i = 0; i < s->agent_n; i++) {
		turn[i] = (struct turn){ sim->agent[i].start, i };
		sim->agent[i].slack = sim->wall - sim->agent[i].end;
	}
	if (s->agent_n)
		qsort(turn, s->agent_n, sizeof *turn, turn_compare);
	hand_on(&h, turn, jobs);
	/* Whoever a hand leads to started later than whoever it leads from, so its slack is final. */
	for (size_t i = h.list.n; i-- > 0;) {
		struct simulate_agent *from = &sim->agent[h.list.at[i].from];
		const struct simulate_agent *to = &sim->agent[h.list.at[i].to];
		uint64_t room = to->start + to->slack - from->end;
		from->slack = room < from->slack ? room : from->slack;
	}
	arena_release(&h.arena);
}
