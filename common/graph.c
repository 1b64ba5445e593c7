/* graph.c — see graph.h. Reachability: a row of 512 bits for each node says which of 512 sources
 * come before it; going once along the topological order, each node hands its row to its
 * successors. Only the part of the order between the block's first source and its last target is
 * gone along. A question is asked from whichever of its two nodes is asked about more often, so
 * that one node that comes after all others is one source (of the graph turned round), not as many
 * as there are others. */
#include "common/graph.h"

#include "common/fail.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 8, BLOCK = WORDS * 64 };

struct graph graph_make(struct arena *arena, uint32_t n, const struct graph_edge *edges,
			size_t edge_n)
{
	BUG_IF(edge_n >= UINT32_MAX, "too many edges");
	uint32_t *first = ARENA_MANY(arena, (size_t)n + 2, uint32_t),
		 *next = ARENA_MANY(arena, edge_n + 1, uint32_t);
	/* Counted two places further on, so that filling in moves each beginning to where it
	 * belongs. */
	for (size_t i = 0; i < edge_n; i++) {
		BUG_IF(edges[i].before >= n || edges[i].after >= n, "an edge to no node");
		first[edges[i].before + (size_t)2]++;
	}
	for (size_t i = 2; i < (size_t)n + 2; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < edge_n; i++)
		next[first[edges[i].before + 1]++] = edges[i].after;
	return (struct graph){ n, first, next };
}

static struct graph turned_round(struct arena *arena, const struct graph *g)
{
	uint32_t edge_n = g->first[g->n];
	struct graph_edge *edges = ARENA_MANY(arena, edge_n, struct graph_edge);
	for (uint32_t i = 0; i < g->n; i++)
		for (uint32_t e = g->first[i]; e < g->first[i + 1]; e++)
			edges[e] = (struct graph_edge){ g->next[e], i };
	return graph_make(arena, g->n, edges, edge_n);
}

