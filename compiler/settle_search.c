/* settle_search.c — the choice of each pair, searched through by branch and bound.
 *
 * Only agents that own a path in common count, with the longest ways between them; 64 at most, so
 * that a set of them is a word. At each step, a pair whose one direction would make the critical
 * path too long takes the other (immediate selection, Carlier and Pinson 1989), which often leaves
 * nothing to be tried. First it is looked for shorter critical paths; then, of those equally long,
 * for shorter runs with fewer edges. */
#include "compiler/settle_inside.h"

#include "common/vec.h"
#include "schedule/simulate.h"

#include <string.h>

enum { MOST = 64, NO_WAY = -1, EFFORT = 30000000 };

struct pair {
	uint8_t a, b;
};
/* What is chosen so far: sets of all that comes before and after each, however far, and of the
 * edges chosen. */
struct state {
	uint64_t before[MOST], after[MOST], edge[MOST];
};
struct search {
	struct settling *settling;
	unsigned n;
	uint32_t agent[MOST];
	uint64_t time[MOST], start[MOST],
		rest[MOST]; /* start, rest: the longest path up to it, and after its end */
	int64_t way
		[MOST]
		[MOST]; /* the longest from the end of one to the start of another by what is there */
	VEC(struct pair) pairs;
	VEC(uint64_t) meets;	/* the sets of which each two are to be put in order */
	VEC(struct state) open;
	uint64_t head[MOST],
		tail[MOST]; /* of the state at hand: path up to its start; after its end */
	uint64_t longest, limit, effort;
};

static bool has(uint64_t set, unsigned i)
{
	return set >> i & 1;
}

static unsigned take_lowest(uint64_t *set)
{
	unsigned i = (unsigned)__builtin_ctzll(*set);
	*set &= *set - 1;
	return i;
}

static bool in_order(const struct state *state, struct pair pair)
{
	return has(state->after[pair.a] | state->before[pair.a], pair.b);
}

static void choose(struct state *state, unsigned a, unsigned b)
{
	uint64_t before = state->before[a] | (uint64_t)1 << a,
		 after = state->after[b] | (uint64_t)1 << b;
	state->edge[a] |= (uint64_t)1 << b;
	for (uint64_t set = before; set;)
		state->after[take_lowest(&set)] |= after;
	for (uint64_t set = after; set;)
		state->before[take_lowest(&set)] |= before;
}

/* What comes earlier has fewer before it. */
static void sort_by_order(const struct search *s, const struct state *state, unsigned *order)
{
	unsigned count[MOST + 1] = { 0 };
	for (unsigned i = 0; i < s->n; i++)
		count[__builtin_popcountll(state->before[i]) + 1]++;
	for (unsigned i = 1; i <= MOST; i++)
		count[i] += count[i - 1];
	for (unsigned i = 0; i < s->n; i++)
		order[count[__builtin_popcountll(state->before[i])]++] = i;
}

static void measure(struct search *s, const struct state *state)
{
	unsigned order[MOST];
	sort_by_order(s, state, order);
	memcpy(s->head, s->start, sizeof s->head);
	memcpy(s->tail, s->rest, sizeof s->tail);
	s->longest = s->settling->critical;
	for (unsigned k = 0; k < s->n; k++) {
		unsigned i = order[k];
		for (uint64_t set = state->before[i]; set;) {
			unsigned from = take_lowest(&set);
			uint64_t way = s->way[from][i] != NO_WAY ? (uint64_t)s->way[from][i] : 0;
			bool edge = s->way[from][i] != NO_WAY || has(state->edge[from], i);
			if (edge && s->head[from] + s->time[from] + way > s->head[i])
				s->head[i] = s->head[from] + s->time[from] + way;
		}
	}
	for (unsigned k = s->n; k-- > 0;) {
		unsigned i = order[k];
		for (uint64_t set = state->after[i]; set;) {
			unsigned to = take_lowest(&set);
			uint64_t way = s->way[i][to] != NO_WAY ? (uint64_t)s->way[i][to] : 0;
			bool edge = s->way[i][to] != NO_WAY || has(state->edge[i], to);
			if (edge && s->tail[to] + s->time[to] + way > s->tail[i])
				s->tail[i] = s->tail[to] + s->time[to] + way;
		}
		if (s->head[i] + s->time[i] + s->tail[i] > s->longest)
			s->longest = s->head[i] + s->time[i] + s->tail[i];
	}
	s->effort += (uint64_t)s->n * s->n + s->pairs.n;
}

