/* simulate.c — list scheduling by the longest remaining path (Graham 1969; Hu 1961 for the rule).
 *
 * Whenever something has ended, the ready agent with the longest remaining path whose pools have
 * room is started, until there are no slots. To look at each agent once, not at each event again,
 * agents that hold the same pools wait in one queue, and a queue whose pool is full is set aside
 * until that pool has room. */
#include "schedule/simulate.h"

#include "common/fail.h"
#include "common/map.h"
#include "common/vec.h"

/* Smallest key first, ties by value. */
struct heap_entry {
	uint64_t key;
	uint32_t value;
};
struct heap {
	VEC(struct heap_entry) list;
};

static bool entry_before(const struct heap_entry *a, const struct heap_entry *b)
{
	return a->key != b->key ? a->key < b->key : a->value < b->value;
}

static void heap_push(struct arena *arena, struct heap *heap, uint64_t key, uint32_t value)
{
	struct heap_entry entry = { key, value };
	*VEC_ADD(arena, &heap->list) = entry;
	struct heap_entry *at = heap->list.at;
	size_t i = heap->list.n - 1;
	for (; i && entry_before(&entry, &at[(i - 1) / 2]); i = (i - 1) / 2)
		at[i] = at[(i - 1) / 2];
	at[i] = entry;
}

static struct heap_entry heap_pop(struct heap *heap)
{
	struct heap_entry *at = heap->list.at, top = at[0];
	size_t n = --heap->list.n, i = 0;
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && entry_before(&at[child + 1], &at[child]))
			child++;
		if (entry_before(&at[n], &at[child]))
			break;
		at[i] = at[child];
	}
	at[i] = at[n];
	return top;
}

