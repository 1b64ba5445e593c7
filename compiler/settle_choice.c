/* settle_choice.c — what a choice costs, and which of two is better. */
#include "compiler/settle_inside.h"

#include "common/fail.h"
#include "schedule/simulate.h"

uint64_t settle_choice_path(const struct schedule *s, const uint32_t *order,
			    const struct settle_edge *edges, size_t n)
{
	struct arena arena = { 0 };
	uint64_t *end = ARENA_MANY(&arena, s->agent_n, uint64_t), longest = 0;
	uint32_t *first = ARENA_MANY(&arena, s->agent_n + 1, uint32_t);
	for (size_t i = 0; i < n; i++)
		first[edges[i].after + 1]++;
	for (size_t i = 0; i < s->agent_n; i++)
		first[i + 1] += first[i];
	for (size_t i = 0; i < s->agent_n; i++) {
		uint32_t agent = order[i];
		const struct index_list *after = &s->agent[agent].after;
		for (size_t j = 0; j < after->n; j++)
			end[agent] = end[after->at[j]] > end[agent] ? end[after->at[j]]
								    : end[agent];
		for (uint32_t e = first[agent]; e < first[agent + 1]; e++)
			end[agent] = end[edges[e].before] > end[agent] ? end[edges[e].before]
								       : end[agent];
		end[agent] += simulate_duration(&s->agent[agent]);
		longest = end[agent] > longest ? end[agent] : longest;
	}
	arena_release(&arena);
	return longest;
}

uint32_t *settle_choice_order(struct arena *arena, const struct schedule *s,
			      const struct settle_edge *edges, size_t n)
{
	size_t edge_n = n;
	for (size_t i = 0; i < s->agent_n; i++)
		edge_n += s->agent[i].after.n;
	struct graph_edge *all = ARENA_MANY(arena, edge_n, struct graph_edge);
	for (edge_n = 0; edge_n < n; edge_n++)
		all[edge_n] = (struct graph_edge){ edges[edge_n].before, edges[edge_n].after };
	for (uint32_t i = 0; i < s->agent_n; i++)
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			all[edge_n++] = (struct graph_edge){ s->agent[i].after.at[j], i };
	struct graph graph = graph_make(arena, (uint32_t)s->agent_n, all, edge_n);
	uint32_t *order = ARENA_MANY(arena, s->agent_n, uint32_t);
	bool sound = graph_order(&graph, order);
	BUG_IF(!sound, "overlaps were settled in a circle");
	return order;
}

/* The plan with these edges in imagined time. */
static uint64_t wall_with(struct settling *settling, const struct settle_choice *choice)
{
	const struct schedule *s = settling->schedule;
	struct arena arena = { 0 };
	struct schedule with = *s;
	uint32_t *order = settle_choice_order(&arena, s, choice->at, choice->n),
		 *rank = ARENA_MANY(&arena, s->agent_n, uint32_t);
	with.agent = ARENA_MANY(&arena, s->agent_n, struct schedule_agent);
	for (uint32_t i = 0; i < s->agent_n; i++) {
		struct schedule_agent *agent = &with.agent[i];
		*agent = s->agent[order[i]];
		rank[order[i]] = i;
		size_t low = 0, high = choice->n;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (choice->at[middle].after < order[i])
				low = middle + 1;
			else
				high = middle;
		}
		for (high = low; high < choice->n && choice->at[high].after == order[i];)
			high++;
		uint32_t *after = ARENA_MANY(&arena, agent->after.n + high - low, uint32_t);
		for (size_t j = 0; j < agent->after.n; j++)
			after[j] = rank[agent->after.at[j]];
		for (; low < high; low++)
			after[agent->after.n++] = rank[choice->at[low].before];
		agent->after.at = after;
	}
	uint64_t wall = simulate_schedule(&arena, &with, with.plan.jobs).wall;
	settling->walls += s->agent_n;
	arena_release(&arena);
	return wall;
}

void settle_choice_offer(struct settling *s, struct settle_choice choice)
{
	struct settle_choice *best = &s->best;
	if (s->chosen && choice.path > best->path)
		return;
	if (s->chosen && choice.path == best->path) {
		uint64_t floor = s->least_wall > choice.path ? s->least_wall : choice.path;
		if (!best->wall)
			best->wall = wall_with(s, best);
		if (best->wall == floor && choice.n >= best->n)
			return;
		choice.wall = wall_with(s, &choice);
		if (choice.wall > best->wall || (choice.wall == best->wall && choice.n >= best->n))
			return;
	}
	struct settle_edge *kept = ARENA_MANY(&s->arena, choice.n, struct settle_edge);
	for (size_t i = 0; i < choice.n; i++)
		kept[i] = choice.at[i];
	choice.at = kept;
	*best = choice;
	s->chosen = true;
}
