/* graph.c — order, cycles and reachability, against the plainest ways of finding them. */
#include "common/graph.h"
#include "tests/unit/test.h"

#include <string.h>

enum { MOST = 40 };

struct small {
	uint32_t n;
	struct graph_edge edges[MOST * 4];
	size_t edge_n;
	bool reach[MOST][MOST];
};

static void close_over(struct small *s)
{
	memset(s->reach, 0, sizeof s->reach);
	for (size_t i = 0; i < s->edge_n; i++)
		s->reach[s->edges[i].before][s->edges[i].after] = true;
	for (uint32_t k = 0; k < s->n; k++)
		for (uint32_t i = 0; i < s->n; i++)
			for (uint32_t j = 0; j < s->n; j++)
				s->reach[i][j] |= s->reach[i][k] && s->reach[k][j];
}

static void random_small(struct small *s, uint64_t *random, bool acyclic)
{
	uint32_t name[MOST];
	s->n = 1 + test_random(random) % MOST;
	s->edge_n = test_random(random) % (s->n * 2);
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t k = test_random(random) % (i + 1);
		name[i] = name[k];
		name[k] = i;
	}
	for (size_t i = 0; i < s->edge_n; i++) {
		uint32_t a = test_random(random) % s->n, b = test_random(random) % s->n;
		if (acyclic && a == b)
			b = (a + 1) % s->n;
		bool swap = acyclic && a > b;
		s->edges[i] = (struct graph_edge){ name[swap ? b : a], name[swap ? a : b] };
	}
	if (acyclic && s->n == 1)
		s->edge_n = 0;
	close_over(s);
}

/* The next node of the order: the lowest that nothing waits before. */
static bool is_lowest_order(const struct small *s, const uint32_t *order)
{
	bool done[MOST] = { false };
	for (uint32_t p = 0; p < s->n; p++) {
		uint32_t next = 0;
		for (;; next++) {
			bool waits = done[next];
			for (uint32_t i = 0; i < s->n; i++)
				waits |= s->reach[i][next] && !done[i];
			if (!waits)
				break;
		}
		if (next != order[p])
			return false;
		done[next] = true;
	}
	return true;
}

static bool answers_right(const struct small *s, struct graph *g, const uint32_t *order)
{
	static struct graph_question questions[MOST * MOST];
	size_t n = 0;
	for (uint32_t i = 0; i < s->n; i++)
		for (uint32_t j = 0; j < s->n; j++)
			if ((i * 7 + j) % 3)
				questions[n++] = (struct graph_question){ i, j, true };
	graph_reach(g, order, questions, n);
	for (size_t i = 0; i < n; i++)
		if (questions[i].holds != s->reach[questions[i].before][questions[i].after])
			return false;
	return true;
}

static bool has_edge(const struct small *s, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < s->edge_n; i++)
		if (s->edges[i].before == a && s->edges[i].after == b)
			return true;
	return false;
}

/* The length of the shortest way from `node` back to itself: rounds of a set that grows by a
 * step. */
static size_t way_back(const struct small *s, uint32_t node)
{
	bool at[MOST] = { false };
	at[node] = true;
	for (size_t length = 1;; length++) {
		bool next[MOST] = { false };
		for (size_t i = 0; i < s->edge_n; i++)
			next[s->edges[i].after] |= at[s->edges[i].before];
		if (next[node])
			return length;
		memcpy(at, next, sizeof at);
	}
}

static bool cycles_right(const struct small *s, const struct graph_cycle *cycles, size_t n)
{
	size_t found = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		bool lowest = s->reach[i][i];
		for (uint32_t k = 0; k < i; k++)
			lowest = lowest && !(s->reach[i][k] && s->reach[k][i]);
		if (!lowest)
			continue;
		if (found == n || cycles[found].at[0] != i || cycles[found].n != way_back(s, i))
			return false;
		for (size_t k = 0; k < cycles[found].n; k++)
			if (!has_edge(s, cycles[found].at[k],
				      cycles[found].at[(k + 1) % cycles[found].n]))
				return false;
		found++;
	}
	return found == n;
}

static bool knots_right(const struct small *s, const uint32_t *knot)
{
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t lowest = 0;
		while (lowest != i && !(s->reach[i][lowest] && s->reach[lowest][i]))
			lowest++;
		if (knot[i] != lowest)
			return false;
	}
	return true;
}

