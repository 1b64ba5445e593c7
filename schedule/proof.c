/* proof.c — see proof.h. All patterns are in one trie, which is walked against itself: a pair of
 * nodes is visited when some path leads to both. A name leads from a pair to one other, found in
 * sorted lists, and from a node and itself to a child and itself; so plain patterns cost one visit
 * each, and only wildcards make pairs of different nodes. What ends at a pair has a path in common;
 * which of that may run at the same time is asked for all pairs of agents at once.
 *
 * Owners of one pattern, and of two that meet, are asked about as neighbours in the topological
 * order only. If every neighbour comes after the one before it, then the row is a chain, and all
 * are ordered. */
#include "schedule/proof.h"

#include "common/graph.h"
#include "common/vec.h"
#include "schedule/proof_inside.h"

#include <stdlib.h>

/* Two owners with a path in common, by their places in the topological order; a before b. */
struct candidate {
	uint32_t a, b, pattern_a, pattern_b;
};
struct pair {
	uint32_t u, v;	/* nodes; u < v */
};
struct walk {
	struct arena arena;
	struct proof_trie trie;
	struct candidate *candidate;	/* owned */
	size_t candidate_n, candidate_cap;
	VEC(struct pair) open;	/* to be visited */
	uint64_t *seen;	/* hash table of all pairs that ever were open; 0: free. Owned */
	size_t seen_n, seen_cap;
	/* On the second walk: which pairs of groups do the overlaps come from? */
	const struct candidate *overlap;	/* those of the first walk, sorted; NULL on that */
	size_t overlap_n;
	bool hit;	/* the groups at hand have an overlap */
	bool *broken;	/* by group: its row is no chain, so that nothing follows from neighbours */
	VEC(struct proof_meet) meets;	/* of groups */
};

/* Candidates */

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int candidate_compare(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	int order = compare(a->a, b->a);
	order = order ? order : compare(a->b, b->b);
	order = order ? order : compare(a->pattern_a, b->pattern_a);
	return order ? order : compare(a->pattern_b, b->pattern_b);
}

/* One for each pair of agents: that of the first patterns. */
static void merge_candidates(struct walk *w)
{
	size_t n = 0;
	if (!w->candidate_n)
		return;
	qsort(w->candidate, w->candidate_n, sizeof *w->candidate, candidate_compare);
	for (size_t i = 0; i < w->candidate_n; i++)
		if (!n || w->candidate[i].a != w->candidate[n - 1].a ||
		    w->candidate[i].b != w->candidate[n - 1].b)
			w->candidate[n++] = w->candidate[i];
	w->candidate_n = n;
}

static void make_room(struct walk *w)
{
	merge_candidates(w);
	if (w->candidate_n * 2 < w->candidate_cap)
		return;
	size_t cap = w->candidate_cap ? w->candidate_cap * 2 : 1024;
	struct candidate *grown = realloc(w->candidate, cap * sizeof *grown);
	if (!grown)
		fail_memory();
	w->candidate = grown;
	w->candidate_cap = cap;
}

static bool is_overlap(const struct walk *w, uint32_t a, uint32_t b)
{
	size_t low = 0, high = w->overlap_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct candidate *at = &w->overlap[middle];
		if (at->a == a && at->b == b)
			return true;
		if (at->a < a || (at->a == a && at->b < b))
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void add_candidate(struct walk *w, struct proof_owner x, struct proof_owner y)
{
	if (x.place == y.place)
		return;
	if (w->overlap) {
		w->hit = w->hit || is_overlap(w, x.place < y.place ? x.place : y.place,
					      x.place < y.place ? y.place : x.place);
		return;
	}
	if (w->candidate_n == w->candidate_cap)
		make_room(w);
	w->candidate[w->candidate_n++] =
		x.place < y.place ? (struct candidate){ x.place, y.place, x.pattern, y.pattern }
				  : (struct candidate){ y.place, x.place, y.pattern, x.pattern };
}

static void note_meet(struct walk *w, const struct proof_group *x, const struct proof_group *y)
{
	uint32_t a = (uint32_t)(x - w->trie.group), b = (uint32_t)(y - w->trie.group);
	if (w->hit || (w->overlap && (w->broken[a] || w->broken[b])))
		*VEC_ADD(&w->arena, &w->meets) = (struct proof_meet){ a < b ? a : b, a < b ? b : a };
	w->hit = false;
}

static void add_row(struct walk *w, const struct proof_group *group)
{
	for (size_t i = 1; i < group->n; i++)
		add_candidate(w, group->at[i - 1], group->at[i]);
	note_meet(w, group, group);
}

/* Two groups, each a row of its own: where a member of the smaller would stand in the larger. */
static void add_rows(struct walk *w, const struct proof_group *x, const struct proof_group *y)
{
	const struct proof_group *small = x->n < y->n ? x : y, *large = small == x ? y : x;
	for (size_t i = 0; i < small->n; i++) {
		size_t low = 0, high = large->n;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (large->at[middle].place < small->at[i].place)
				low = middle + 1;
			else
				high = middle;
		}
		if (low < large->n && large->at[low].place == small->at[i].place)
			continue;
		if (low)
			add_candidate(w, large->at[low - 1], small->at[i]);
		if (low < large->n)
			add_candidate(w, small->at[i], large->at[low]);
	}
	note_meet(w, x, y);
}

