/* own.c — do two agents that may run at the same time own the same path?
 *
 * Agents come in as patterns, not files, because the files may not exist yet; schedule/proof.h
 * decides. What is said is causes, not pairs: that four hundred agents own `src/` is one mistake. A
 * pair is said once, by the largest cause that has it, and every pair is in one. What would settle
 * them all is chosen for all at once (settle.h); each message proposes its part. */
#include "compiler/own_inside.h"

#include "schedule/simulate.h"

#include <stdlib.h>

enum { PAIRS_MOST = 1000000 }; /* beyond that, only neighbours are looked at, as the proof does */

static struct proof_agent *collect(struct own *o)
{
	struct arena *arena = o->scratch;
	struct proof_agent *agents = ARENA_MANY(arena, o->plan->agents.n, struct proof_agent);
	for (uint32_t i = 0; i < o->plan->agents.n; i++) {
		const struct plan_agent *from = &o->plan->agents.at[i];
		/* What comes after what is not known of a loose one, nor of one in a circle, so
		 * nothing is held against it. */
		size_t n = from->loose || from->circle
				   ? 0
				   : from->list[PLAN_OWNS].list.n + from->list[PLAN_CREATES].list.n;
		struct str *patterns = ARENA_MANY(arena, n, struct str);
		uint32_t *after = ARENA_MANY(arena, from->after.n, uint32_t);
		for (size_t j = 0; j < n; j++)
			patterns[j] = own_pattern(o, i, (uint32_t)j)->text;
		for (size_t j = 0; j < from->after.n; j++)
			after[j] = from->after.at[j].agent;
		agents[i] = (struct proof_agent){ { patterns, n }, after, from->after.n };
	}
	return agents;
}

static void choose(struct own *o)
{
	struct settle_row *rows = ARENA_MANY(o->scratch, o->proof.row_n, struct settle_row);
	for (size_t i = 0; i < o->proof.row_n; i++) {
		const struct proof_row *row = &o->proof.row[i];
		uint32_t *agent = ARENA_MANY(o->scratch, row->n, uint32_t);
		for (size_t j = 0; j < row->n; j++)
			agent[j] = o->order->rank[row->agent[j]];
		rows[i] = (struct settle_row){ agent, row->n };
	}
	struct settle_problem problem = { o->schedule, rows, o->proof.meet, o->proof.row_n,
					  o->proof.meet_n };
	o->settle = settle_overlaps(o->scratch, &problem);
	for (size_t i = 0; i < o->settle.n; i++) {
		o->settle.at[i].before = o->order->agent[o->settle.at[i].before];
		o->settle.at[i].after = o->order->agent[o->settle.at[i].after];
	}
}

static void measure(struct own *o)
{
	const struct schedule *s = o->schedule;
	uint64_t *start = ARENA_MANY(o->scratch, s->agent_n, uint64_t);
	for (size_t i = 0; i < s->agent_n; i++)
		for (size_t j = 0; j < s->agent[i].after.n; j++) {
			uint32_t before = s->agent[i].after.at[j];
			uint64_t end = start[before] + simulate_duration(&s->agent[before]);
			start[i] = end > start[i] ? end : start[i];
		}
	o->start = start;
	o->tail = simulate_remaining(o->scratch, s);
}

/* Pairs, each in the first cause that has it. */

struct pairs {
	struct own *own;
	VEC(struct own_pair) list;
	uint32_t *table; /* hash table of 1 + indices into the list */
	size_t cap;
};

