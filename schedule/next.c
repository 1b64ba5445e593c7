/* next.c — see next.h. Counted first, so that all lists lie in one piece of memory. */
#include "schedule/next.h"

struct index_list *next_by_agent(struct arena *arena, const struct schedule *s)
{
	struct index_list *next = ARENA_MANY(arena, s->agent_n, struct index_list);
	size_t edges = 0;
	for (size_t i = 0; i < s->agent_n; i++) {
		edges += s->agent[i].after.n;
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			next[s->agent[i].after.at[j]].n++;
	}
	uint32_t *room = ARENA_MANY(arena, edges, uint32_t);
	for (size_t i = 0; i < s->agent_n; i++) {
		next[i].at = room;
		room += next[i].n;
		next[i].n = 0;
	}
	for (size_t i = 0; i < s->agent_n; i++)
		for (size_t j = 0; j < s->agent[i].after.n; j++) {
			struct index_list *list = &next[s->agent[i].after.at[j]];
			list->at[list->n++] = (uint32_t)i;
		}
	return next;
}
