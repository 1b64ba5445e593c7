/* settle.c — see settle.h. A few orders of all agents are tried, each made by another rule; what
 * they leave to be improved is for settle_search.c.
 *
 * Given an order, the owners of a row are chained along it. Of two rows that meet, each member of
 * the smaller is put between its neighbours in the larger; what then follows from other edges is
 * taken out. */
#include "compiler/settle_inside.h"

#include "common/vec.h"
#include "schedule/next.h"
#include "schedule/simulate.h"

#include <stdlib.h>

enum {
	SIZES_MOST = 2000000
}; /* owners of all meets together, up to which they are looked at one by one */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int edge_compare(const void *x, const void *y)
{
	const struct settle_edge *a = x, *b = y;
	return a->after != b->after ? compare(a->after, b->after) : compare(a->before, b->before);
}

static int place_compare(const void *x, const void *y)
{
	return compare(*(const uint32_t *)x, *(const uint32_t *)y);
}

/* What an order of the agents needs. */

struct along {
	struct settling *settling;
	struct arena arena;
	const uint32_t *order, *place;
	uint32_t **row;		/* by row: the places of its agents, ascending */
	VEC(struct settle_edge) edges;
};

static void add_pair(struct along *a, uint32_t before, uint32_t after)
{
	*VEC_ADD(&a->arena, &a->edges) = (struct settle_edge){ a->order[before], a->order[after] };
}

static void add_meet(struct along *a, struct proof_meet meet)
{
	const struct settle_row *row = a->settling->problem->row;
	bool swap = row[meet.x].n > row[meet.y].n;
	uint32_t few = swap ? meet.y : meet.x, many = swap ? meet.x : meet.y;
	const uint32_t *of_few = a->row[few], *of_many = a->row[many];
	if (few == many) {
		for (size_t i = 1; i < row[few].n; i++)
			add_pair(a, of_few[i - 1], of_few[i]);
		return;
	}
	for (size_t i = 0; i < row[few].n; i++) {
		size_t low = 0, high = row[many].n;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (of_many[middle] < of_few[i])
				low = middle + 1;
			else
				high = middle;
		}
		if (low)
			add_pair(a, of_many[low - 1], of_few[i]);
		if (low < row[many].n && of_many[low] == of_few[i])
			low++;
		if (low < row[many].n)
			add_pair(a, of_few[i], of_many[low]);
	}
}

/* Each once, and none that the schedule has already. */
static void drop_settled(struct along *a)
{
	struct settle_edge *at = a->edges.at;
	size_t n = 0;
	if (!a->edges.n)
		return;
	qsort(at, a->edges.n, sizeof *at, edge_compare);
	for (size_t i = 0; i < a->edges.n; i++)
		if (!n || edge_compare(&at[n - 1], &at[i]))
			at[n++] = at[i];
	struct graph_question *questions = ARENA_MANY(&a->arena, n, struct graph_question);
	for (size_t i = 0; i < n; i++)
		questions[i] = (struct graph_question){ at[i].before, at[i].after, false };
	graph_reach(&a->settling->graph, a->order, questions, n);
	a->edges.n = 0;
	for (size_t i = 0; i < n; i++)
		if (!questions[i].holds)
			at[a->edges.n++] = at[i];
}

/* An edge follows from others when another way leads from its one end to the other, in two steps or
 * more. Each agent is there three times for that: before a step, after one, and after more. */
static void drop_implied(struct along *a)
{
	const struct graph *g = &a->settling->graph;
	size_t n = 0, edge_n = g->first[g->n] + a->edges.n;
	struct graph_edge *edges = ARENA_MANY(&a->arena, edge_n * 3, struct graph_edge);
	struct graph_question *questions = ARENA_MANY(&a->arena, a->edges.n, struct graph_question);
	uint32_t *order = ARENA_MANY(&a->arena, (size_t)g->n * 3, uint32_t);
	for (uint32_t i = 0; i < g->n; i++)
		for (uint32_t e = g->first[i]; e < g->first[i + 1]; e++)
			edges[n++] = (struct graph_edge){ i, g->next[e] };
	for (size_t i = 0; i < a->edges.n; i++)
		edges[n++] = (struct graph_edge){ a->edges.at[i].before, a->edges.at[i].after };
	for (size_t i = n; i-- > 0;) {
		uint32_t before = edges[i].before * 3, after = edges[i].after * 3;
		edges[i * 3] = (struct graph_edge){ before, after + 1 };
		edges[i * 3 + 1] = (struct graph_edge){ before + 1, after + 2 };
		edges[i * 3 + 2] = (struct graph_edge){ before + 2, after + 2 };
	}
	for (uint32_t i = 0; i < g->n * 3; i++)
		order[i] = a->order[i / 3] * 3 + i % 3;
	for (size_t i = 0; i < a->edges.n; i++)
		questions[i] = (struct graph_question){ a->edges.at[i].before * 3,
							a->edges.at[i].after * 3 + 2, false };
	struct graph layered = graph_make(&a->arena, g->n * 3, edges, edge_n * 3);
	graph_reach(&layered, order, questions, a->edges.n);
	n = 0;
	for (size_t i = 0; i < a->edges.n; i++)
		if (!questions[i].holds)
			a->edges.at[n++] = a->edges.at[i];
	a->edges.n = n;
}