/* A heap of numbers, the lowest on top. */
static void heap_add(uint32_t *heap, size_t *n, uint32_t number)
{
	size_t at = (*n)++;
	for (; at && heap[(at - 1) / 2] > number; at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = number;
}

static uint32_t heap_take(uint32_t *heap, size_t *n)
{
	uint32_t top = heap[0], last = heap[--*n];
	size_t at = 0;
	for (size_t child; (child = 2 * at + 1) < *n; at = child) {
		child += child + 1 < *n && heap[child + 1] < heap[child];
		if (heap[child] >= last)
			break;
		heap[at] = heap[child];
	}
	heap[at] = last;
	return top;
}

bool graph_order(const struct graph *g, uint32_t *order)
{
	struct arena arena = { 0 };
	uint32_t *waits = ARENA_MANY(&arena, g->n, uint32_t),
		 *heap = ARENA_MANY(&arena, g->n, uint32_t);
	size_t ready = 0, done = 0;
	for (uint32_t e = 0; e < g->first[g->n]; e++)
		waits[g->next[e]]++;
	for (uint32_t i = 0; i < g->n; i++)
		if (!waits[i])
			heap_add(heap, &ready, i);
	while (ready) {
		uint32_t node = heap_take(heap, &ready);
		order[done++] = node;
		for (uint32_t e = g->first[node]; e < g->first[node + 1]; e++)
			if (!--waits[g->next[e]])
				heap_add(heap, &ready, g->next[e]);
	}
	arena_release(&arena);
	return done == g->n;
}

/* Tarjan (1972), with the calls' state in arrays: `knot` becomes the number of each node's strongly
 * connected component + 1. */
struct tarjan {
	const struct graph *g;
	uint32_t *knot, *index, *low, *edge, *call, *stack;
	size_t call_n, stack_n;
	uint32_t indices, knots;
};

static void tarjan_enter(struct tarjan *t, uint32_t node)
{
	t->index[node] = t->low[node] = ++t->indices;
	t->edge[node] = t->g->first[node];
	t->stack[t->stack_n++] = node;
	t->call[t->call_n++] = node;
}

static void tarjan_leave(struct tarjan *t)
{
	uint32_t node = t->call[--t->call_n], member;
	if (t->call_n) {
		uint32_t above = t->call[t->call_n - 1];
		if (t->low[node] < t->low[above])
			t->low[above] = t->low[node];
	}
	if (t->low[node] != t->index[node])
		return;
	t->knots++;
	do {
		member = t->stack[--t->stack_n];
		t->knot[member] = t->knots;
	} while (member != node);
}

static void tarjan_run(struct tarjan *t)
{
	for (uint32_t root = 0; root < t->g->n; root++) {
		if (!t->index[root])
			tarjan_enter(t, root);
		while (t->call_n) {
			uint32_t node = t->call[t->call_n - 1];
			if (t->edge[node] == t->g->first[node + 1]) {
				tarjan_leave(t);
				continue;
			}
			uint32_t next = t->g->next[t->edge[node]++];
			if (!t->index[next])
				tarjan_enter(t, next);
			else if (!t->knot[next] && t->index[next] < t->low[node])
				t->low[node] = t->index[next];
		}
	}
}

/* Breadth first from `start` inside of its knot until an edge leads back; n is 0 when none does. */
static struct graph_cycle shortest_cycle(struct arena *arena, const struct graph *g,
					 const uint32_t *knot, uint32_t *before, uint32_t *queue,
					 uint32_t start)
{
	size_t head = 0, tail = 0;
	queue[tail++] = start;
	while (head < tail) {
		uint32_t node = queue[head++];
		for (uint32_t e = g->first[node]; e < g->first[node + 1]; e++) {
			uint32_t next = g->next[e];
			if (next == start) {
				size_t n = 1;
				for (uint32_t at = node; at != start; at = before[at] - 1)
					n++;
				uint32_t *cycle = ARENA_MANY(arena, n, uint32_t);
				for (size_t i = n; i-- > 0; node = i ? before[node] - 1 : node)
					cycle[i] = node;
				return (struct graph_cycle){ cycle, n };
			}
			if (knot[next] == knot[start] && !before[next]) {
				before[next] = node + 1;
				queue[tail++] = next;
			}
		}
	}
	return (struct graph_cycle){ NULL, 0 };
}

static void tarjan_begin(struct tarjan *t, struct arena *scratch)
{
	uint32_t **arrays[] = { &t->knot, &t->index, &t->low, &t->edge, &t->call, &t->stack };
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		*arrays[i] = ARENA_MANY(scratch, t->g->n, uint32_t);
	tarjan_run(t);
}

uint32_t *graph_knots(struct arena *arena, const struct graph *g)
{
	struct arena scratch = { 0 };
	struct tarjan t = { .g = g };
	tarjan_begin(&t, &scratch);
	uint32_t *lowest = ARENA_MANY(arena, g->n, uint32_t);
	uint32_t *of = ARENA_MANY(&scratch, (size_t)t.knots + 1, uint32_t);
	for (uint32_t i = 0; i < g->n; i++) {
		if (!of[t.knot[i]])
			of[t.knot[i]] = i + 1;
		lowest[i] = of[t.knot[i]] - 1;
	}
	arena_release(&scratch);
	return lowest;
}

struct graph_cycle *graph_cycles(struct arena *arena, const struct graph *g, size_t *cycle_n)
{
	struct arena scratch = { 0 };
	struct tarjan t = { .g = g };
	tarjan_begin(&t, &scratch);
	bool *seen = ARENA_MANY(&scratch, (size_t)t.knots + 1, bool);
	uint32_t *before = ARENA_MANY(&scratch, g->n, uint32_t);
	struct graph_cycle *cycles = ARENA_MANY(arena, t.knots, struct graph_cycle);
	*cycle_n = 0;
	for (uint32_t i = 0; i < g->n; i++) {
		if (seen[t.knot[i]])
			continue;
		seen[t.knot[i]] = true;
		struct graph_cycle cycle = shortest_cycle(arena, g, t.knot, before, t.stack, i);
		if (cycle.n)
			cycles[(*cycle_n)++] = cycle;
	}
	arena_release(&scratch);
	return cycles;
}

/* A question as it is asked of one direction of the graph, in places of the order. */
struct asked {
	uint32_t from, to;
	uint32_t question;
};
struct direction {
	const struct graph *g;
	const uint32_t *order, *place; /* place: where in the order a node is */
	struct asked *asked;
	size_t asked_n;
};

static int asked_compare(const void *a, const void *b)
{
	const struct asked *x = a, *y = b;
	return (x->from > y->from) - (x->from < y->from);
}

/* Questions from..to-1 have at most BLOCK different sources. */
static void answer_block(const struct direction *d, struct graph_question *questions, size_t from,
			 size_t to, uint64_t (*row)[WORDS])
{
	uint32_t begin = d->asked[from].from, end = 0, bit = 0;
	for (size_t i = from; i < to; i++)
		if (d->asked[i].to > end)
			end = d->asked[i].to;
	if (end <= begin)
		return;
	memset(row + begin, 0, ((size_t)end - begin + 1) * sizeof *row);
	for (size_t i = from; i < to; i++) {
		bit += i > from && d->asked[i].from != d->asked[i - 1].from;
		row[d->asked[i].from][bit / 64] |= (uint64_t)1 << bit % 64;
	}
	for (uint32_t p = begin; p < end; p++) {
		uint32_t node = d->order[p];
		for (uint32_t e = d->g->first[node]; e < d->g->first[node + 1]; e++) {
			uint32_t next = d->place[d->g->next[e]];
			if (next <= end)
				for (size_t w = 0; w < WORDS; w++)
					row[next][w] |= row[p][w];
		}
	}
	bit = 0;
	for (size_t i = from; i < to; i++) {
		bit += i > from && d->asked[i].from != d->asked[i - 1].from;
		questions[d->asked[i].question].holds = d->asked[i].from < d->asked[i].to &&
							(row[d->asked[i].to][bit / 64] >> bit % 64 &
							 1);
	}
}

static void answer(struct direction *d, struct graph_question *questions, uint64_t (*row)[WORDS])
{
	qsort(d->asked, d->asked_n, sizeof *d->asked, asked_compare);
	for (size_t from = 0; from < d->asked_n;) {
		size_t to = from + 1, sources = 1;
		while (to < d->asked_n &&
		       (sources += d->asked[to].from != d->asked[to - 1].from) <= BLOCK)
			to++;
		answer_block(d, questions, from, to, row);
		from = to;
	}
}

static uint32_t *places_of(struct arena *arena, const uint32_t *order, uint32_t n)
{
	uint32_t *place = ARENA_MANY(arena, n, uint32_t);
	for (uint32_t i = 0; i < n; i++)
		place[order[i]] = i;
	return place;
}

void graph_reach(const struct graph *g, const uint32_t *order, struct graph_question *questions,
		 size_t question_n)
{
	struct arena arena = { 0 };
	BUG_IF(question_n >= UINT32_MAX, "too many questions");
	uint32_t *times = ARENA_MANY(&arena, (size_t)g->n * 2, uint32_t),
		 *back = ARENA_MANY(&arena, g->n, uint32_t);
	struct asked *asked = ARENA_MANY(&arena, question_n, struct asked);
	uint64_t(*row)[WORDS] = arena_take_many(&arena, g->n, sizeof *row);
	for (uint32_t i = 0; i < g->n; i++)
		back[i] = order[g->n - 1 - i];
	struct graph turned = turned_round(&arena, g);
	struct direction forth = { g, order, places_of(&arena, order, g->n), asked, 0 };
	struct direction other = { &turned, back, places_of(&arena, back, g->n), asked + question_n,
				   0 };
	for (size_t i = 0; i < question_n; i++) {
		BUG_IF(questions[i].before >= g->n || questions[i].after >= g->n,
		       "a question about no node");
		times[questions[i].before * (size_t)2]++;
		times[questions[i].after * (size_t)2 + 1]++;
	}
	/* Those asked backwards are gathered from the end on. */
	for (size_t i = 0; i < question_n; i++) {
		struct graph_question *q = &questions[i];
		q->holds = false;
		if (times[q->before * (size_t)2] >= times[q->after * (size_t)2 + 1])
			asked[forth.asked_n++] = (struct asked){ forth.place[q->before],
								 forth.place[q->after],
								 (uint32_t)i };
		else
			*--other.asked = (struct asked){ other.place[q->after],
							 other.place[q->before], (uint32_t)i };
	}
	other.asked_n = question_n - forth.asked_n;
	answer(&forth, questions, row);
	answer(&other, questions, row);
	arena_release(&arena);
}
