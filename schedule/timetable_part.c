/* timetable_part.c — what the text and the JSON of a timetable are both made of. */
#include "schedule/timetable_inside.h"

void timetable_part_style(const struct timetable *t, struct text *out, const char *code)
{
	if (t->colour)
		text_addf(out, "\033[%sm", code);
}

struct index_list timetable_part_critical(struct arena *arena, const struct schedule *s,
					  const struct simulate *sim)
{
	struct index_list path = { ARENA_MANY(arena, s->agent_n, uint32_t), 0 };
	uint64_t left = sim->critical_path;
	/* Along a critical path, what remains shrinks by each agent's own duration. */
	for (uint32_t i = 0; i < s->agent_n && left; i++) {
		bool follows = !path.n;
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			follows = follows || s->agent[i].after.at[j] == path.at[path.n - 1];
		if (!follows || !sim->agent[i].critical || sim->agent[i].remaining != left)
			continue;
		left -= simulate_duration(&s->agent[i]);
		path.at[path.n++] = i;
	}
	return path;
}

struct index_list timetable_part_merges(struct arena *arena, const struct schedule *s)
{
	struct index_list merges = { ARENA_MANY(arena, s->agent_n, uint32_t), 0 };
	for (size_t i = 0; i < s->plan.code.n && merges.n < s->agent_n; i++)
		if (s->plan.code.at[i].op == OP_MERGE)
			merges.at[merges.n++] = s->plan.code.at[i].operand;
	return merges;
}

size_t timetable_part_jobs(uint32_t own, uint32_t jobs[TIMETABLE_JOBS])
{
	static const uint32_t usual[] = { 1, 2, 4, 8, 16 };
	size_t n = 0;
	bool there = own == 0;
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		if (!there && own <= usual[i]) {
			if (own < usual[i])
				jobs[n++] = own;
			there = true;
		}
		jobs[n++] = usual[i];
	}
	if (!there)
		jobs[n++] = own;
	jobs[n++] = 0;
	return n;
}
