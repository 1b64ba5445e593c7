/* timetable_sum.c — below the rows of a timetable. */
#include "schedule/timetable_inside.h"

enum { NARROWEST = 80, INDENT = 15, PATH_LINES = 4, MERGE_LINES = 4, BUCKETS_MOST = 60, CELL = 9 };

static void begin(const struct timetable *t, struct text *out, const char *what)
{
	timetable_part_style(t, out, "1");
	text_addf(out, "%-*s", INDENT, what);
	timetable_part_style(t, out, "0");
}

static void add_duration(struct text *out, const char *before, uint64_t seconds)
{
	text_add(out, str_from(before));
	text_add_duration(out, seconds);
}

static size_t columns_of(const struct timetable *t)
{
	return t->columns < NARROWEST ? NARROWEST : t->columns;
}

/* Names with something between them, broken into lines; the rest is counted. */
static void add_names(const struct timetable *t, struct text *out, size_t column,
		      struct index_list names, const char *between, size_t lines)
{
	size_t width = utf8_width(str_from(between));
	for (size_t i = 0; i < names.n; i++) {
		struct str name = t->schedule->agent[names.at[i]].name;
		bool last_line = lines == 1 && !t->all;
		size_t behind = i + 1 == names.n ? 0 : last_line ? 12 : width;
		if (i && last_line && column + name.n + behind > columns_of(t)) {
			text_addf(out, "and %zu more", names.n - i);
			break;
		}
		if (i && column + name.n + (i + 1 < names.n ? width : 0) > columns_of(t)) {
			while (out->at[out->n - 1] == ' ')
				out->n--;
			text_addf(out, "\n%*s", INDENT, "");
			column = INDENT;
			lines--;
		}
		text_addf(out, "%.*s%s", STR_ARG(name), i + 1 < names.n ? between : "");
		column += name.n + width;
	}
	text_add_byte(out, '\n');
}

static void add_path(const struct timetable *t, const struct simulate *sim, struct text *out)
{
	struct arena arena = { 0 };
	struct text length = { 0 };
	add_duration(&length, "", sim->critical_path);
	text_add(&length, STR(": "));
	begin(t, out, "critical path");
	text_add(out, text_str(&length));
	add_names(t, out, INDENT + length.n, timetable_part_critical(&arena, t->schedule, sim),
		  " → ", PATH_LINES);
	text_release(&length);
	arena_release(&arena);
}

