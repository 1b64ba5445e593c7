/* preview.c — see preview.h. */
#include "runtime/preview.h"

#include "schedule/simulate.h"

#include <stdlib.h>

struct row {
	uint32_t agent;
	uint64_t start;
};

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->agent < y->agent ? -1 : 1;
}

/* "1h30m", "45s", "0s". In `text`, which is cleared. */
static const char *duration(struct text *text, uint64_t seconds)
{
	text_clear(text);
	text_add_duration(text, seconds);
	return text->at;
}

static void add_rows(const struct schedule *schedule, const struct simulate *simulate, const struct row *rows, struct text *out)
{
	struct text start = { 0 }, end = { 0 }, slack = { 0 };
	size_t width = 5;
	for (size_t i = 0; i < schedule->agent_n; i++)
		if (schedule->agent[i].name.n > width)
			width = schedule->agent[i].name.n;
	text_addf(out, "     %-*s  %9s %9s %9s  on the critical path: *\n", (int)width, "agent", "start", "end", "slack");
	for (size_t i = 0; i < schedule->agent_n; i++) {
		const struct simulate_agent *agent = &simulate->agent[rows[i].agent];
		text_addf(out, "%4zu %-*.*s  %9s %9s %9s%s%s\n", i + 1, (int)width, STR_ARG(schedule->agent[rows[i].agent].name),
			  duration(&start, agent->start), duration(&end, agent->end), duration(&slack, agent->slack),
			  agent->critical ? "  *" : "", schedule->agent[rows[i].agent].estimate ? "" : "  (no estimate)");
	}
	text_release(&start);
	text_release(&end);
	text_release(&slack);
}

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
	struct text length = { 0 };
	struct schedule chosen = only ? choose(&arena, whole, only) : *whole;
	const struct schedule *schedule = &chosen;
	if (!jobs)
		jobs = schedule->plan.jobs;
	struct simulate simulate = simulate_schedule(&arena, schedule, jobs);
	struct row *rows = ARENA_MANY(&arena, schedule->agent_n, struct row);
	for (uint32_t i = 0; i < schedule->agent_n; i++)
		rows[i] = (struct row){ i, simulate.agent[i].start };
	qsort(rows, schedule->agent_n, sizeof *rows, compare);
	add_rows(schedule, &simulate, rows, out);
	text_addf(out, "with %u jobs: %s", jobs, duration(&length, simulate.wall));
	text_addf(out, "; the critical path alone: %s", duration(&length, simulate.critical_path));
	text_addf(out, "; one after the other: %s; at most %u at once\n", duration(&length, simulate.work), simulate.width);
	if (simulate.unknown)
		text_addf(out, "%zu of %zu agents have no estimate and count as %s each\n", simulate.unknown, schedule->agent_n,
			  duration(&length, SIMULATE_UNKNOWN));
	text_release(&length);
	arena_release(&arena);
}