static bool machines_fit(struct search *s)
{
	for (size_t m = 0; m < s->meets.n; m++) {
		struct settle_job jobs[MOST];
		size_t n = 0;
		for (uint64_t set = s->meets.at[m]; set;) {
			unsigned i = take_lowest(&set);
			jobs[n++] = (struct settle_job){ s->head[i], s->time[i], s->tail[i] };
		}
		s->effort += n * 16;
		if (n > 2 && settle_jackson(s->settling, jobs, n) > s->limit)
			return false;
	}
	return true;
}

/* The critical path when a goes before b, by what is known so far. */
static uint64_t cost(const struct search *s, unsigned a, unsigned b)
{
	return s->head[a] + s->time[a] + s->time[b] + s->tail[b];
}

/* Chooses what is no choice any more. False when no choice can keep to the limit. `next`: the pair
 * to try next, or s->pairs.n when all are chosen. */
static bool propagate(struct search *s, struct state *state, size_t *next)
{
	for (bool changed = true; changed;) {
		uint64_t most = 0;
		changed = false;
		*next = s->pairs.n;
		measure(s, state);
		if (s->longest > s->limit)
			return false;
		for (size_t i = 0; i < s->pairs.n; i++) {
			struct pair pair = s->pairs.at[i];
			if (in_order(state, pair))
				continue;
			uint64_t forth = cost(s, pair.a, pair.b), back = cost(s, pair.b, pair.a);
			if (forth > s->limit && back > s->limit)
				return false;
			if (forth > s->limit || back > s->limit) {
				if (back > s->limit)
					choose(state, pair.a, pair.b);
				else
					choose(state, pair.b, pair.a);
				changed = true;
			} else if ((forth < back ? forth : back) >= most) {
				most = (forth < back ? forth : back) + 1;
				*next = i;
			}
		}
	}
	return machines_fit(s);
}

static void offer(struct search *s, const struct state *state)
{
	struct arena arena = { 0 };
	VEC(struct settle_edge) edges = { 0 };
	for (size_t i = 0; i < s->pairs.n; i++) {
		struct pair pair = s->pairs.at[i];
		unsigned a = has(state->after[pair.a], pair.b) ? pair.a : pair.b,
			 b = a == pair.a ? pair.b : pair.a;
		if (!(state->after[a] & state->before[b]))
			*VEC_ADD(&arena, &edges) = (struct settle_edge){ s->agent[a], s->agent[b] };
	}
	/* By after, then before: few, so by insertion. */
	for (size_t i = 1; i < edges.n; i++)
		for (size_t j = i; j && (edges.at[j].after < edges.at[j - 1].after ||
					 (edges.at[j].after == edges.at[j - 1].after &&
					  edges.at[j].before < edges.at[j - 1].before)); j--) {
			struct settle_edge swap = edges.at[j];
			edges.at[j] = edges.at[j - 1];
			edges.at[j - 1] = swap;
		}
	settle_choice_offer(s->settling,
			    (struct settle_choice){ edges.at, edges.n, s->longest, 0 });
	arena_release(&arena);
}

/* True when nothing is left to be tried. `shorter`: only shorter critical paths are of interest,
 * else as long ones, too. */
static bool try_all(struct search *s, const struct state *root, bool shorter)
{
	struct settling *settling = s->settling;
	s->open.n = 0;
	*VEC_ADD(&settling->arena, &s->open) = *root;
	while (s->open.n) {
		struct state state = s->open.at[--s->open.n];
		size_t next;
		if (s->effort > EFFORT || settling->walls > SETTLE_WALLS)
			return false;
		s->limit = settling->best.path - shorter;
		if (shorter && settling->best.path == settling->bound)
			return true;
		if (!propagate(s, &state, &next))
			continue;
		if (next == s->pairs.n) {
			offer(s, &state);
			continue;
		}
		struct pair pair = s->pairs.at[next];
		bool forth = cost(s, pair.a, pair.b) <= cost(s, pair.b, pair.a);
		struct state other = state;
		choose(&other, forth ? pair.b : pair.a, forth ? pair.a : pair.b);
		choose(&state, forth ? pair.a : pair.b, forth ? pair.b : pair.a);
		*VEC_ADD(&settling->arena, &s->open) = other;
		*VEC_ADD(&settling->arena, &s->open) = state;
	}
	return true;
}

