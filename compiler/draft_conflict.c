/* draft_conflict.c — see draft_conflict.h.
 *
 * What is said first in the document is believed; an order that closes a circle with those before
 * it is the one that is shown, with the others of the circle. */
#include "compiler/draft_conflict.h"

#include <stdlib.h>

enum { LABELS_MOST = 6, EDGES_MOST = 3000, FINDINGS_MOST = 20 };
enum { STEPS_MOST = 50000000 }; /* then circles are left to the compiler, which is faster at them */

struct said {
	uint32_t later, earlier;
	struct span span;
};
struct saids {
	VEC(struct said) list;
};

static int compare(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	if (x->later != y->later)
		return x->later < y->later ? -1 : 1;
	return (x->earlier > y->earlier) - (x->earlier < y->earlier);
}

/* Agents that are in no circle go, from one end and from the other; true for those that stay. */
static bool *find_circles(const struct draft *d, const struct saids *all, size_t *n, size_t *steps)
{
	bool *stays = ARENA_MANY(d->arena, d->agents.n, bool), more = true;
	uint32_t *in = ARENA_MANY(d->arena, d->agents.n, uint32_t),
		 *out = ARENA_MANY(d->arena, d->agents.n, uint32_t);
	for (size_t i = 0; i < d->agents.n; i++)
		stays[i] = true;
	while (more && *steps < STEPS_MOST) {
		more = false;
		*steps += all->list.n + d->agents.n;
		memset(in, 0, d->agents.n * sizeof *in);
		memset(out, 0, d->agents.n * sizeof *out);
		for (size_t i = 0; i < all->list.n; i++) {
			const struct said *said = &all->list.at[i];
			if (!stays[said->later] || !stays[said->earlier])
				continue;
			in[said->later]++;
			out[said->earlier]++;
		}
		for (size_t i = 0; i < d->agents.n; i++)
			if (stays[i] && (!in[i] || !out[i])) {
				stays[i] = false;
				more = true;
			}
	}
	*n = 0;
	for (size_t i = 0; i < d->agents.n; i++)
		*n += stays[i];
	return stays;
}

/* The orders by which `from` comes to wait for `to`, the last first; breadth first, so they are
 * few. False when it does not. */
static bool find_way(const struct draft *d, const struct saids *believed, uint32_t from,
		     uint32_t to, struct saids *way, size_t *steps)
{
	const struct said **by = ARENA_MANY(d->arena, d->agents.n, const struct said *);
	uint32_t *queue = ARENA_MANY(d->arena, d->agents.n + 1, uint32_t);
	size_t n = 0, next = 0;
	bool *seen = ARENA_MANY(d->arena, d->agents.n, bool);
	queue[n++] = from;
	seen[from] = true;
	while (next < n && !seen[to]) {
		uint32_t at = queue[next++];
		*steps += believed->list.n + d->agents.n / 64;
		for (size_t i = 0; i < believed->list.n; i++) {
			const struct said *said = &believed->list.at[i];
			if (said->later != at || seen[said->earlier])
				continue;
			seen[said->earlier] = true;
			by[said->earlier] = said;
			queue[n++] = said->earlier;
		}
	}
	if (!seen[to] || from == to)
		return false;
	for (uint32_t at = to; at != from; at = by[at]->later)
		*VEC_ADD(d->arena, &way->list) = *by[at];
	return true;
}

static void label(const struct draft *d, struct diag *diag, const struct said *said)
{
	diag_label(d->diags, diag, said->span, "`%.*s` waits for `%.*s` here",
		   STR_ARG(d->agents.at[said->later].name),
		   STR_ARG(d->agents.at[said->earlier].name));
}

static void say_circle(const struct draft *d, const struct said *said, const struct saids *way)
{
	const char *words =
		way->list.n == 1 ? "`%.*s` is to wait for `%.*s`, and the other way round elsewhere"
				 : "`%.*s` is to wait for `%.*s`, which waits for it elsewhere";
	struct diag *diag = diag_add(d->diags, DIAG_CONTRADICTION, said->span, words,
				     STR_ARG(d->agents.at[said->later].name),
				     STR_ARG(d->agents.at[said->earlier].name));
	for (size_t i = 0; i < way->list.n && i < LABELS_MOST; i++)
		label(d, diag, &way->list.at[way->list.n - 1 - i]);
	diag_note(d->diags, diag,
		  "both are in the imported plan, which is refused until one of them is taken out");
}