/* The walk */

static void open_pair(struct walk *w, uint32_t x, uint32_t y)
{
	if (x == y)	/* all of these are visited anyway */
		return;
	struct pair pair = x < y ? (struct pair){ x, y } : (struct pair){ y, x };
	uint64_t key = (uint64_t)pair.u << 32 | pair.v;	/* not 0, as v is more than u */
	if (w->seen_n * 2 >= w->seen_cap) {
		size_t cap = w->seen_cap ? w->seen_cap * 2 : 1024;
		uint64_t *grown = calloc(cap, sizeof *grown);
		if (!grown)
			fail_memory();
		for (size_t i = 0; i < w->seen_cap; i++) {
			size_t at = w->seen[i] * 0x9E3779B97F4A7C15u >> 20 & (cap - 1);
			while (w->seen[i] && grown[at])
				at = (at + 1) & (cap - 1);
			if (w->seen[i])
				grown[at] = w->seen[i];
		}
		free(w->seen);
		w->seen = grown;
		w->seen_cap = cap;
	}
	size_t at = key * 0x9E3779B97F4A7C15u >> 20 & (w->seen_cap - 1);
	while (w->seen[at]) {
		if (w->seen[at] == key)
			return;
		at = (at + 1) & (w->seen_cap - 1);
	}
	w->seen[at] = key;
	w->seen_n++;
	*VEC_ADD(&w->arena, &w->open) = pair;
}

static const struct glob_segment *segment_of(const struct walk *w, uint32_t node)
{
	return w->trie.node[node].segment;
}