static void check_random(void)
{
	uint64_t random = 3;
	size_t orders = 0, cyclic = 0, bad_orders = 0, bad_answers = 0, bad_cycles = 0, bad_knots = 0;
	for (int round = 0; round < 1500; round++) {
		struct arena arena = { 0 };
		struct small s;
		random_small(&s, &random, round % 2);
		struct graph g = graph_make(&arena, s.n, s.edges, s.edge_n);
		uint32_t order[MOST];
		size_t cycle_n;
		struct graph_cycle *cycles = graph_cycles(&arena, &g, &cycle_n);
		bool ordered = graph_order(&g, order);
		bad_cycles += ordered != !cycle_n;
		bad_cycles += !cycles_right(&s, cycles, cycle_n);
		bad_knots += !knots_right(&s, graph_knots(&arena, &g));
		if (ordered) {
			orders++;
			bad_orders += !is_lowest_order(&s, order);
			bad_answers += !answers_right(&s, &g, order);
		}
		cyclic += !ordered;
		arena_release(&arena);
	}
	CHECK(orders > 500 && cyclic > 300, "both kinds are tried");
	CHECK(!bad_orders, "the first order of all");
	CHECK(!bad_answers, "reachability");
	CHECK(!bad_knots, "the lowest of each knot");
	CHECK(!bad_cycles, "the shortest cycle of each knot through its lowest node");
}

/* More sources than a block has, and questions from both ends. */
static void check_large(void)
{
	enum { N = 5000 };
	struct arena arena = { 0 };
	uint64_t random = 9;
	struct graph_edge *edges = ARENA_MANY(&arena, N * 2, struct graph_edge);
	struct graph_question *questions = ARENA_MANY(&arena, N * 2, struct graph_question);
	uint32_t order[N], *count = ARENA_MANY(&arena, N, uint32_t);
	for (uint32_t i = 1; i < N; i++) {
		edges[i - 1] = (struct graph_edge){ i - 1 - test_random(&random) % (i < 3 ? i : 3),
						    i };
		edges[N + i - 2] = edges[i - 1];
	}
	struct graph g = graph_make(&arena, N, edges, 2 * (N - 1));
	CHECK(graph_order(&g, order), "a tree has an order");
	for (uint32_t i = 0; i < N; i++) {
		questions[i] = (struct graph_question){ i, N - 1, false };
		questions[N + i] = (struct graph_question){ i, test_random(&random) % N, false };
	}
	graph_reach(&g, order, questions, N * 2);
	/* In a tree a node is reached from those on the one way up. */
	size_t wrong = 0;
	for (size_t q = 0; q < 2 * N; q++) {
		uint32_t at = questions[q].after;
		bool reached = false;
		while (at && !reached) {
			at = edges[at - 1].before;
			reached = at == questions[q].before;
		}
		wrong += reached != questions[q].holds;
		count[0] += reached;
	}
	CHECK(!wrong && count[0] > 1000, "reachability in a tree");
	arena_release(&arena);
}

static void check_deep(void)
{
	enum { N = 300000 };
	struct arena arena = { 0 };
	struct graph_edge *edges = ARENA_MANY(&arena, N, struct graph_edge);
	uint32_t *order = ARENA_MANY(&arena, N, uint32_t);
	for (uint32_t i = 0; i < N; i++)
		edges[i] = (struct graph_edge){ i, (i + 1) % N };
	struct graph ring = graph_make(&arena, N, edges, N),
		     chain = graph_make(&arena, N, edges, N - 1);
	size_t n;
	struct graph_cycle *cycles = graph_cycles(&arena, &ring, &n);
	CHECK(n == 1 && cycles[0].n == N && cycles[0].at[1] == 1, "one long ring");
	CHECK(!graph_order(&ring, order), "a ring has no order");
	CHECK(graph_order(&chain, order) && order[N - 1] == N - 1, "a long chain has one");
	struct graph_question question = { 0, N - 1, false };
	graph_reach(&chain, order, &question, 1);
	CHECK(question.holds, "its end is reached");
	struct graph none = graph_make(&arena, 0, NULL, 0);
	CHECK(graph_order(&none, order), "nothing is in order");
	graph_cycles(&arena, &none, &n);
	graph_reach(&none, order, NULL, 0);
	CHECK(n == 0, "and has no cycle");
	arena_release(&arena);
}

int main(void)
{
	check_random();
	check_large();
	check_deep();
	return test_end();
}
