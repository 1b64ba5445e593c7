/* simulate.c — see simulate.h. A clock that jumps to the next end; who starts is ready.c's to
 * say. */
#include "schedule/simulate.h"

#include "common/fail.h"
#include "common/heap.h"
#include "schedule/next.h"
#include "schedule/ready.h"
#include "schedule/simulate_slack.h"

struct line {	/* everything at one moment */
	struct arena *arena;
	const struct schedule *schedule;
	struct simulate_agent *agent;
	struct ready *ready;
	uint32_t *open;		/* by agent: how many that it comes after have not ended */
	struct index_list *next;	/* by agent: who comes directly after it */
	struct heap running;	/* key: end */
};

uint32_t simulate_duration(const struct schedule_agent *agent)
{
	return agent->estimate ? agent->estimate : SIMULATE_UNKNOWN;
}

uint64_t *simulate_remaining(struct arena *arena, const struct schedule *s)
{
	uint64_t *remaining = ARENA_MANY(arena, s->agent_n, uint64_t);
	for (size_t i = s->agent_n; i-- > 0;) {
		const struct schedule_agent *agent = &s->agent[i];
		remaining[i] += simulate_duration(agent);
		for (size_t j = 0; j < agent->after.n; j++)
			if (remaining[agent->after.at[j]] < remaining[i])
				remaining[agent->after.at[j]] = remaining[i];
	}
	return remaining;
}

/* The figures that hold without jobs and pools. */
static void weigh(struct arena *arena, const struct schedule *s, const uint64_t *remaining,
		  struct simulate *sim)
{
	uint64_t *earliest = ARENA_MANY(arena, s->agent_n, uint64_t);
	for (size_t i = 0; i < s->agent_n; i++) {
		const struct schedule_agent *agent = &s->agent[i];
		for (size_t j = 0; j < agent->after.n; j++) {
			uint32_t before = agent->after.at[j];
			uint64_t end = earliest[before] + simulate_duration(&s->agent[before]);
			if (earliest[i] < end)
				earliest[i] = end;
		}
		if (sim->critical_path < earliest[i] + remaining[i])
			sim->critical_path = earliest[i] + remaining[i];
		sim->agent[i].remaining = remaining[i];
		sim->work += simulate_duration(agent);
		sim->unknown += !agent->estimate;
	}
	for (size_t i = 0; i < s->agent_n; i++)
		sim->agent[i].critical = earliest[i] + remaining[i] == sim->critical_path;
}

static void start_all(struct line *line, uint64_t now)
{
	uint32_t agent, slot;
	while (ready_take(line->ready, &agent, &slot)) {
		struct simulate_agent *a = &line->agent[agent];
		a->slot = slot;
		a->start = now;
		a->end = now + simulate_duration(&line->schedule->agent[agent]);
		heap_push(line->arena, &line->running, a->end, agent);
	}
}

static void end(struct line *line, uint32_t agent)
{
	struct index_list next = line->next[agent];
	ready_end(line->ready, agent);
	for (size_t i = 0; i < next.n; i++)
		if (!--line->open[next.at[i]])
			ready_add(line->ready, next.at[i]);
}

struct simulate simulate_schedule(struct arena *arena, const struct schedule *s, uint32_t jobs)
{
	struct simulate sim = { ARENA_MANY(arena, s->agent_n, struct simulate_agent) };
	const uint64_t *remaining = simulate_remaining(arena, s);
	struct line line = { arena, s, sim.agent, ready_new(arena, s, remaining, jobs) };
	line.open = ARENA_MANY(arena, s->agent_n, uint32_t);
	line.next = next_by_agent(arena, s);
	weigh(arena, s, remaining, &sim);
	for (size_t i = 0; i < s->agent_n; i++) {
		line.open[i] = (uint32_t)s->agent[i].after.n;
		if (!line.open[i])
			ready_add(line.ready, (uint32_t)i);
	}
	size_t ended = 0;
	for (start_all(&line, 0); line.running.list.n; start_all(&line, sim.wall)) {
		if (sim.width < line.running.list.n)
			sim.width = (uint32_t)line.running.list.n;
		sim.wall = heap_top(&line.running).key;
		for (; line.running.list.n && heap_top(&line.running).key == sim.wall; ended++)
			end(&line, heap_pop(&line.running).value);
	}
	BUG_IF(ended != s->agent_n,
	       "agents that never start: a pool without room, or `after` in a circle");
	simulate_slack(s, &sim, jobs);
	return sim;
}

static bool holds_pool(const struct schedule_agent *agent, uint32_t pool)
{
	for (size_t i = 0; i < agent->pools.n; i++)
		if (agent->pools.at[i] == pool)
			return true;
	return false;
}

struct simulate_bound simulate_bound(const struct schedule *s, const struct simulate *sim,
				     uint32_t jobs)
{
	struct simulate_bound bound = { sim->critical_path, SIMULATE_PATH, 0 };
	if (jobs && (sim->work + jobs - 1) / jobs > bound.seconds)
		bound = (struct simulate_bound){ (sim->work + jobs - 1) / jobs, SIMULATE_JOBS, 0 };
	for (uint32_t pool = 0; pool < s->pool_n; pool++) {
		uint64_t work = 0;
		for (size_t i = 0; i < s->agent_n; i++)
			work += holds_pool(&s->agent[i], pool) ? simulate_duration(&s->agent[i])
							       : 0;
		work = (work + s->pool[pool].count - 1) / s->pool[pool].count;
		if (work > bound.seconds)
			bound = (struct simulate_bound){ work, SIMULATE_POOL, pool };
	}
	return bound;
}

struct simulate_wait simulate_wait(const struct schedule *s, const struct simulate *sim,
				   uint32_t agent)
{
	const struct schedule_agent *at = &s->agent[agent];
	uint64_t ready = 0, start = sim->agent[agent].start;
	for (size_t i = 0; i < at->after.n; i++)
		if (sim->agent[at->after.at[i]].end > ready)
			ready = sim->agent[at->after.at[i]].end;
	if (start == ready)
		return (struct simulate_wait){ SIMULATE_PATH, 0 };
	for (size_t k = 0; k < at->pools.n; k++) {
		uint32_t held = 0, pool = at->pools.at[k];
		for (size_t i = 0; i < s->agent_n; i++)
			held += sim->agent[i].start < start && sim->agent[i].end >= start &&
				holds_pool(&s->agent[i], pool);
		if (held >= s->pool[pool].count)
			return (struct simulate_wait){ SIMULATE_POOL, pool };
	}
	return (struct simulate_wait){ SIMULATE_JOBS, 0 };
}
