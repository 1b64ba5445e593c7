/* schedules.h — random valid schedules for tests, the same for the same seed on every machine. */
#ifndef TESTS_LIB_SCHEDULES_H
#define TESTS_LIB_SCHEDULES_H

#include "schedule/schedule.h"
#include "tests/unit/test.h"

#include <stdlib.h>

struct schedules {
	struct arena *arena;
	uint64_t random;
	bool **reaches;	/* [a][b]: b comes before a, however far */
};

static inline uint32_t schedules_below(struct schedules *g, uint32_t bound)
{
	return bound ? (uint32_t)(test_random(&g->random) >> 33) % bound : 0;
}

static inline bool schedules_one_in(struct schedules *g, uint32_t n)
{
	return schedules_below(g, n) == 0;
}

/* Any text: quotes, several lines, what terminals obey, what nobody sees. */
static inline struct str schedules_text(struct schedules *g, uint32_t parts)
{
	static const char *const part[] = { "word", " ", "\n", "\t", "\"", "\\", "é", "→", "🙂", "\x1b[31m", "\r", ";",
					    "#", "|", "```", "\"\"\"", "${x}", "\xe2\x80\xae", "\xe2\x80\x8b", "\xc2\x85",
					    "\n\n", "\\u{41}", "code", "\n\t", " \n", "\x7f", "\xf4\x8f\xbf\xbf", ",", "%s%n" };
	struct str s = { "", 0 };
	for (uint32_t n = schedules_below(g, parts + 1); n--;)
		s = arena_format(g->arena, "%.*s%s", STR_ARG(s),
				 part[schedules_below(g, sizeof part / sizeof *part)]);
	return s;
}

static inline struct str_list schedules_texts(struct schedules *g, const char *before,
					      uint32_t most)
{
	struct str_list list = { ARENA_MANY(g->arena, most, struct str),
				 schedules_below(g, most + 1) };
	for (size_t i = 0; i < list.n; i++) {
		struct str s = schedules_text(g, 4);
		list.at[i] = arena_format(g->arena, "%s%.*s", before, STR_ARG(s));
	}
	return list;
}

static inline struct str_list schedules_paths(struct schedules *g, uint32_t most)
{
	static const char *const path[] = { ".env", "node_modules", "conf/größe.json", "a b/\"c\"" };
	struct str_list list = { ARENA_MANY(g->arena, most, struct str),
				 schedules_below(g, most + 1) };
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = str_from(path[schedules_below(g, sizeof path / sizeof *path)]);
	return list;
}

static inline struct index_list schedules_indices(struct schedules *g, size_t bound, uint32_t most)
{
	struct index_list list = { ARENA_MANY(g->arena, most, uint32_t),
				   bound ? schedules_below(g, most + 1) : 0 };
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = schedules_below(g, (uint32_t)bound);
	return list;
}

static inline void schedules_metrics(struct schedules *g, struct schedule *s)
{
	static const char *const goal[] = { "40", "0.5", "-3", "1e-3" };
	s->metric_n = s->command_n ? schedules_below(g, 3) : 0;
	s->metric = ARENA_MANY(g->arena, s->metric_n, struct schedule_metric);
	for (size_t i = 0; i < s->metric_n; i++) {
		struct schedule_metric *m = &s->metric[i];
		*m = (struct schedule_metric){
			.name = arena_format(g->arena, "metric-%zu", i),
			.title = schedules_text(g, 3),
			.unit = schedules_text(g, 1),
			.run = schedules_below(g, (uint32_t)s->command_n),
			.order = schedules_below(g, SCHEDULE_ORDER_COUNT),
			.timeout = schedules_below(g, 200),
			.quiet = schedules_one_in(g, 3),
		};
		m->env = schedules_texts(g, "NAME=", 2);
		if (m->order == SCHEDULE_ORDER_NONE)
			continue;
		m->goal = str_from(goal[schedules_below(g, 4)]);
		m->require = schedules_one_in(g, 2);
	}
}