static void check_circles(const struct draft *d, struct saids *all)
{
	size_t n, findings = 0, steps = 0;
	bool *stays = find_circles(d, all, &n, &steps);
	struct saids believed = { 0 };
	for (size_t i = 0; i < all->list.n && n && findings < FINDINGS_MOST && steps < STEPS_MOST;
	     i++) {
		const struct said *said = &all->list.at[i];
		struct saids way = { 0 };
		bool again = i && said->later == all->list.at[i - 1].later &&
			     said->earlier == all->list.at[i - 1].earlier;
		if (!stays[said->later] || !stays[said->earlier] || again)
			continue;
		struct arena_mark mark = arena_mark(d->arena);
		if (find_way(d, &believed, said->earlier, said->later, &way, &steps)) {
			say_circle(d, said, &way);
			findings++;
			continue;
		}
		arena_reset(d->arena, mark);
		if (believed.list.n < EDGES_MOST)
			*VEC_ADD(d->arena, &believed.list) = *said;
	}
}

/* ---- what is merged before what it waits for */

static size_t *merge_steps(const struct draft *d)
{
	size_t *step = ARENA_MANY(d->arena, d->agents.n, size_t);
	for (size_t i = 0; i < d->merge.n; i++)
		for (size_t j = 0; j < d->merge.at[i].agents.n; j++) {
			uint32_t agent = d->merge.at[i].agents.at[j];
			if (!step[agent])
				step[agent] = i + 1;
		}
	return step;
}

static bool is_shown(const struct saids *shown, const struct said *said)
{
	for (size_t i = 0; i < shown->list.n; i++)
		if (shown->list.at[i].later == said->later &&
		    shown->list.at[i].earlier == said->earlier)
			return true;
	return false;
}

static void check_merge(const struct draft *d, const struct saids *all)
{
	const size_t *step = merge_steps(d);
	struct span last = { 0 }, last_merge = { 0 };
	struct saids shown = { 0 };
	for (size_t i = 0, findings = 0; i < all->list.n && findings < FINDINGS_MOST; i++) {
		const struct said *said = &all->list.at[i];
		size_t later = step[said->later], earlier = step[said->earlier];
		if (!later || !earlier || later >= earlier)
			continue;
		struct span merge = d->merge.at[later - 1].span;
		/* Two lines of numbers in opposite directions are one contradiction. */
		if ((findings && last.start == said->span.start &&
		     last_merge.start == merge.start) ||
		    is_shown(&shown, said))
			continue;
		*VEC_ADD(d->arena, &shown.list) = *said;
		last = said->span;
		last_merge = merge;
		struct diag *diag =
			diag_add(d->diags, DIAG_CONTRADICTION, merge,
				 "`%.*s` is to be merged before `%.*s`, and waits for it elsewhere",
				 STR_ARG(d->agents.at[said->later].name),
				 STR_ARG(d->agents.at[said->earlier].name));
		label(d, diag, said);
		struct span other = d->merge.at[earlier - 1].span;
		if (other.start != merge.start)
			diag_label(d->diags, diag, other, "merged here");
		findings++;
	}
}

/* ---- what is said not to wait */

static void check_denied(const struct draft *d, const struct saids *all)
{
	for (uint32_t a = 0; a < d->agents.n; a++)
		for (size_t i = 0; i < d->agents.at[a].not_after.n; i++) {
			const struct draft_edge *denied = &d->agents.at[a].not_after.at[i];
			for (size_t s = 0; s < all->list.n; s++) {
				const struct said *said = &all->list.at[s];
				if (said->later != a || said->earlier != denied->agent)
					continue;
				struct diag *diag = diag_add(
					d->diags, DIAG_CONTRADICTION, denied->span,
					"`%.*s` does not wait for `%.*s` here, and does elsewhere",
					STR_ARG(d->agents.at[a].name),
					STR_ARG(d->agents.at[denied->agent].name));
				label(d, diag, said);
				break;
			}
		}
}

void draft_conflict_check(const struct draft *d)
{
	struct saids all = { 0 };
	for (uint32_t a = 0; a < d->agents.n; a++)
		for (size_t i = 0; i < d->agents.at[a].after.n; i++) {
			const struct draft_edge *edge = &d->agents.at[a].after.at[i];
			if (edge->agent != a)
				*VEC_ADD(d->arena, &all.list) = (struct said){ a, edge->agent,
									       edge->span };
		}
	if (!all.list.n)
		return;
	qsort(all.list.at, all.list.n, sizeof *all.list.at, compare);
	check_circles(d, &all);
	check_merge(d, &all);
	check_denied(d, &all);
}
