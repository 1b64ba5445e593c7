/* schedule.c — choosing `after`s for overlaps, and imagined runs: how long that takes on large
 * plans, and how near list scheduling comes to what no schedule can beat. Processor seconds, the
 * best of three. */
#include "compiler/settle.h"
#include "schedule/timetable.h"
#include "schedule/simulate.h"
#include "tests/unit/test.h"

#include <time.h>

struct plan {
	struct arena arena;
	struct schedule schedule;
	struct settle_problem problem;
};

static uint32_t below(uint64_t *random, uint32_t bound)
{
	return (uint32_t)(test_random(random) >> 33) % bound;
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Up to `most` edges each, to agents at most `reach` before. */
static void make_agents(struct plan *p, uint32_t n, uint32_t most, uint32_t reach, uint64_t *random)
{
	p->schedule = (struct schedule){ .agent = ARENA_MANY(&p->arena, n, struct schedule_agent),
					 .agent_n = n,
					 .plan.jobs = 100,
					 .plan.name = STR("bench") };
	for (uint32_t i = 0; i < n; i++) {
		struct schedule_agent *agent = &p->schedule.agent[i];
		agent->name = arena_format(&p->arena, "a%u", i);
		agent->estimate = 60 * (1 + below(random, 120));
		agent->after.at = ARENA_MANY(&p->arena, most, uint32_t);
		for (uint32_t k = i ? below(random, most + 1) : 0; k; k--) {
			uint32_t before = i - 1 - below(random, i < reach ? i : reach);
			bool there = false;
			for (size_t j = 0; j < agent->after.n; j++)
				there |= agent->after.at[j] == before;
			if (!there)
				agent->after.at[agent->after.n++] = before;
		}
	}
}

/* Files that so many agents own each. */
static void make_files(struct plan *p, uint32_t files, uint32_t owners, uint64_t *random)
{
	struct settle_row *row = ARENA_MANY(&p->arena, files, struct settle_row);
	struct proof_meet *meet = ARENA_MANY(&p->arena, files, struct proof_meet);
	uint32_t n = (uint32_t)p->schedule.agent_n;
	for (uint32_t f = 0; f < files; f++) {
		uint32_t *agent = ARENA_MANY(&p->arena, owners, uint32_t);
		for (uint32_t k = 0; k < owners; k++)	/* ascending, each once */
			agent[k] = (uint32_t)((uint64_t)n * k / owners) + below(random, n / owners);
		row[f] = (struct settle_row){ agent, owners };
		meet[f] = (struct proof_meet){ f, f };
	}
	p->problem = (struct settle_problem){ &p->schedule, row, meet, files, files };
}

static void settle(const char *what, uint32_t agents, uint32_t most, uint32_t files,
		   uint32_t owners)
{
	struct plan p = { 0 };
	uint64_t random = 5;
	struct settle found = { 0 };
	double best = 1e9;
	make_agents(&p, agents, most, 1000, &random);
	make_files(&p, files, owners, &random);
	for (int round = 0; round < 3; round++) {
		struct arena arena = { 0 };
		double begin = seconds();
		found = settle_overlaps(&arena, &p.problem);
		best = seconds() - begin < best ? seconds() - begin : best;
		arena_release(&arena);
	}
	printf("  %-44s %8.3f s %8zu edges, path +%.1f %%%s\n", what, best, found.n,
	       100.0 * ((double)found.path / (double)found.path_before - 1),
	       found.least ? ", the least" : "");
	arena_release(&p.arena);
}

static void show(const char *what, uint32_t agents)
{
	struct plan p = { 0 };
	uint64_t random = 5;
	double best = 1e9;
	make_agents(&p, agents, 3, 1000, &random);
	for (int round = 0; round < 3; round++) {
		struct text text = { 0 };
		double begin = seconds();
		timetable_write(&(struct timetable){ .schedule = &p.schedule,
						     .columns = 120,
						     .more = "--all" },
				&text);
		best = seconds() - begin < best ? seconds() - begin : best;
		text_release(&text);
	}
	printf("  %-44s %8.3f s\n", what, best);
	arena_release(&p.arena);
}

/* Plans of 10 to 100 agents with few or many edges and 2 to 16 jobs; the limit is max(critical
 * path, work ÷ jobs). */
static void quality(void)
{
	enum { PLANS = 2000 };
	uint64_t random = 9;
	double sum = 0, worst = 0;
	unsigned within = 0;
	for (unsigned i = 0; i < PLANS; i++) {
		struct plan p = { 0 };
		uint32_t n = 10 + below(&random, 91), jobs = 2 + below(&random, 15);
		make_agents(&p, n, 1 + below(&random, 4), 1 + below(&random, n), &random);
		struct simulate sim = simulate_schedule(&p.arena, &p.schedule, jobs);
		double over = (double)sim.wall /
				      (double)simulate_bound(&p.schedule, &sim, jobs).seconds -
			      1;
		sum += over;
		worst = over > worst ? over : worst;
		within += over <= 0.02;
		arena_release(&p.arena);
	}
	printf("  %u random plans: %.2f %% above the limit on average, at most %.1f %%; %.1f %% of them within 2 %%\n",
	       PLANS, 100 * sum / PLANS, 100 * worst, 100.0 * within / PLANS);
}

int main(void)
{
	settle("10 files of 4 owners, 30 agents", 30, 2, 10, 4);
	settle("one file, 400 owners", 400, 0, 1, 400);
	settle("3,000 files of 4 owners, 10,000 agents", 10000, 3, 3000, 4);
	settle("one file, 100,000 owners", 100000, 0, 1, 100000);
	show("orchc plan, 1,000 agents", 1000);
	show("orchc plan, 10,000 agents", 10000);
	show("orchc plan, 100,000 agents", 100000);
	quality();
	return 0;
}
