/* machine.c — what a run costs for each agent, apart from the agents: scheduling and journaling of
 * 10,000 of them that do nothing, in the pretend world with the real journal on disk; beside it
 * `make -j2` of as many targets that do nothing, each a process, in turns on the same machine. */
#include "common/file.h"
#include "schedule/simulate.h"
#include "tests/lib/pretend.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { AGENTS = 10000, JOBS = 2, TURNS = 3 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct schedule *make_schedule(struct arena *arena, uint32_t agents)
{
	struct schedule *s = ARENA_NEW(arena, struct schedule);
	struct schedule_work *work = ARENA_MANY(arena, agents, struct schedule_work);
	uint32_t *order = ARENA_MANY(arena, agents, uint32_t);
	s->plan.name = STR("bench");
	s->plan.jobs = JOBS;
	s->agent_n = agents;
	s->agent = ARENA_MANY(arena, agents, struct schedule_agent);
	for (uint32_t i = 0; i < agents; i++) {
		struct schedule_agent *a = &s->agent[i];
		a->name = arena_format(arena, "agent-%u", i);
		a->branch = arena_format(arena, "orch/bench/agent-%u", i);
		a->estimate = 60;
		order[i] = i;
		/* One in ten comes after another. */
		if (i % 10 == 9) {
			a->after = (struct index_list){ ARENA_NEW(arena, uint32_t), 1 };
			a->after.at[0] = i - 9;
		}
	}
	schedule_lower(arena, s, work, order, (struct index_list){ 0 });
	return s;
}

static void remove_journal(void)
{
	unlink("journal");
	unlink("journal-wal");
	unlink("journal-shm");
	unlink("journal-head");
}

/* Seconds for one run of so many agents. */
static double run_agents(uint32_t agents, bool journal)
{
	struct arena arena = { 0 };
	struct pretend p;
	struct fail fail = { "" };
	struct store *store = NULL;
	struct machine_options options = { 0 };
	bool finished = false;
	struct schedule *s = make_schedule(&arena, agents);
	pretend_init(&p, &arena, s, &options, 1);
	for (uint32_t i = 0; i < agents; i++)
		p.fate[i].ms = 1 + i % 7;
	struct store_run run = { .plan = s->plan.name, .base = p.base };
	bool good = !journal || (store_open("journal", &store, &fail) &&
				 store_begin(store, &run, s, &p.run, &fail));
	p.store = store;
	double begin = now();
	good = good && pretend_process(&p, &options, &finished, &fail) && finished && !p.wrong;
	double seconds = now() - begin;
	if (!good)
		printf("it went wrong: %s %s\n", fail.text, p.wrong ? p.wrong : "");
	store_close(store);
	arena_release(&arena);
	remove_journal();
	return good ? seconds : 0;
}

static double run_make(void)
{
	FILE *file = fopen("Makefile", "w");
	if (!file)
		return 0;
	fputs("all:", file);
	for (int i = 0; i < AGENTS; i++)
		fprintf(file, " t%d", i);
	for (int i = 0; i < AGENTS; i++)
		fprintf(file, "\nt%d:\n\t@/bin/true", i);
	fputc('\n', file);
	if (fclose(file))
		return 0;
	double begin = now();
	return system("make -s -j2 >/dev/null 2>&1") == 0 ? now() - begin : 0;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *list)
{
	qsort(list, TURNS, sizeof *list, by_size);
	return list[TURNS / 2];
}

/* One durable write after the other: the limit of any journal that syncs once for each agent. */
static double run_syncs(void)
{
	int fd = open("syncs", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char block[4096] = "row";
	if (fd < 0)
		return 0;
	double begin = now();
	for (int i = 0; i < AGENTS / 10; i++)
		if (pwrite(fd, block, sizeof block, (off_t)i * (off_t)sizeof block) !=
			    sizeof block ||
		    fdatasync(fd))
			abort();
	double seconds = (now() - begin) * 10;
	close(fd);
	unlink("syncs");
	return seconds;
}

int main(void)
{
	char folder[] = "build/bench-machine-XXXXXX";
	struct fail fail;
	double ours[TURNS], bare[TURNS], make[TURNS], syncs[TURNS];
	struct rusage usage;
	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	for (int i = 0; i < TURNS; i++) {
		ours[i] = run_agents(AGENTS, true);
		bare[i] = run_agents(AGENTS, false);
		syncs[i] = run_syncs();
		make[i] = run_make();
	}
	double a = median(ours), b = median(bare), s = median(syncs), m = median(make);
	getrusage(RUSAGE_SELF, &usage);
	printf("%-52s %8.1f µs an agent\n", "scheduled and journaled (10,000 agents, 2 at once)",
	       a * 1e6 / AGENTS);
	printf("%-52s %8.1f µs\n", "scheduled only", b * 1e6 / AGENTS);
	printf("%-52s %8.1f µs\n", "one synced write for each agent", s * 1e6 / AGENTS);
	if (m > 0)
		printf("%-52s %8.1f µs: ours is %.2f of it\n", "make -j2, starting /bin/true",
		       m * 1e6 / AGENTS, a / m);
	printf("%-52s %8.1f MiB\n", "memory, most, the pretend world included",
	       (double)usage.ru_maxrss / 1024);
	printf("%-52s %8.1f µs an agent\n", "scheduled only, 100,000 agents",
	       run_agents(10 * AGENTS, false) * 1e6 / AGENTS / 10);
	if (chdir("../..") || !file_remove_tree(folder, &fail))
		return 1;
	return a > 0 ? 0 : 1;
}
