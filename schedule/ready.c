/* ready.c — see ready.h. To look at each agent once, not at each event again, agents that hold the
 * same pools wait in one queue, and a queue whose pool is full is set aside until that pool has
 * room. */
#include "schedule/ready.h"

#include "common/heap.h"
#include "common/map.h"
#include "common/vec.h"

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
struct ready {
	struct arena *arena;
	const uint64_t *remaining;
	VEC(struct queue) queues;
	uint32_t *queue;	/* by agent */
	struct pool *pool;
	struct heap
		tops; /* the most urgent agents of queues not aside; stale ones are passed over */
	uint32_t *slot;		/* by agent */
	struct heap slots;	/* free ones that were used before */
	uint32_t fresh;		/* slots from here on were never used */
	uint32_t jobs, running;
};

static void group_by_pools(struct ready *ready, const struct schedule *s)
{
	struct map known = { 0 };
	for (size_t i = 0; i < s->agent_n; i++) {
		struct index_list pools = s->agent[i].pools;
		struct str key = { (const char *)pools.at, pools.n * sizeof *pools.at };
		uint32_t *found = map_find(&known, key);
		if (!found) {
			map_add(ready->arena, &known, key, (uint32_t)ready->queues.n);
			VEC_ADD(ready->arena, &ready->queues)->pools = pools;
		}
		ready->queue[i] = found ? *found : (uint32_t)ready->queues.n - 1;
	}
}

struct ready *ready_new(struct arena *arena, const struct schedule *s, const uint64_t *remaining,
			uint32_t jobs)
{
	struct ready *ready = ARENA_NEW(arena, struct ready);
	*ready = (struct ready){ arena, remaining, .jobs = jobs };
	ready->queue = ARENA_MANY(arena, s->agent_n, uint32_t);
	ready->slot = ARENA_MANY(arena, s->agent_n, uint32_t);
	ready->pool = ARENA_MANY(arena, s->pool_n, struct pool);
	for (size_t i = 0; i < s->pool_n; i++)
		ready->pool[i].room = s->pool[i].count;
	group_by_pools(ready, s);
	return ready;
}

static void offer_top(struct ready *ready, struct queue *queue)
{
	if (queue->ready.list.n && !queue->aside)
		heap_push(ready->arena, &ready->tops, heap_top(&queue->ready).key,
			  heap_top(&queue->ready).value);
}

void ready_add(struct ready *ready, uint32_t agent)
{
	struct queue *queue = &ready->queues.at[ready->queue[agent]];
	heap_push(ready->arena, &queue->ready, UINT64_MAX - ready->remaining[agent], agent);
	if (heap_top(&queue->ready).value == agent)
		offer_top(ready, queue);
}

/* Is there room in all pools of the queue? If not it is set aside. */
static bool has_room(struct ready *ready, uint32_t index)
{
	struct queue *queue = &ready->queues.at[index];
	for (size_t i = 0; i < queue->pools.n; i++) {
		struct pool *pool = &ready->pool[queue->pools.at[i]];
		if (!pool->room) {
			*VEC_ADD(ready->arena, &pool->waiting) = index;
			queue->aside = true;
			return false;
		}
	}
	return true;
}

static void take(struct ready *ready, uint32_t agent)
{
	struct queue *queue = &ready->queues.at[ready->queue[agent]];
	heap_pop(&queue->ready);
	for (size_t i = 0; i < queue->pools.n; i++)
		ready->pool[queue->pools.at[i]].room--;
	ready->slot[agent] = ready->slots.list.n ? heap_pop(&ready->slots).value : ready->fresh++;
	ready->running++;
	offer_top(ready, queue);
}

bool ready_take(struct ready *ready, uint32_t *agent, uint32_t *slot)
{
	while (ready->tops.list.n && (!ready->jobs || ready->running < ready->jobs)) {
		*agent = heap_pop(&ready->tops).value;
		uint32_t index = ready->queue[*agent];
		struct queue *queue = &ready->queues.at[index];
		bool stale = queue->aside || !queue->ready.list.n ||
			     heap_top(&queue->ready).value != *agent;
		if (!stale && has_room(ready, index)) {
			take(ready, *agent);
			*slot = ready->slot[*agent];
			return true;
		}
	}
	return false;
}

void ready_end(struct ready *ready, uint32_t agent)
{
	struct index_list pools = ready->queues.at[ready->queue[agent]].pools;
	heap_push(ready->arena, &ready->slots, ready->slot[agent], ready->slot[agent]);
	ready->running--;
	for (size_t i = 0; i < pools.n; i++) {
		struct pool *pool = &ready->pool[pools.at[i]];
		pool->room++;
		while (pool->waiting.n) {
			struct queue *queue =
				&ready->queues.at[pool->waiting.at[--pool->waiting.n]];
			queue->aside = false;
			offer_top(ready, queue);
		}
	}
}

uint32_t ready_running(const struct ready *ready)
{
	return ready->running;
}
