/* preview.c — see preview.h. */
#include "runtime/preview.h"

#include "schedule/timetable.h"

enum { COLUMNS = 100 };

/* The schedule of the chosen agents alone: as much of it as a simulation looks at. */
static struct schedule choose(struct arena *arena, const struct schedule *from, const bool *only)
{
	struct schedule chosen = *from;
	uint32_t *index = ARENA_MANY(arena, from->agent_n, uint32_t);
	chosen.agent = ARENA_MANY(arena, from->agent_n, struct schedule_agent);
	chosen.agent_n = 0;
	for (size_t i = 0; i < from->agent_n; i++) {
		if (!only[i])
			continue;
		struct schedule_agent *agent = &chosen.agent[chosen.agent_n];
		index[i] = (uint32_t)chosen.agent_n++;
		*agent = from->agent[i];
		agent->after.at = ARENA_MANY(arena, agent->after.n, uint32_t);
		for (size_t j = 0; j < agent->after.n; j++)
			agent->after.at[j] = index[from->agent[i].after.at[j]];
	}
	return chosen;
}

void preview_write(const struct schedule *whole, const bool *only, uint32_t jobs, struct text *out)
{
	struct arena arena = { 0 };
	struct schedule chosen = only ? choose(&arena, whole, only) : *whole;
	if (only)
		chosen.plan.code.n = 0;	/* its merges are of all agents */
	timetable_write(&(struct timetable){ .schedule = &chosen,
					     .jobs = jobs,
					     .columns = COLUMNS,
					     .all = true },
			out);
	arena_release(&arena);
}
