/* drawing_bars.c — see drawing_bars.h. */
#include "compiler/drawing_bars.h"

#include <stdlib.h>

struct row {
	struct drawing_bar bar;
	const struct simulate_agent *at;
};

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->at->slot != y->at->slot)
		return x->at->slot < y->at->slot ? -1 : 1;
	if (x->at->start != y->at->start)
		return x->at->start < y->at->start ? -1 : 1;
	return (x->bar.agent > y->bar.agent) - (x->bar.agent < y->bar.agent);
}

struct drawing_bar *drawing_bars_make(struct arena *arena, const struct drawing *d)
{
	struct row *row = ARENA_MANY(arena, d->agent_n, struct row);
	struct drawing_bar *bar = ARENA_MANY(arena, d->agent_n, struct drawing_bar);
	const struct simulate_agent *agent = d->times->agent;
	for (uint32_t i = 0; i < d->agent_n; i++) {
		struct index_list after = d->schedule->agent[i].after;
		row[i] = (struct row){ { .agent = i, .late = agent[i].slack }, &agent[i] };
		for (size_t j = 0; j < after.n; j++)
			if (row[i].bar.ready < agent[after.at[j]].end)
				row[i].bar.ready = agent[after.at[j]].end;
	}
	if (d->agent_n)
		qsort(row, d->agent_n, sizeof *row, compare_rows);
	for (size_t i = 0; i < d->agent_n; i++)
		bar[i] = row[i].bar;
	return bar;
}