/* How many run at once, as a line of blocks: each is the average over its part of the time. */
static void add_width(const struct timetable *t, const struct simulate *sim, struct text *out)
{
	static const char *const block[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	uint64_t busy[BUCKETS_MOST] = { 0 }, n = columns_of(t) - INDENT - 36;
	n = n > BUCKETS_MOST ? BUCKETS_MOST : n;
	if (!sim->wall || !sim->width)
		return;
	for (size_t i = 0; i < t->schedule->agent_n; i++) {
		const struct simulate_agent *a = &sim->agent[i];
		/* In n-ths of seconds, so that parts need not be whole. */
		for (uint64_t k = a->start * n / sim->wall; k < n && k * sim->wall < a->end * n;
		     k++) {
			uint64_t from = a->start * n > k * sim->wall ? a->start * n : k * sim->wall;
			uint64_t to = a->end * n < (k + 1) * sim->wall ? a->end * n
								       : (k + 1) * sim->wall;
			busy[k] += to - from;
		}
	}
	begin(t, out, "at once");
	for (uint64_t k = 0; k < n; k++) {
		uint64_t level = (busy[k] * 8 + sim->wall * sim->width - 1) /
				 (sim->wall * sim->width);
		text_add(out, str_from(block[level > 8 ? 8 : level]));
	}
	text_addf(out, "  at most %u, %.1f on average\n", sim->width,
		  (double)sim->work / (double)sim->wall);
}

/* Beyond ten hours, seconds are rounded up: there is no room for them. */
static struct str cell_time(struct arena *arena, uint64_t seconds)
{
	struct text time = { 0 };
	if (seconds >= 36000)
		seconds = (seconds + 59) / 60 * 60;
	text_add_duration(&time, seconds);
	struct str text = arena_copy(arena, text_str(&time));
	text_release(&time);
	return text;
}

/* What makes it as long as it is: the bound that it meets, or is next to. */
static struct str cell_limit(struct arena *arena, const struct schedule *s,
			     struct simulate_bound bound)
{
	return bound.by == SIMULATE_PATH ? STR("path") : bound.by == SIMULATE_JOBS ? STR("jobs") :
	       arena_format(arena, "%.*s", STR_ARG(s->pool[bound.pool].name));
}

static void add_cells(const struct timetable *t, struct text *out, const char *what,
		      const struct str *cell, size_t n, size_t own)
{
	begin(t, out, what);
	for (size_t i = 0; i < n; i++) {
		size_t width = utf8_width(cell[i]);
		for (; width < CELL - 1; width++)
			text_add_byte(out, ' ');
		timetable_part_style(t, out, i == own ? "1" : "0");
		text_addf(out, "%.*s ", STR_ARG(cell[i]));
		timetable_part_style(t, out, "0");
	}
	while (out->at[out->n - 1] == ' ')
		out->n--;
	text_add_byte(out, '\n');
}

static void add_walls(const struct timetable *t, uint32_t own, struct text *out)
{
	struct arena arena = { 0 };
	const struct schedule *s = t->schedule;
	uint32_t jobs[TIMETABLE_JOBS];
	struct str head[TIMETABLE_JOBS], wall[TIMETABLE_JOBS], least[TIMETABLE_JOBS],
		limit[TIMETABLE_JOBS];
	size_t n = timetable_part_jobs(own, jobs), at = n;
	for (size_t i = 0; i < n; i++) {
		struct simulate sim = simulate_schedule(&arena, s, jobs[i]);
		struct simulate_bound bound = simulate_bound(s, &sim, jobs[i]);
		at = jobs[i] == own ? i : at;
		head[i] = !jobs[i] ? STR("∞")
				   : arena_format(&arena, "%u%s", jobs[i],
						  jobs[i] == own ? "*" : "");
		wall[i] = cell_time(&arena, sim.wall);
		least[i] = cell_time(&arena, bound.seconds);
		limit[i] = cell_limit(&arena, s, bound);
	}
	add_cells(t, out, "jobs", head, n, at);
	add_cells(t, out, "takes", wall, n, at);
	add_cells(t, out, "at least", least, n, at);
	add_cells(t, out, "limited by", limit, n, at);
	arena_release(&arena);
}

static void add_pools(const struct timetable *t, const struct simulate *sim, uint32_t jobs,
		      struct text *out)
{
	const struct schedule *s = t->schedule;
	for (uint32_t pool = 0; pool < s->pool_n; pool++) {
		struct arena arena = { 0 };
		struct schedule without = *s;
		size_t holders = 0;
		without.pool = ARENA_MANY(&arena, s->pool_n, struct schedule_pool);
		for (uint32_t i = 0; i < s->pool_n; i++)
			without.pool[i] = s->pool[i];
		without.pool[pool].count = UINT32_MAX;
		for (size_t i = 0; i < s->agent_n; i++)
			for (size_t k = 0; k < s->agent[i].pools.n; k++)
				holders += s->agent[i].pools.at[k] == pool;
		if (!holders) {	/* only commands hold it, whose time is not estimated */
			arena_release(&arena);
			continue;
		}
		uint64_t wall = simulate_schedule(&arena, &without, jobs).wall;
		begin(t, out, "pool");
		text_addf(out, "%.*s: %u at once, held by %zu agent%s", STR_ARG(s->pool[pool].name),
			  s->pool[pool].count, holders, holders == 1 ? "" : "s");
		if (wall < sim->wall)
			add_duration(out, "; without it ", wall);
		text_add(out, wall < sim->wall ? STR("\n") : STR("; costs no time\n"));
		arena_release(&arena);
	}
}

static void add_claim(const struct timetable *t, const char *what, uint64_t said, uint64_t found,
		      struct text *out)
{
	if (!said)
		return;
	begin(t, out, what);
	add_duration(out, "", said);
	text_add(out, found > said ? STR(" does not hold: it is ") : STR(" holds: it is "));
	add_duration(out, "", found);
	if (found > said) {
		add_duration(out, ", ", found - said);
		text_add(out, STR(" more"));
	}
	text_add_byte(out, '\n');
}

void timetable_sum_write(const struct timetable *t, const struct simulate *sim, uint32_t jobs,
			 struct text *out)
{
	struct arena arena = { 0 };
	add_path(t, sim, out);
	add_width(t, sim, out);
	begin(t, out, "work");
	add_duration(out, "", sim->work);
	text_addf(out, " of %zu agent%s", t->schedule->agent_n,
		  t->schedule->agent_n == 1 ? "" : "s");
	if (sim->unknown)
		text_addf(out, ", %zu without an estimate", sim->unknown);
	text_add_byte(out, '\n');
	begin(t, out, "takes");
	add_duration(out, "", sim->wall);
	text_addf(out, " with %u job%s\n", jobs, jobs == 1 ? "" : "s");
	add_claim(t, "expect wall", t->wall, sim->wall, out);
	add_claim(t, "expect work", t->work, sim->work, out);
	text_add_byte(out, '\n');
	add_walls(t, jobs, out);
	add_pools(t, sim, jobs, out);
	struct index_list merges = timetable_part_merges(&arena, t->schedule);
	if (merges.n) {
		text_add_byte(out, '\n');
		begin(t, out, "merge order");
		add_names(t, out, INDENT, merges, ", ", MERGE_LINES);
	}
	arena_release(&arena);
}
