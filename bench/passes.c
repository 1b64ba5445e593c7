/* passes.c — time and memory of each pass of the compiler over a plan: passes PLAN. Nothing is
 * asked of a repository. */
#include "compiler/compile.h"

#include <stdio.h>
#include <time.h>

struct meter {
	double began, all;
	double mib;	/* resident */
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double resident(void)
{
	long pages = 0, kept = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (!file || fscanf(file, "%ld %ld", &pages, &kept) != 2)
		kept = 0;
	if (file)
		fclose(file);
	return (double)kept / 256;
}

static void passed(void *context, const char *pass)
{
	struct meter *meter = context;
	double seconds = now() - meter->began, mib = resident();
	printf("%-10s %9.1f ms %+9.1f MiB\n", pass, seconds * 1000, mib - meter->mib);
	meter->all += seconds;
	meter->mib = resident();
	meter->began = now();
}

int main(int n, char **words)
{
	struct arena arena = { 0 };
	struct compile c;
	struct fail fail;
	struct meter meter = { now(), 0, resident() };
	struct compile_options options = { .passed = passed, .context = &meter };
	if (n != 2 || !compile_plan_with(&arena, words[1], &options, &c, &fail)) {
		fprintf(stderr, "%s\n", n == 2 ? fail.text : "usage: passes PLAN");
		return 1;
	}
	printf("%-10s %9.1f ms %9.1f MiB; %zu errors, %zu warnings\n", "all", meter.all * 1000,
	       resident(), c.diags.errors, c.diags.warnings);
	arena_release(&arena);
	return 0;
}