/* The first of the sorted children kid[0 … n-1] whose beginning is not before `head`. */
static size_t first_from(const struct walk *w, const uint32_t *kid, size_t n, struct str head)
{
	size_t low = 0;
	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (str_compare(segment_of(w, kid[middle])->head, head) < 0)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static void join_names(struct walk *w, const struct proof_node *u, const struct proof_node *v)
{
	if (u->name_n > v->name_n) {
		const struct proof_node *swap = u;
		u = v;
		v = swap;
	}
	const uint32_t *few = w->trie.kid + u->kids, *many = w->trie.kid + v->kids;
	size_t from = 0;
	for (size_t i = 0; i < u->name_n; i++) {
		struct str name = segment_of(w, few[i])->text;
		from += first_from(w, many + from, v->name_n - from, name);
		if (from < v->name_n && str_equal(segment_of(w, many[from])->text, name))
			open_pair(w, few[i], many[from]);
	}
}

/* A wildcard against those of the sorted children kid[0 … n-1] that begin as it does, from `skip`
 * on. */
static void join_wild(struct walk *w, uint32_t wild, const uint32_t *kid, size_t n,
		      bool longer_only)
{
	const struct glob_segment *segment = segment_of(w, wild);
	for (size_t i = first_from(w, kid, n, segment->head); i < n; i++) {
		const struct glob_segment *other = segment_of(w, kid[i]);
		if (!str_starts(other->head, segment->head))
			break;
		if (kid[i] == wild || (longer_only && other->head.n == segment->head.n))
			continue;
		if (glob_meet_segment(segment, other))
			open_pair(w, wild, kid[i]);
	}
}

/* Of two wildcards that meet, one begins with all that the other begins with. */
static void join_children(struct walk *w, const struct proof_node *u, const struct proof_node *v)
{
	const uint32_t *of_u = w->trie.kid + u->kids, *of_v = w->trie.kid + v->kids;
	if (u != v)
		join_names(w, u, v);
	for (size_t i = u->name_n; i < u->name_n + u->wild_n; i++) {
		join_wild(w, of_u[i], of_v, v->name_n, false);
		join_wild(w, of_u[i], of_v + v->name_n, v->wild_n, false);
	}
	if (u == v)
		return;
	for (size_t i = v->name_n; i < v->name_n + v->wild_n; i++) {
		join_wild(w, of_v[i], of_u, u->name_n, false);
		join_wild(w, of_v[i], of_u + u->name_n, u->wild_n, true);
	}
}

/* Here the path to `stay` goes on inside of its `**`, while that to `move` takes a step. */
static void join_any(struct walk *w, uint32_t stay, uint32_t move)
{
	const struct proof_node *node = &w->trie.node[move];
	if (!stay || segment_of(w, stay)->kind != GLOB_ANY)
		return;
	for (size_t i = 0; i < node->name_n + node->wild_n; i++)
		open_pair(w, stay, w->trie.kid[node->kids + i]);
}

/* All that ends under a node is under what is owned with all below it. */
static void end_above(struct walk *w, const struct proof_group *above, uint32_t node)
{
	const struct proof_trie *trie = &w->trie;
	if (above->end == GLOB_EXACT)
		return;
	for (uint32_t i = trie->node[node + 1].group; i < trie->node[trie->node[node].past].group;
	     i++)
		add_rows(w, above, &trie->group[i]);
}

static bool ends_meet(const struct proof_group *x, const struct proof_group *y)
{
	return !(x->end == GLOB_EXACT && y->end == GLOB_BELOW) &&
	       !(x->end == GLOB_BELOW && y->end == GLOB_EXACT);
}

static void visit_pair(struct walk *w, uint32_t u, uint32_t v)
{
	const struct proof_trie *trie = &w->trie;
	const struct proof_node *at_u = &trie->node[u], *at_v = &trie->node[v];
	for (uint32_t i = at_u->group; i < at_u[1].group; i++) {
		end_above(w, &trie->group[i], v);
		for (uint32_t j = at_v->group; j < at_v[1].group; j++)
			if (ends_meet(&trie->group[i], &trie->group[j]))
				add_rows(w, &trie->group[i], &trie->group[j]);
	}
	for (uint32_t j = at_v->group; j < at_v[1].group; j++)
		end_above(w, &trie->group[j], u);
	if (at_u->any)
		open_pair(w, at_u->any, v);
	if (at_v->any)
		open_pair(w, u, at_v->any);
	join_any(w, u, v);
	join_any(w, v, u);
	join_children(w, at_u, at_v);
}

/* A node and itself: every path that leads here does so twice. */
static void visit_node(struct walk *w, uint32_t u)
{
	const struct proof_trie *trie = &w->trie;
	const struct proof_node *at = &trie->node[u];
	for (uint32_t i = at->group; i < at[1].group; i++) {
		add_row(w, &trie->group[i]);
		end_above(w, &trie->group[i], u);
		for (uint32_t j = at->group; j < i; j++)
			if (ends_meet(&trie->group[i], &trie->group[j]))
				add_rows(w, &trie->group[i], &trie->group[j]);
	}
	if (at->any)
		open_pair(w, at->any, u);
	join_any(w, u, u);
	join_children(w, at, at);
}

static void walk_all(struct walk *w)
{
	for (uint32_t node = 0; node < w->trie.node_n; node++) {
		visit_node(w, node);
		while (w->open.n) {
			struct pair pair = w->open.at[--w->open.n];
			visit_pair(w, pair.u, pair.v);
		}
	}
}

/* The order of agents */

static bool order_agents(struct arena *arena, const struct proof_agent *agents, size_t n,
			 struct graph *graph, uint32_t **order, struct fail *fail)
{
	size_t edge_n = 0;
	for (size_t i = 0; i < n; i++)
		edge_n += agents[i].after_n;
	if (n >= UINT32_MAX || edge_n >= UINT32_MAX)
		return fail_set(fail, "%zu agents with %zu `after`s are more than can be compared",
				n, edge_n);
	struct graph_edge *edges = ARENA_MANY(arena, edge_n, struct graph_edge);
	edge_n = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < agents[i].after_n; k++) {
			if (agents[i].after[k] >= n)
				return fail_set(
					fail,
					"agent %zu comes after agent %u, and there are only %zu", i,
					agents[i].after[k], n);
			edges[edge_n++] = (struct graph_edge){ agents[i].after[k], (uint32_t)i };
		}
	}
	*graph = graph_make(arena, (uint32_t)n, edges, edge_n);
	*order = ARENA_MANY(arena, n, uint32_t);
	return graph_order(graph, *order) ||
	       fail_set(fail, "the agents wait for one another in a circle");
}

static struct str common_path(struct arena *arena, struct str a, struct str b)
{
	struct arena scratch = { 0 };
	struct glob x, y;
	struct glob_error error;
	struct str witness;
	BUG_IF(!glob_parse(&scratch, a, &x, &error) || !glob_parse(&scratch, b, &y, &error),
	       "a pattern went bad");
	BUG_IF(!glob_meet(arena, &x, &y, &witness), "the walk and glob_meet() do not agree");
	arena_release(&scratch);
	return witness;
}

static int overlap_compare(const void *x, const void *y)
{
	const struct proof_overlap *a = x, *b = y;
	int order = compare(a->a, b->a);
	return order ? order : compare(a->b, b->b);
}

