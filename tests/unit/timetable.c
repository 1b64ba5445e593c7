/* timetable.c — the schedule as people see it: every line fits, every agent is there, and the
 * figures are those of the simulation, read off the JSON; what keeps an agent waiting and what no
 * schedule can beat, by their definitions. */
#include "schedule/timetable.h"

#include "common/json.h"
#include "common/utf8.h"
#include "schedule/simulate.h"
#include "tests/lib/schedules.h"

static bool fits(struct str text, size_t columns, size_t title)
{
	struct str line;
	bool fits = true;
	for (size_t i = 0; str_split(&text, '\n', &line); i++)
		fits &= i == 0 ? utf8_width(line) <= title + columns : utf8_width(line) <= columns;
	return fits;
}

static void check_text(void)
{
	bool all_fit = true, all_there = true, figures = true;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct arena arena = { 0 };
		struct text text = { 0 }, json = { 0 };
		struct fail fail;
		struct json read;
		struct schedule *s = schedules_make(&arena, seed, 60);
		size_t columns = 80 + seed % 120;
		struct timetable t = { .schedule = s,
				       .jobs = (uint32_t)(seed % 6),
				       .columns = columns,
				       .all = seed % 2,
				       .more = "--all" };
		struct simulate sim = simulate_schedule(&arena, s, t.jobs ? t.jobs : s->plan.jobs);
		timetable_write(&t, &text);
		timetable_json(&t, &json);
		all_fit &= fits(text_str(&text), columns, s->plan.title.n * 8);
		for (size_t i = 0; i < s->agent_n && (t.all || s->agent_n <= 40); i++)
			all_there &= str_find_text(text_str(&text), s->agent[i].name) != SIZE_MAX;
		if (!t.all && s->agent_n > 42)
			all_there &= str_find_text(text_str(&text), STR("--all shows them")) !=
				     SIZE_MAX;
		bool good = json_read(&arena, text_str(&json), "the timetable", &read, &fail);
		const struct json *agents = good ? json_find(&read, "agents", JSON_IS_LIST) : NULL;
		figures &= agents && agents->n == s->agent_n &&
			   json_find_number(&read, "wall") == (int64_t)sim.wall;
		for (size_t i = 0; agents && i < agents->n; i++)
			figures &= json_find_number(&agents->at[i], "end") ==
				   (int64_t)sim.agent[i].end;
		text_release(&text);
		text_release(&json);
		arena_release(&arena);
	}
	CHECK(all_fit, "no line is wider than the terminal");
	CHECK(all_there, "every agent is there, or how to see it");
	CHECK(figures, "the JSON has the figures of the simulation");
}

/* The critical path in the JSON is one: each comes after the one before it, and together they take
 * as long. */
static void check_path(void)
{
	bool chained = true, sums = true, bounded = true, waits = true;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct arena arena = { 0 };
		struct text json = { 0 };
		struct fail fail;
		struct json read;
		struct schedule *s = schedules_make(&arena, seed, 20);
		uint32_t jobs = 1 + (uint32_t)(seed % 4);
		struct simulate sim = simulate_schedule(&arena, s, jobs);
		timetable_json(&(struct timetable){ .schedule = s, .jobs = jobs }, &json);
		const struct json *path = json_read(&arena, text_str(&json), "it", &read, &fail) ?
					  json_find(&read, "path", JSON_IS_LIST) : NULL;
		uint64_t sum = 0;
		for (size_t i = 0; path && i < path->n; i++) {
			uint32_t agent = schedule_find_agent(s, path->at[i].text);
			uint32_t before = i ? schedule_find_agent(s, path->at[i - 1].text) : 0;
			bool after = !i;
			for (size_t k = 0; k < s->agent[agent].after.n; k++)
				after |= i && s->agent[agent].after.at[k] == before;
			chained &= after;
			sum += simulate_duration(&s->agent[agent]);
		}
		sums &= path && sum == sim.critical_path;
		struct simulate_bound bound = simulate_bound(s, &sim, jobs);
		bounded &= bound.seconds <= sim.wall && bound.seconds >= sim.critical_path &&
			   bound.seconds >= sim.work / jobs;
		for (uint32_t i = 0; i < s->agent_n; i++) {
			uint64_t ready = 0;
			for (size_t k = 0; k < s->agent[i].after.n; k++)
				if (sim.agent[s->agent[i].after.at[k]].end > ready)
					ready = sim.agent[s->agent[i].after.at[k]].end;
			struct simulate_wait wait = simulate_wait(s, &sim, i);
			waits &= (wait.by == SIMULATE_PATH) == (sim.agent[i].start == ready);
		}
		text_release(&json);
		arena_release(&arena);
	}
	CHECK(chained && sums, "the path is a critical path");
	CHECK(bounded, "the bound is one");
	CHECK(waits, "who waits for more than agents");
}

int main(void)
{
	check_text();
	check_path();
	return test_end();
}