static inline void schedules_tables(struct schedules *g, struct schedule *s)
{
	s->pool_n = schedules_below(g, 4);
	s->pool = ARENA_MANY(g->arena, s->pool_n, struct schedule_pool);
	for (size_t i = 0; i < s->pool_n; i++)
		s->pool[i] = (struct schedule_pool){ arena_format(g->arena, "pool-%zu", i),
						     1 + schedules_below(g, 3) };
	s->command_n = schedules_below(g, 5);
	s->command = ARENA_MANY(g->arena, s->command_n, struct schedule_command);
	for (size_t i = 0; i < s->command_n; i++) {
		struct schedule_command *c = &s->command[i];
		c->words = schedules_texts(g, "", 3);
		if (!c->words.n || !c->words.at[0].n)
			c->words = (struct str_list){ ARENA_NEW(g->arena, struct str), 1 };
		if (!c->words.at[0].n)
			c->words.at[0] = STR("make test");
		c->shell = c->words.n == 1 && schedules_one_in(g, 2);
		c->keyed = schedules_paths(g, 2);
		c->makes = schedules_paths(g, 2);
		if (!c->keyed.n || !c->makes.n)
			c->keyed.n = c->makes.n = 0;
		c->pool = s->pool_n && schedules_one_in(g, 2)
				  ? schedules_below(g, (uint32_t)s->pool_n)
				  : SCHEDULE_NONE;
	}
	schedules_metrics(g, s);
	s->runner_n = 1 + schedules_below(g, 2);
	s->runner = ARENA_MANY(g->arena, s->runner_n, struct schedule_runner);
	for (size_t i = 0; i < s->runner_n; i++) {
		s->runner[i].name = arena_format(g->arena, "std.runner%zu", i);
		s->runner[i].words = schedules_texts(g, "${prompt}", 2);
		if (!s->runner[i].words.n)
			s->runner[i].words = (struct str_list){ ARENA_NEW(g->arena, struct str),
								1 };
		s->runner[i].words.at[0] = STR("claude");
		s->runner[i].prompt = schedules_below(g, SCHEDULE_PROMPT_COUNT);
		s->runner[i].env = schedules_texts(g, "NAME=", 2);
		s->runner[i].writes = schedules_texts(g, "~/.tool", 2);
	}
}

static inline void schedules_after(struct schedules *g, struct schedule *s, size_t i)
{
	struct index_list *after = &s->agent[i].after;
	after->at = ARENA_MANY(g->arena, i, uint32_t);
	g->reaches[i] = ARENA_MANY(g->arena, s->agent_n, bool);
	for (size_t j = 0; j < i; j++)
		if (schedules_one_in(g, 4)) {
			after->at[after->n++] = (uint32_t)j;
			g->reaches[i][j] = true;
			for (size_t k = 0; k < j; k++)
				g->reaches[i][k] |= g->reaches[j][k];
		}
}

/* A folder of its own, and `shared` when all that have it so far come before. */
static inline void schedules_owns(struct schedules *g, struct schedule *s, size_t i, bool *shared)
{
	struct schedule_agent *a = &s->agent[i];
	a->owns = (struct str_list){ ARENA_MANY(g->arena, 3, struct str), 0 };
	a->owns.at[a->owns.n++] = arena_format(g->arena, schedules_one_in(g, 2) ? "d%zu/**" : "d%zu/*.[ch]", i);
	bool may = true;
	for (size_t j = 0; j < i; j++)
		may &= !shared[j] || g->reaches[i][j];
	shared[i] = may && schedules_one_in(g, 2);
	if (shared[i])
		a->owns.at[a->owns.n++] = STR("shared/file.c");
	if (schedules_one_in(g, 2)) {
		a->creates = (struct str_list){ ARENA_NEW(g->arena, struct str), 1 };
		a->creates.at[0] = arena_format(g->arena, "made/{x,y}%zu", i);
	}
	if (schedules_one_in(g, 2)) {
		a->reads = (struct str_list){ ARENA_NEW(g->arena, struct str), 1 };
		a->reads.at[0] = STR("**/*.h");
		a->requires = a->creates;
	}
}

static inline void schedules_agent(struct schedules *g, struct schedule *s, size_t i)
{
	struct schedule_agent *a = &s->agent[i];
	a->name = arena_format(g->arena, "agent-%zu", i);
	a->title = schedules_text(g, 3);
	a->place = arena_format(g->arena, "plan.orch:%zu", i + 1);
	a->branch = arena_format(g->arena, "orch/%zu", i);
	a->runner = schedules_below(g, (uint32_t)s->runner_n);
	a->estimate = schedules_below(g, 4) * 1830;
	a->timeout = schedules_below(g, 3) * 7261;
	a->idle = schedules_below(g, 3) * 60;
	a->retry = schedules_below(g, 3);
	a->pools.at = ARENA_MANY(g->arena, s->pool_n, uint32_t);
	for (size_t j = s->pool_n; j-- > 0;)
		if (schedules_one_in(g, 4))
			a->pools.at[a->pools.n++] = (uint32_t)j;
	a->isolation = schedules_below(g, SCHEDULE_ISOLATION_COUNT);
	a->sandbox = schedules_below(g, SCHEDULE_SANDBOX_COUNT);
	a->quiet = schedules_below(g, 2);
	a->limit_processes = schedules_below(g, 3) * 512;
	a->limit_file_size = schedules_below(g, 3) << 20;
	a->limit_memory = schedules_below(g, 3) << 21;
	a->limit_cpu = schedules_below(g, 3) * 50;
	a->env = schedules_texts(g, "_x1=", 2);
	a->prompt = schedules_text(g, 30);
}

