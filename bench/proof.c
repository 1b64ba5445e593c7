/* proof.c — how long does the proof take? Plans of 1,000, 10,000 and 100,000 agents, with as many
 * patterns (and the largest with twice as many), beside the naive way, every pair of patterns,
 * which is measured up to 3,000 and extrapolated from there. Ratios count, since machines differ.
 *
 * proof SIZE KIND   prints the seconds and the peak memory in MiB of one plan: used by itself, a
 * process each. */
#include "schedule/proof.h"

#include "common/glob.h"
#include "common/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5 };
enum kind { ONE, TWO, NAIVE, KINDS };
static const char *const kind_names[] = { "one pattern each", "two patterns each",
					  "naive, one pattern each" };

/* Of processor time, so that what else runs on the machine does not count. */
static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint32_t random_below(uint64_t *state, uint32_t n)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * 2685821657736338717u >> 32) % n);
}

/* Mostly files, a few folders and wildcards; the last agent comes after all others and owns what is
 * everywhere. */
static struct str make_pattern(struct arena *arena, uint64_t *random, uint32_t agent, uint32_t n,
			       unsigned which)
{
	uint32_t service = agent % (n / 40 + 1), module = agent / 40 % 50;
	if (agent == n - 1)
		return which ? STR("**/*.md") : STR("**/CHANGELOG*");
	switch (random_below(random, 50)) {
	case 0:
		return arena_format(arena, "services/s%u/own%u/", service, agent);
	case 1:
		return arena_format(arena, "services/s%u/m%u/*_%u_%u.py", service, module, agent,
				    which);
	case 2:
		return arena_format(arena, "docs/s%u/[a-f]%u_%u/**/*.txt", service, agent, which);
	case 3:
		return arena_format(arena, "services/s%u/src/{api,web}/f%u_%u.ts", service, agent,
				    which);
	case 4:	/* what several agents own */
		return arena_format(arena, "services/s%u/m%u/shared.py", service,
				    random_below(random, 4));
	case 5:
		return arena_format(arena, "notes/s%u/f%u_%u.md", service, agent, which);
	default:
		return arena_format(arena, "services/s%u/m%u/f%u_%u.py", service, module, agent,
				    which);
	}
}

static struct proof_agent *make_plan(struct arena *arena, uint32_t n, unsigned patterns)
{
	uint64_t random = 1;
	struct proof_agent *agents = ARENA_MANY(arena, n, struct proof_agent);
	for (uint32_t i = 0; i < n; i++) {
		struct str *list = ARENA_MANY(arena, patterns, struct str);
		bool last = i == n - 1;
		uint32_t *after = ARENA_MANY(arena, last ? n : 3, uint32_t);
		for (unsigned k = 0; k < patterns; k++)
			list[k] = make_pattern(arena, &random, i, n, k);
		agents[i] = (struct proof_agent){ { list, patterns }, after, 0 };
		for (uint32_t k = 0; last && k < i; k++)
			after[agents[i].after_n++] = k;
		for (uint32_t k = 0; !last && i && k < 3; k++)
			after[agents[i].after_n++] = random_below(&random, i);
	}
	return agents;
}

static double run_proof(const struct proof_agent *agents, uint32_t n, size_t *overlaps)
{
	struct arena arena = { 0 };
	struct proof proof;
	struct fail fail;
	double begin = seconds();
	if (!proof_make(&arena, agents, n, &proof, &fail)) {
		fprintf(stderr, "%s\n", fail.text);
		exit(3);
	}
	double took = seconds() - begin;
	*overlaps = proof.n;
	arena_release(&arena);
	return took;
}

/* Every pair, with patterns that were read once. */
static double run_naive(const struct proof_agent *agents, uint32_t n, size_t *overlaps)
{
	struct arena arena = { 0 };
	struct glob_error error;
	double begin = seconds();
	struct glob *globs = ARENA_MANY(&arena, n, struct glob);
	for (uint32_t i = 0; i < n; i++)
		if (!glob_parse(&arena, agents[i].patterns.at[0], &globs[i], &error))
			exit(3);
	*overlaps = 0;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			*overlaps += glob_meet(&arena, &globs[i], &globs[k], NULL);
	double took = seconds() - begin;
	arena_release(&arena);
	return took;
}

static int number_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The patterns themselves are not counted as the proof's memory. */
static int measure_here(uint32_t n, enum kind kind)
{
	struct arena arena = { 0 };
	struct rusage before, after;
	double took[RUNS];
	size_t overlaps = 0;
	struct proof_agent *agents = make_plan(&arena, n, kind == TWO ? 2 : 1);
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < RUNS; i++)
		took[i] = kind == NAIVE ? run_naive(agents, n, &overlaps)
					: run_proof(agents, n, &overlaps);
	getrusage(RUSAGE_SELF, &after);
	qsort(took, RUNS, sizeof *took, number_compare);
	printf("%.6f %.1f %zu\n", took[RUNS / 2],
	       (double)(after.ru_maxrss - before.ru_maxrss) / 1024, overlaps);
	arena_release(&arena);
	return 0;
}

struct figures {
	double seconds, mebibytes;
	size_t overlaps;
};

static struct figures measure(const char *self, uint32_t n, enum kind kind)
{
	char command[4096];
	struct figures f = { 0 };
	snprintf(command, sizeof command, "'%s' %u %d", self, n, (int)kind);
	FILE *answer = popen(command, "r");
	if (!answer || fscanf(answer, "%lf %lf %zu", &f.seconds, &f.mebibytes, &f.overlaps) != 3 ||
	    pclose(answer)) {
		fprintf(stderr, "cannot measure %s of %u agents\n", kind_names[kind], n);
		exit(3);
	}
	return f;
}

static void print_row(uint32_t n, enum kind kind, struct figures f, double growth, double naive)
{
	printf("%9u  %-24s %9.4f %9.1f %9zu", n, kind_names[kind], f.seconds, f.mebibytes,
	       f.overlaps);
	if (growth > 0)
		printf(" %8.1f×", growth);
	else
		printf(" %9s", "");
	if (naive > 0)
		printf(" %12.0f×", naive / f.seconds);
	printf("\n");
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return measure_here((uint32_t)strtoul(argv[1], NULL, 10), (enum kind)atoi(argv[2]));
	printf("%9s  %-24s %9s %9s %9s %9s %13s\n", "agents", "plan", "seconds", "MiB", "overlaps",
	       "for ×10", "naive/ours");
	struct figures naive = { 0 };
	for (uint32_t n = 1000; n <= 3000; n += 2000) {
		naive = measure(argv[0], n, NAIVE);
		print_row(n, NAIVE, naive, 0, 0);
	}
	for (enum kind kind = ONE; kind <= TWO; kind++) {
		struct figures before = { 0 };
		for (uint32_t n = 1000; n <= 100000; n *= 10) {
			struct figures f = measure(argv[0], n, kind);
			double times = (double)n * (kind == TWO ? 2 : 1) / 3000;
			print_row(n, kind, f, before.seconds > 0 ? f.seconds / before.seconds : 0,
				  naive.seconds * times * times);
			before = f;
		}
	}
	return 0;
}
