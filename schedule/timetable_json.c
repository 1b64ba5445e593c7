/* timetable_json.c — a timetable as JSON: seconds, names, and null for nothing. */
#include "schedule/timetable_inside.h"

#include "common/json.h"

static void write_agent(const struct schedule *s, const struct simulate *sim, uint32_t agent,
			struct text *out)
{
	const struct schedule_agent *from = &s->agent[agent];
	const struct simulate_agent *a = &sim->agent[agent];
	struct simulate_wait wait = simulate_wait(s, sim, agent);
	json_open(out, NULL, '{');
	json_write_text(out, "name", from->name);
	json_write_text(out, "title", from->title);
	json_write_text(out, "place", from->place);
	json_write_number(out, "start", (int64_t)a->start);
	json_write_number(out, "end", (int64_t)a->end);
	json_write_number(out, "slack", (int64_t)a->slack);
	json_write_flag(out, "critical", a->critical);
	json_write_flag(out, "estimated", from->estimate > 0);
	json_write_number(out, "slot", a->slot);
	json_open(out, "after", '[');
	for (size_t i = 0; i < from->after.n; i++)
		json_write_text(out, NULL, s->agent[from->after.at[i]].name);
	json_close(out, ']');
	json_open(out, "pools", '[');
	for (size_t i = 0; i < from->pools.n; i++)
		json_write_text(out, NULL, s->pool[from->pools.at[i]].name);
	json_close(out, ']');
	if (wait.by == SIMULATE_JOBS)
		json_write_text(out, "held_up_by", STR("jobs"));
	else if (wait.by == SIMULATE_POOL)
		json_write_text(out, "held_up_by", s->pool[wait.pool].name);
	json_close(out, '}');
}

static void write_names(const struct schedule *s, const char *key, struct index_list names,
			struct text *out)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < names.n; i++)
		json_write_text(out, NULL, s->agent[names.at[i]].name);
	json_close(out, ']');
}

static void write_walls(const struct schedule *s, uint32_t own, struct text *out)
{
	uint32_t jobs[TIMETABLE_JOBS];
	size_t n = timetable_part_jobs(own, jobs);
	json_open(out, "by_jobs", '[');
	for (size_t i = 0; i < n; i++) {
		struct arena arena = { 0 };
		struct simulate sim = simulate_schedule(&arena, s, jobs[i]);
		struct simulate_bound bound = simulate_bound(s, &sim, jobs[i]);
		json_open(out, NULL, '{');
		if (jobs[i])	/* without it, as many as one likes */
			json_write_number(out, "jobs", jobs[i]);
		json_write_number(out, "wall", (int64_t)sim.wall);
		json_write_number(out, "at_least", (int64_t)bound.seconds);
		json_write_text(out, "limited_by",
				bound.by == SIMULATE_PATH   ? STR("path")
				: bound.by == SIMULATE_JOBS ? STR("jobs")
							    : STR("pool"));
		if (bound.by == SIMULATE_POOL)
			json_write_text(out, "pool", s->pool[bound.pool].name);
		json_close(out, '}');
		arena_release(&arena);
	}
	json_close(out, ']');
}

void timetable_json(const struct timetable *t, struct text *out)
{
	struct arena arena = { 0 };
	const struct schedule *s = t->schedule;
	uint32_t jobs = t->jobs ? t->jobs : s->plan.jobs;
	struct simulate sim = simulate_schedule(&arena, s, jobs);
	json_open(out, NULL, '{');
	json_write_text(out, "plan", s->plan.name);
	json_write_text(out, "title", s->plan.title);
	json_write_number(out, "jobs", jobs);
	json_write_number(out, "wall", (int64_t)sim.wall);
	json_write_number(out, "critical_path", (int64_t)sim.critical_path);
	json_write_number(out, "work", (int64_t)sim.work);
	json_write_number(out, "at_once", sim.width);
	json_write_number(out, "without_estimate", (int64_t)sim.unknown);
	if (t->wall)
		json_write_number(out, "expected_wall", t->wall);
	if (t->work)
		json_write_number(out, "expected_work", t->work);
	json_open(out, "agents", '[');
	for (uint32_t i = 0; i < s->agent_n; i++)
		write_agent(s, &sim, i, out);
	json_close(out, ']');
	write_names(s, "path", timetable_part_critical(&arena, s, &sim), out);
	write_names(s, "merge_order", timetable_part_merges(&arena, s), out);
	write_walls(s, jobs, out);
	json_close(out, '}');
	text_add_byte(out, '\n');
	arena_release(&arena);
}