/* The ready agents that hold the same pools. */
struct queue {
	struct index_list pools;
	struct heap ready;	/* key: UINT64_MAX - remaining */
	bool aside;		/* in the `waiting` of a pool that is full */
};
struct pool {
	uint32_t room;
	VEC(uint32_t) waiting;	/* queues */
};
struct line {	/* everything at one moment */
	struct arena *arena;
	const struct schedule *schedule;
	struct simulate_agent *agent;
	uint32_t *open;		/* by agent: how many that it comes after have not ended */
	struct index_list *next;	/* by agent: who comes directly after it */
	VEC(struct queue) queues;
	uint32_t *queue;	/* by agent */
	struct pool *pool;
	struct heap tops;	/* the most urgent agents of queues not aside; stale ones are passed over */
	struct heap running;	/* key: end */
	struct heap slots;	/* free ones that were used before */
	uint32_t fresh;		/* slots from here on were never used */
	uint32_t jobs;
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
static void weigh(struct arena *arena, const struct schedule *s, struct simulate *sim)
{
	const uint64_t *remaining = simulate_remaining(arena, s);
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
	for (size_t i = 0; i < s->agent_n; i++) {
		sim->agent[i].slack = sim->critical_path - earliest[i] - remaining[i];
		sim->agent[i].critical = !sim->agent[i].slack;
	}
}

static void link_dependents(struct line *line)
{
	const struct schedule *s = line->schedule;
	size_t edges = 0;
	for (size_t i = 0; i < s->agent_n; i++) {
		line->open[i] = (uint32_t)s->agent[i].after.n;
		edges += s->agent[i].after.n;
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			line->next[s->agent[i].after.at[j]].n++;
	}
	uint32_t *room = ARENA_MANY(line->arena, edges, uint32_t);
	for (size_t i = 0; i < s->agent_n; i++) {
		line->next[i].at = room;
		room += line->next[i].n;
		line->next[i].n = 0;
	}
	for (size_t i = 0; i < s->agent_n; i++)
		for (size_t j = 0; j < s->agent[i].after.n; j++) {
			struct index_list *next = &line->next[s->agent[i].after.at[j]];
			next->at[next->n++] = (uint32_t)i;
		}
}

static void group_by_pools(struct line *line)
{
	const struct schedule *s = line->schedule;
	struct map known = { 0 };
	for (size_t i = 0; i < s->agent_n; i++) {
		struct index_list pools = s->agent[i].pools;
		struct str key = { (const char *)pools.at, pools.n * sizeof *pools.at };
		uint32_t *found = map_find(&known, key);
		if (!found) {
			map_add(line->arena, &known, key, (uint32_t)line->queues.n);
			VEC_ADD(line->arena, &line->queues)->pools = pools;
		}
		line->queue[i] = found ? *found : (uint32_t)line->queues.n - 1;
	}
}

static void offer_top(struct line *line, struct queue *queue)
{
	if (queue->ready.list.n && !queue->aside)
		heap_push(line->arena, &line->tops, queue->ready.list.at[0].key, queue->ready.list.at[0].value);
}

static void make_ready(struct line *line, uint32_t agent)
{
	struct queue *queue = &line->queues.at[line->queue[agent]];
	heap_push(line->arena, &queue->ready, UINT64_MAX - line->agent[agent].remaining, agent);
	if (queue->ready.list.at[0].value == agent)
		offer_top(line, queue);
}

/* Is there room in all pools of the queue? If not it is set aside. */
static bool has_room(struct line *line, uint32_t index)
{
	struct queue *queue = &line->queues.at[index];
	for (size_t i = 0; i < queue->pools.n; i++) {
		struct pool *pool = &line->pool[queue->pools.at[i]];
		if (!pool->room) {
			*VEC_ADD(line->arena, &pool->waiting) = index;
			queue->aside = true;
			return false;
		}
	}
	return true;
}

static void start(struct line *line, uint32_t agent, uint64_t now)
{
	struct queue *queue = &line->queues.at[line->queue[agent]];
	struct simulate_agent *a = &line->agent[agent];
	heap_pop(&queue->ready);
	for (size_t i = 0; i < queue->pools.n; i++)
		line->pool[queue->pools.at[i]].room--;
	a->slot = line->slots.list.n ? heap_pop(&line->slots).value : line->fresh++;
	a->start = now;
	a->end = now + simulate_duration(&line->schedule->agent[agent]);
	heap_push(line->arena, &line->running, a->end, agent);
	offer_top(line, queue);
}

static void start_all(struct line *line, uint64_t now)
{
	while (line->tops.list.n && (!line->jobs || line->running.list.n < line->jobs)) {
		uint32_t agent = heap_pop(&line->tops).value;
		uint32_t index = line->queue[agent];
		struct queue *queue = &line->queues.at[index];
		bool stale = queue->aside || !queue->ready.list.n || queue->ready.list.at[0].value != agent;
		if (!stale && has_room(line, index))
			start(line, agent, now);
	}
}

static void end(struct line *line, uint32_t agent)
{
	struct index_list pools = line->queues.at[line->queue[agent]].pools, next = line->next[agent];
	heap_push(line->arena, &line->slots, line->agent[agent].slot, line->agent[agent].slot);
	for (size_t i = 0; i < pools.n; i++) {
		struct pool *pool = &line->pool[pools.at[i]];
		pool->room++;
		while (pool->waiting.n) {
			struct queue *queue = &line->queues.at[pool->waiting.at[--pool->waiting.n]];
			queue->aside = false;
			offer_top(line, queue);
		}
	}
	for (size_t i = 0; i < next.n; i++)
		if (!--line->open[next.at[i]])
			make_ready(line, next.at[i]);
}

struct simulate simulate_schedule(struct arena *arena, const struct schedule *s, uint32_t jobs)
{
	struct simulate sim = { ARENA_MANY(arena, s->agent_n, struct simulate_agent) };
	struct line line = { arena, s, sim.agent, .jobs = jobs };
	line.open = ARENA_MANY(arena, s->agent_n, uint32_t);
	line.next = ARENA_MANY(arena, s->agent_n, struct index_list);
	line.queue = ARENA_MANY(arena, s->agent_n, uint32_t);
	line.pool = ARENA_MANY(arena, s->pool_n, struct pool);
	weigh(arena, s, &sim);
	link_dependents(&line);
	group_by_pools(&line);
	for (size_t i = 0; i < s->pool_n; i++)
		line.pool[i].room = s->pool[i].count;
	for (size_t i = 0; i < s->agent_n; i++)
		if (!line.open[i])
			make_ready(&line, (uint32_t)i);
	size_t ended = 0;
	for (start_all(&line, 0); line.running.list.n; start_all(&line, sim.wall)) {
		if (sim.width < line.running.list.n)
			sim.width = (uint32_t)line.running.list.n;
		sim.wall = line.running.list.at[0].key;
		for (; line.running.list.n && line.running.list.at[0].key == sim.wall; ended++)
			end(&line, heap_pop(&line.running).value);
	}
	BUG_IF(ended != s->agent_n, "agents that never start: a pool without room, or `after` in a circle");
	return sim;
}