static int meet_compare(const void *x, const void *y)
{
	const struct proof_meet *a = x, *b = y;
	int order = compare(a->x, b->x);
	return order ? order : compare(a->y, b->y);
}

static struct proof_row row_of(struct arena *arena, const struct proof_group *group,
			       const uint32_t *order)
{
	struct proof_row row = { ARENA_MANY(arena, group->n, uint32_t),
				 ARENA_MANY(arena, group->n, uint32_t), group->n };
	for (size_t i = 0; i < group->n; i++) {
		row.agent[i] = order[group->at[i].place];
		row.pattern[i] = group->at[i].pattern;
	}
	return row;
}

/* Walks once more, now to see which groups the overlaps (candidates, of which no others are left)
 * are in. */
static void find_meets(struct arena *arena, struct walk *w, const uint32_t *order,
		       struct proof *proof)
{
	uint32_t *row = ARENA_MANY(&w->arena, w->trie.group_n,
				   uint32_t); /* by group; 1 + its row */
	w->overlap = w->candidate;
	w->overlap_n = w->candidate_n;
	w->broken = ARENA_MANY(&w->arena, w->trie.group_n, bool);
	for (uint32_t i = 0; i < w->trie.group_n; i++) {
		const struct proof_group *group = &w->trie.group[i];
		for (size_t k = 1; k < group->n; k++)
			w->broken[i] = w->broken[i] ||
				       is_overlap(w, group->at[k - 1].place, group->at[k].place);
	}
	free(w->seen);
	w->seen = NULL;
	w->seen_n = w->seen_cap = 0;
	walk_all(w);
	qsort(w->meets.at, w->meets.n, sizeof *w->meets.at, meet_compare);
	proof->meet = ARENA_MANY(arena, w->meets.n, struct proof_meet);
	proof->row = ARENA_MANY(arena, w->meets.n * 2, struct proof_row);
	for (size_t i = 0; i < w->meets.n; i++) {
		uint32_t group[2] = { w->meets.at[i].x, w->meets.at[i].y };
		if (i && !meet_compare(&w->meets.at[i], &w->meets.at[i - 1]))
			continue;
		for (int side = 0; side < 2; side++)
			if (!row[group[side]]) {
				proof->row[proof->row_n++] =
					row_of(arena, &w->trie.group[group[side]], order);
				row[group[side]] = (uint32_t)proof->row_n;
			}
		proof->meet[proof->meet_n++] = (struct proof_meet){ row[group[0]] - 1,
								    row[group[1]] - 1 };
	}
}

/* Of the candidates, those that no `after` keeps apart; the others are dropped. */
static void find_overlaps(struct arena *arena, struct walk *w, const struct proof_agent *agents,
			  const struct graph *graph, const uint32_t *order, struct proof *proof)
{
	size_t kept = 0;
	struct graph_question *questions = ARENA_MANY(&w->arena, w->candidate_n,
						      struct graph_question);
	size_t n = 0;
	for (size_t i = 0; i < w->candidate_n; i++)
		questions[i] = (struct graph_question){ order[w->candidate[i].a],
							order[w->candidate[i].b], false };
	graph_reach(graph, order, questions, w->candidate_n);
	for (size_t i = 0; i < w->candidate_n; i++)
		n += !questions[i].holds;
	*proof = (struct proof){ ARENA_MANY(arena, n, struct proof_overlap), 0 };
	for (size_t i = 0; i < w->candidate_n; i++) {
		const struct candidate *c = &w->candidate[i];
		if (questions[i].holds)
			continue;
		w->candidate[kept++] = *c;
		struct proof_overlap found = { order[c->a], order[c->b], c->pattern_a,
					       c->pattern_b };
		if (found.a > found.b)
			found = (struct proof_overlap){ found.b, found.a, found.pattern_b,
							found.pattern_a };
		found.witness = common_path(arena, agents[found.a].patterns.at[found.pattern_a],
					    agents[found.b].patterns.at[found.pattern_b]);
		proof->at[proof->n++] = found;
	}
	w->candidate_n = kept;
	if (proof->n)
		qsort(proof->at, proof->n, sizeof *proof->at, overlap_compare);
}

bool proof_make(struct arena *arena, const struct proof_agent *agents, size_t agent_n,
		struct proof *proof, struct fail *fail)
{
	struct walk w = { .candidate = NULL };
	struct graph graph;
	uint32_t *order = NULL;
	bool good = order_agents(&w.arena, agents, agent_n, &graph, &order, fail) &&
		    proof_trie_make(&w.arena, agents, order, agent_n, &w.trie, fail);
	if (good) {
		walk_all(&w);
		merge_candidates(&w);
		find_overlaps(arena, &w, agents, &graph, order, proof);
		if (proof->n)
			find_meets(arena, &w, order, proof);
	}
	free(w.candidate);
	free(w.seen);
	arena_release(&w.arena);
	return good;
}