static uint32_t *pair_slot(struct pairs *p, uint32_t a, uint32_t b)
{
	size_t at = (((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u >> 24) & (p->cap - 1);
	while (p->table[at] &&
	       (p->list.at[p->table[at] - 1].a != a || p->list.at[p->table[at] - 1].b != b))
		at = (at + 1) & (p->cap - 1);
	return &p->table[at];
}

static void add_pair(struct pairs *p, const struct proof_row *x, size_t i,
		     const struct proof_row *y, size_t j)
{
	struct own_pair pair = { x->agent[i], y->agent[j], x->pattern[i], y->pattern[j] };
	if (pair.a == pair.b)
		return;
	if (pair.a > pair.b)
		pair = (struct own_pair){ pair.b, pair.a, pair.pattern_b, pair.pattern_a };
	if (p->list.n * 2 >= p->cap) {
		p->cap = p->cap ? p->cap * 2 : 1024;
		p->table = ARENA_MANY(p->own->scratch, p->cap, uint32_t);
		for (size_t k = 0; k < p->list.n; k++)
			*pair_slot(p, p->list.at[k].a, p->list.at[k].b) = (uint32_t)k + 1;
	}
	uint32_t *slot = pair_slot(p, pair.a, pair.b);
	if (*slot)
		return;
	*slot = (uint32_t)p->list.n + 1;
	*VEC_ADD(p->own->scratch, &p->list) = pair;
}

struct member {
	uint32_t rank;
	uint32_t index;
	const struct proof_row *row;
};

static int member_compare(const void *x, const void *y)
{
	const struct member *a = x, *b = y;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Of two rows that are chains, or of one row, all are in order if neighbours in a topological order
 * are. */
static void add_neighbours(struct pairs *p, const struct proof_row *x, const struct proof_row *y)
{
	struct own *o = p->own;
	size_t n = 0;
	struct member *member = ARENA_MANY(o->scratch, x->n + y->n, struct member);
	for (size_t i = 0; i < x->n; i++)
		member[n++] = (struct member){ o->order->rank[x->agent[i]], (uint32_t)i, x };
	for (size_t i = 0; i < y->n && y != x; i++)
		member[n++] = (struct member){ o->order->rank[y->agent[i]], (uint32_t)i, y };
	qsort(member, n, sizeof *member, member_compare);
	for (size_t i = 1; i < n; i++)
		if (x == y || member[i].row != member[i - 1].row)
			add_pair(p, member[i - 1].row, member[i - 1].index, member[i].row,
				 member[i].index);
}

static void add_cause(struct pairs *p, struct proof_meet meet)
{
	const struct proof_row *x = &p->own->proof.row[meet.x], *y = &p->own->proof.row[meet.y];
	size_t first = p->list.n, n = x->n * y->n;
	bool all = n / 2 + p->list.n <= PAIRS_MOST;
	for (size_t i = 0; i < x->n && all; i++)
		for (size_t j = x == y ? i + 1 : 0; j < y->n; j++)
			add_pair(p, x, i, y, j);
	if (!all)
		add_neighbours(p, x, y);
	*VEC_ADD(p->own->scratch, &p->own->causes) =
		(struct own_cause){ .meet = meet, .pair_n = p->list.n - first, .cut = !all };
}

/* Only what may run at the same time is kept; causes without any are dropped. */
static void keep_open(struct pairs *p)
{
	struct own *o = p->own;
	struct graph_question *questions = ARENA_MANY(o->scratch, p->list.n, struct graph_question);
	for (size_t i = 0; i < p->list.n; i++) {
		uint32_t a = p->list.at[i].a, b = p->list.at[i].b;
		bool forth = o->order->rank[a] < o->order->rank[b];
		questions[i] = (struct graph_question){ forth ? a : b, forth ? b : a, false };
	}
	graph_reach(&o->order->graph, o->order->agent, questions, p->list.n);
	size_t causes = 0, from = 0, kept = 0;
	for (size_t c = 0; c < o->causes.n; c++) {
		struct own_cause cause = o->causes.at[c];
		size_t first = kept, to = from + cause.pair_n;
		for (; from < to; from++)
			if (!questions[from].holds)
				p->list.at[kept++] = p->list.at[from];
		cause.pair = &p->list.at[first];
		cause.pair_n = kept - first;
		if (cause.pair_n)
			o->causes.at[causes++] = cause;
	}
	o->causes.n = causes;
	p->list.n = kept;
}

struct sized {
	struct proof_meet meet;
	size_t size;
	uint64_t first
		[2]; /* of the agents and patterns that would be shown: ties are in their order */
};

static int sized_compare(const void *x, const void *y)
{
	const struct sized *a = x, *b = y;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	for (int i = 0; i < 2; i++)
		if (a->first[i] != b->first[i])
			return a->first[i] < b->first[i] ? -1 : 1;
	return 0;
}

static void find_causes(struct own *o)
{
	struct pairs pairs = { .own = o };
	struct sized *sized = ARENA_MANY(o->scratch, o->proof.meet_n, struct sized);
	for (size_t i = 0; i < o->proof.meet_n; i++) {
		struct proof_meet meet = o->proof.meet[i];
		const struct proof_row *x = &o->proof.row[meet.x], *y = &o->proof.row[meet.y];
		bool swap = x->agent[0] > y->agent[0];
		const struct proof_row *a = swap ? y : x, *b = swap ? x : y;
		sized[i] = (struct sized){ meet,
					   x->n * y->n,
					   { (uint64_t)a->agent[0] << 32 | b->agent[0],
					     (uint64_t)a->pattern[0] << 32 | b->pattern[0] } };
	}
	qsort(sized, o->proof.meet_n, sizeof *sized, sized_compare);
	for (size_t i = 0; i < o->proof.meet_n; i++)
		add_cause(&pairs, sized[i].meet);
	keep_open(&pairs);
}

/* Each edge belongs to the cause that says its pair; all that one agent is to come after to the
 * first of those. */
static void give_fixes(struct own *o)
{
	struct pairs of = { .own = o };
	size_t n = 0;
	for (size_t c = 0; c < o->causes.n; c++)
		n += o->causes.at[c].pair_n;
	for (of.cap = 1024; of.cap < n * 2;)
		of.cap *= 2;
	uint32_t *cause_of = ARENA_MANY(o->scratch, n, uint32_t);
	of.table = ARENA_MANY(o->scratch, of.cap, uint32_t);
	of.list.at = ARENA_MANY(o->scratch, n, struct own_pair);
	for (uint32_t c = 0; c < o->causes.n; c++)
		for (size_t i = 0; i < o->causes.at[c].pair_n; i++) {
			struct own_pair pair = o->causes.at[c].pair[i];
			cause_of[of.list.n] = c;
			of.list.at[of.list.n++] = pair;
			*pair_slot(&of, pair.a, pair.b) = (uint32_t)of.list.n;
		}
	const struct settle *settle = &o->settle;
	for (size_t from = 0, to; from < settle->n; from = to) {
		struct own_fix fix = { settle->at[from].after, NULL, 0 };
		uint32_t owner = UINT32_MAX;
		for (to = from; to < settle->n && settle->at[to].after == fix.agent; to++) {
			uint32_t before = settle->at[to].before;
			uint32_t *slot = before < fix.agent ? pair_slot(&of, before, fix.agent)
							    : pair_slot(&of, fix.agent, before);
			if (*slot && cause_of[*slot - 1] < owner)
				owner = cause_of[*slot - 1];
		}
		fix.before = ARENA_MANY(o->scratch, to - from, uint32_t);
		for (size_t i = from; i < to; i++)
			fix.before[fix.n++] = settle->at[i].before;
		*VEC_ADD(o->scratch, &o->causes.at[owner == UINT32_MAX ? 0 : owner].fixes) = fix;
	}
}

void own_check(struct load *load, const struct plan *plan, const struct order *order,
	       const struct schedule *schedule)
{
	struct arena scratch = { 0 };
	struct own o = { .load = load,
			 .scratch = &scratch,
			 .plan = plan,
			 .order = order,
			 .schedule = schedule };
	struct fail fail;
	bool made = proof_make(&scratch, collect(&o), plan->agents.n, &o.proof, &fail);
	BUG_IF(!made, "the proof was given a pattern or an order that was not checked");
	if (o.proof.n) {
		measure(&o);
		choose(&o);
		find_causes(&o);
		BUG_IF(!o.causes.n, "the proof found overlaps, and none has a cause");
		give_fixes(&o);
		for (size_t i = 0; i < o.causes.n; i++)
			own_say(&o, &o.causes.at[i]);
		own_say_total(&o);
	}
	arena_release(&scratch);
}