/* The agents of meets; false when they are too many. `index`: by agent, 1 + its number here. */
static bool gather(struct search *s, uint32_t *index)
{
	const struct settle_problem *p = s->settling->problem;
	for (size_t m = 0; m < p->meet_n; m++) {
		uint64_t set = 0;
		for (int side = 0; side < 2; side++) {
			const struct settle_row *row = &p->row[side ? p->meet[m].y : p->meet[m].x];
			for (size_t j = 0; j < row->n; j++) {
				if (!index[row->agent[j]] && s->n == MOST)
					return false;
				if (!index[row->agent[j]]) {
					s->agent[s->n++] = row->agent[j];
					index[row->agent[j]] = s->n;
				}
				set |= (uint64_t)1 << (index[row->agent[j]] - 1);
			}
		}
		*VEC_ADD(&s->settling->arena, &s->meets) = set;
	}
	return true;
}

/* The longest ways from one of them to all others. */
static void find_ways(struct search *s, unsigned from, int64_t *way)
{
	const struct schedule *schedule = s->settling->schedule;
	const struct graph *g = &s->settling->graph;
	for (size_t i = 0; i < schedule->agent_n; i++)
		way[i] = NO_WAY;
	for (uint32_t i = s->agent[from]; i < schedule->agent_n; i++) {
		bool is_from = i == s->agent[from];
		if (way[i] == NO_WAY && !is_from)
			continue;
		int64_t end = is_from ? 0 : way[i] + simulate_duration(&schedule->agent[i]);
		for (uint32_t e = g->first[i]; e < g->first[i + 1]; e++)
			if (way[g->next[e]] < end)
				way[g->next[e]] = end;
	}
	for (unsigned to = 0; to < s->n; to++)
		s->way[from][to] = way[s->agent[to]];
}

static void prepare(struct search *s, struct state *root)
{
	struct settling *settling = s->settling;
	int64_t *way = ARENA_MANY(&settling->arena, settling->schedule->agent_n, int64_t);
	bool (*paired)[MOST] = arena_take_many(&settling->arena, MOST, sizeof *paired);
	for (unsigned i = 0; i < s->n; i++) {
		uint32_t agent = s->agent[i];
		s->time[i] = simulate_duration(&settling->schedule->agent[agent]);
		s->start[i] = settling->start[agent];
		s->rest[i] = settling->tail[agent] - s->time[i];
		find_ways(s, i, way);
		for (unsigned to = 0; to < s->n; to++)
			if (s->way[i][to] != NO_WAY) {
				root->after[i] |= (uint64_t)1 << to;
				root->before[to] |= (uint64_t)1 << i;
			}
	}
	for (size_t m = 0; m < s->meets.n; m++)
		for (uint64_t set = s->meets.at[m]; set;) {
			unsigned a = take_lowest(&set);
			for (uint64_t others = set; others;) {
				unsigned b = take_lowest(&others);
				if (!paired[a][b] && !has(root->after[a] | root->before[a], b))
					*VEC_ADD(&settling->arena, &s->pairs) = (struct pair){ (uint8_t)a, (uint8_t)b };
				paired[a][b] = true;
			}
		}
}

bool settle_search(struct settling *settling)
{
	struct search *s = ARENA_NEW(&settling->arena, struct search);
	struct state *root = ARENA_NEW(&settling->arena, struct state);
	s->settling = settling;
	if (!gather(s, ARENA_MANY(&settling->arena, settling->schedule->agent_n, uint32_t)))
		return false;
	prepare(s, root);
	bool least = try_all(s, root, true);
	if (least)
		try_all(s, root, false);
	return least;
}