struct key {
	int64_t first;
	uint32_t agent;
};

static int key_compare(const void *x, const void *y)
{
	const struct key *a = x, *b = y;
	return a->first != b->first ? (a->first > b->first) - (a->first < b->first)
				    : compare(a->agent, b->agent);
}

/* The choice of the order by these keys, ties by agent; it must agree with what is there. */
static void offer_order(struct settling *s, struct key *keys)
{
	struct along a = { .settling = s };
	size_t n = s->schedule->agent_n;
	uint32_t *order = ARENA_MANY(&a.arena, n, uint32_t),
		 *place = ARENA_MANY(&a.arena, n, uint32_t);
	qsort(keys, n, sizeof *keys, key_compare);
	for (uint32_t i = 0; i < n; i++) {
		order[i] = keys[i].agent;
		place[order[i]] = i;
	}
	a.order = order;
	a.place = place;
	a.row = ARENA_MANY(&a.arena, s->problem->row_n, uint32_t *);
	for (size_t i = 0; i < s->problem->row_n; i++) {
		const struct settle_row *row = &s->problem->row[i];
		a.row[i] = ARENA_MANY(&a.arena, row->n, uint32_t);
		for (size_t j = 0; j < row->n; j++)
			a.row[i][j] = place[row->agent[j]];
		qsort(a.row[i], row->n, sizeof *a.row[i], place_compare);
	}
	for (size_t i = 0; i < s->problem->meet_n; i++)
		add_meet(&a, s->problem->meet[i]);
	drop_settled(&a);
	drop_implied(&a);
	settle_choice_offer(s, (struct settle_choice){ a.edges.at, a.edges.n,
						       settle_choice_path(s->schedule, order,
									  a.edges.at, a.edges.n),
						       0 });
	arena_release(&a.arena);
}

/* Orders. */

/* With start(x), the longest path up to x, and tail(x), the longest from x on, the critical path
 * becomes at least start(a) + time(a) + tail(b) when b waits for a: so the smaller difference goes
 * first. What comes after an agent has a larger start and a smaller tail, so the order agrees with
 * what is there. */
static void offer_by_difference(struct settling *s)
{
	size_t n = s->schedule->agent_n;
	struct key *keys = ARENA_MANY(&s->arena, n, struct key);
	for (uint32_t i = 0; i < n; i++)
		keys[i] = (struct key){ (int64_t)(s->start[i] +
						  simulate_duration(&s->schedule->agent[i]) -
						  s->tail[i]),
					i };
	offer_order(s, keys);
}

/* The schedule with a pool of one for each meet: then none run together that must not. */
static struct schedule with_pools(struct settling *s, const struct schedule *from, bool own)
{
	const struct settle_problem *p = s->problem;
	struct schedule with = *from;
	size_t n = from->agent_n, own_n = own ? from->pool_n : 0;
	with.pool_n = own_n + p->meet_n;
	with.pool = ARENA_MANY(&s->arena, with.pool_n, struct schedule_pool);
	with.agent = ARENA_MANY(&s->arena, n, struct schedule_agent);
	size_t *size = ARENA_MANY(&s->arena, n, size_t);
	for (size_t i = 0; i < own_n; i++)
		with.pool[i] = from->pool[i];
	for (int fill = 0; fill < 2; fill++) {
		for (size_t i = 0; i < n && fill; i++) {
			with.agent[i] = from->agent[i];
			with.agent[i].pools = (struct index_list){
				ARENA_MANY(&s->arena, size[i] + own_n, uint32_t), 0
			};
			for (size_t j = 0; j < from->agent[i].pools.n && own; j++)
				with.agent[i].pools.at[with.agent[i].pools.n++] =
					from->agent[i].pools.at[j];
		}
		for (size_t i = 0; i < p->meet_n; i++) {
			uint32_t pool = (uint32_t)(own_n + i),
				 rows[2] = { p->meet[i].x, p->meet[i].y };
			with.pool[pool] = (struct schedule_pool){ STR(""), 1 };
			for (int side = 0; side < 1 + (rows[0] != rows[1]); side++)
				for (size_t j = 0; j < p->row[rows[side]].n; j++) {
					uint32_t agent = p->row[rows[side]].agent[j];
					struct index_list *pools = &with.agent[agent].pools;
					if (!fill)
						size[agent]++;
					else if (!pools->n || pools->at[pools->n - 1] != pool)
						pools->at[pools->n++] = pool;
				}
		}
	}
	return with;
}

/* By when they would start, were each path a machine. */
static void offer_by_start(struct settling *s, bool own, uint32_t jobs)
{
	size_t n = s->schedule->agent_n;
	struct schedule with = with_pools(s, s->schedule, own);
	struct simulate times = simulate_schedule(&s->arena, &with, jobs);
	struct key *keys = ARENA_MANY(&s->arena, n, struct key);
	for (uint32_t i = 0; i < n; i++)
		keys[i] = (struct key){ (int64_t)times.agent[i].start, i };
	offer_order(s, keys);
}