/* What runners read off events, and budgets. */
static inline void schedules_talk(struct schedules *g, struct schedule *s)
{
	static const char *const paths[] = { "type", "[type=result|end].usage.n", "a.b[].c", "x[k=v][].y" };
	static const char *const stops[] = { "", "INT", "USR1" };
	for (size_t i = 0; i < s->runner_n; i++) {
		struct schedule_runner *runner = &s->runner[i];
		runner->session = schedules_texts(g, "--id=${session}", 2);
		runner->resume = schedules_texts(g, "--go-on=${session}", 2);
		if (runner->resume.n && schedules_one_in(g, 2)) {
			runner->resume.at[0] = STR("claude");
			runner->resume_whole = 1;
		}
		runner->busy = schedules_one_in(g, 2) ? STR("429|busy") : STR("");
		runner->stop = str_from(stops[schedules_below(g, 3)]);
	}
	s->rule_n = schedules_below(g, 9);
	s->rule = ARENA_MANY(g->arena, s->rule_n, struct schedule_rule);
	for (size_t i = 0; i < s->rule_n; i++) {
		struct schedule_rule *rule = &s->rule[i];
		rule->runner = schedules_below(g, (uint32_t)s->runner_n);
		rule->kind = schedules_below(g, SCHEDULE_RULE_COUNT);
		rule->sum = schedules_below(g, SCHEDULE_SUM_COUNT);
		rule->paths = (struct str_list){ ARENA_MANY(g->arena, 2, struct str),
						 1 + schedules_below(g, 2) };
		for (size_t j = 0; j < rule->paths.n; j++)
			rule->paths.at[j] = str_from(paths[schedules_below(g, 4)]);
	}
	s->plan.budget = schedules_below(g, 2) * 2000;
	for (size_t i = 0; i < s->agent_n; i++)
		s->agent[i].budget = schedules_below(g, 2) * 150;
}

/* At most `agents` of them. Everything is in the arena. */
static inline struct schedule *schedules_make(struct arena *arena, uint64_t seed, uint32_t agents)
{
	struct schedules g = { arena, seed * 2654435769u + 1 };
	struct schedule *s = ARENA_NEW(arena, struct schedule);
	for (int i = 0; i < 10; i++)
		test_random(&g.random);
	s->plan.name = STR("plan_1");
	s->plan.title = schedules_text(&g, 4);
	s->plan.base = schedules_one_in(&g, 2) ? STR("") : STR("main");
	s->plan.jobs = 1 + schedules_below(&g, 4);
	s->plan.land_auto = schedules_below(&g, 2);
	schedules_tables(&g, s);
	s->agent_n = schedules_below(&g, agents + 1);
	s->agent = ARENA_MANY(arena, s->agent_n, struct schedule_agent);
	g.reaches = ARENA_MANY(arena, s->agent_n, bool *);
	bool *shared = ARENA_MANY(arena, s->agent_n, bool);
	struct schedule_work *work = ARENA_MANY(arena, s->agent_n, struct schedule_work);
	uint32_t *merge_order = ARENA_MANY(arena, s->agent_n, uint32_t);
	for (size_t i = 0; i < s->agent_n; i++) {
		schedules_agent(&g, s, i);
		schedules_after(&g, s, i);
		schedules_owns(&g, s, i, shared);
		work[i].copy = schedules_paths(&g, 2);
		work[i].link = schedules_paths(&g, 2);
		work[i].setup = schedules_indices(&g, s->command_n, 2);
		work[i].tests = schedules_indices(&g, s->command_n, 2);
		merge_order[i] = (uint32_t)i;
	}
	for (size_t i = 1; i < s->agent_n; i++)
		if (schedules_one_in(&g, 2) && !g.reaches[merge_order[i]][merge_order[i - 1]]) {
			uint32_t swapped = merge_order[i];
			merge_order[i] = merge_order[i - 1];
			merge_order[i - 1] = swapped;
		}
	schedule_lower(arena, s, work, merge_order, schedules_indices(&g, s->command_n, 2));
	schedules_talk(&g, s);
	return s;
}

#endif