/* The same from the end backwards. */
static void offer_backwards(struct settling *s)
{
	uint32_t n = (uint32_t)s->schedule->agent_n;
	struct schedule with = with_pools(s, s->schedule, false), turned = with;
	struct index_list *next = next_by_agent(&s->arena, s->schedule);
	turned.agent = ARENA_MANY(&s->arena, n, struct schedule_agent);
	for (uint32_t i = 0; i < n; i++) {
		struct schedule_agent *agent = &turned.agent[n - 1 - i];
		*agent = with.agent[i];
		agent->after = next[i];
		for (size_t j = 0; j < next[i].n; j++)
			next[i].at[j] = n - 1 - next[i].at[j];
	}
	struct simulate times = simulate_schedule(&s->arena, &turned, 0);
	struct key *keys = ARENA_MANY(&s->arena, n, struct key);
	for (uint32_t i = 0; i < n; i++)
		keys[i] = (struct key){ -(int64_t)times.agent[n - 1 - i].start, i };
	offer_order(s, keys);
}

/* What no choice can beat: the owners of each row, and of rows that meet, on one machine. */
static uint64_t bound_of(struct settling *s)
{
	const struct settle_problem *p = s->problem;
	uint64_t bound = s->critical;
	uint32_t *seen = ARENA_MANY(&s->arena, s->schedule->agent_n, uint32_t);
	struct settle_job *jobs = ARENA_MANY(&s->arena, s->schedule->agent_n, struct settle_job);
	for (uint32_t i = 0; i < p->meet_n; i++) {
		size_t n = 0;
		for (int side = 0; side < 2; side++) {
			const struct settle_row *row = &p->row[side ? p->meet[i].y : p->meet[i].x];
			for (size_t j = 0; j < row->n; j++) {
				uint32_t agent = row->agent[j],
					 time = simulate_duration(&s->schedule->agent[agent]);
				if (seen[agent] != i + 1)
					jobs[n++] = (struct settle_job){ s->start[agent], time,
									 s->tail[agent] - time };
				seen[agent] = i + 1;
			}
		}
		uint64_t least = settle_jackson(s, jobs, n);
		bound = least > bound ? least : bound;
	}
	return bound;
}

static void measure(struct settling *s)
{
	const struct schedule *schedule = s->schedule;
	size_t n = schedule->agent_n, edge_n = 0;
	uint64_t work = 0;
	s->tail = simulate_remaining(&s->arena, schedule);
	s->start = ARENA_MANY(&s->arena, n, uint64_t);
	for (size_t i = 0; i < n; i++)
		edge_n += schedule->agent[i].after.n;
	struct graph_edge *edges = ARENA_MANY(&s->arena, edge_n, struct graph_edge);
	edge_n = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct index_list *after = &schedule->agent[i].after;
		for (size_t j = 0; j < after->n; j++) {
			uint32_t before = after->at[j];
			uint64_t end = s->start[before] +
				       simulate_duration(&schedule->agent[before]);
			s->start[i] = end > s->start[i] ? end : s->start[i];
			edges[edge_n++] = (struct graph_edge){ before, i };
		}
		if (s->critical < s->start[i] + s->tail[i])
			s->critical = s->start[i] + s->tail[i];
		work += simulate_duration(&schedule->agent[i]);
	}
	s->graph = graph_make(&s->arena, (uint32_t)n, edges, edge_n);
	s->least_wall = schedule->plan.jobs ? (work + schedule->plan.jobs - 1) / schedule->plan.jobs
					    : 0;
}

uint64_t settle_path(const struct schedule *s, const struct settle_edge *edges, size_t n)
{
	struct arena arena = { 0 };
	uint64_t path = settle_choice_path(s, settle_choice_order(&arena, s, edges, n), edges, n);
	arena_release(&arena);
	return path;
}

struct settle settle_overlaps(struct arena *arena, const struct settle_problem *problem)
{
	struct settling s = { .problem = problem, .schedule = problem->schedule };
	size_t sizes = 0;
	for (size_t i = 0; i < problem->meet_n; i++)
		sizes += problem->row[problem->meet[i].x].n + problem->row[problem->meet[i].y].n;
	measure(&s);
	s.bound = s.critical;
	offer_by_difference(&s);
	if (sizes <= SIZES_MOST) {
		s.bound = bound_of(&s);
		offer_by_start(&s, false, 0);
		offer_backwards(&s);
		offer_by_start(&s, true, s.schedule->plan.jobs);
	}
	bool least = (sizes <= SIZES_MOST && settle_search(&s)) || s.best.path == s.bound;
	struct settle result = { ARENA_MANY(arena, s.best.n, struct settle_edge), s.best.n,
				 s.critical, s.best.path, least };
	for (size_t i = 0; i < result.n; i++)
		result.at[i] = s.best.at[i];
	arena_release(&s.arena);
	return result;
}
