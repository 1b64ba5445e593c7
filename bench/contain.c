/* contain.c — what it costs to start a program and see it end, at each level of containment that the
 * machine has: in turns, of an agent that owns one of a hundred files in a folder, and so has the others
 * fixed one by one at the strongest level. Beside it, the same of one that owns the folder. */
#include "common/file.h"
#include "runtime/child.h"
#include "tests/unit/scratch.h"

#include <stdlib.h>
#include <time.h>

enum { TURNS = 50, FILES = 100 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Milliseconds. */
static double once(enum sandbox_level level, const struct schedule *schedule, bool *held)
{
	struct arena arena = { 0 };
	const char *words[] = { "/bin/true", NULL }, *env[] = { "PATH=/usr/bin:/bin", NULL };
	struct tree_orders tree = { .work_dir = "tree",
				    .git_dir = "git",
				    .isolation = SCHEDULE_CLONE };
	const struct boundary_orders wanted = { .level = level,
						.schedule = schedule,
						.tree = &tree,
						.run_folder = ".orch/runs/1",
						.git_dir = "git",
						.program = words[0],
						.env = env };
	struct boundary boundary;
	struct child_orders orders = { .words = words,
				       .env = env,
				       .folder = scratch_folder,
				       .input = "/dev/null",
				       .grace = 100 };
	struct child_end end;
	struct watch watch;
	struct output output;
	struct fail fail;
	double began = now();
	*held = watch_begin(&watch, -1, &fail) && output_open(&output, "log", OUTPUT_LIMIT, &fail);
	if (*held && level != SANDBOX_GATE) {
		*held = boundary_find(&arena, &wanted, &boundary, &fail);
		orders.boundary = &boundary;
	}
	*held = *held && child_run(&orders, &watch, &output, &end, &fail) &&
		end.why == CHILD_EXITED && end.status == 0;
	output_close(&output, &fail);
	watch_end(&watch);
	arena_release(&arena);
	return now() - began;
}

static double measure(enum sandbox_level level, const char *owned, bool *held)
{
	struct str pattern = str_from(owned);
	struct schedule_agent agent = { .name = STR("a"), .owns = { &pattern, 1 } };
	struct schedule_runner runner = { .name = STR("r") };
	struct schedule schedule = {
		.agent = &agent, .agent_n = 1, .runner = &runner, .runner_n = 1
	};
	double times[TURNS];
	*held = true;
	for (int i = 0; i < TURNS && *held; i++)
		times[i] = once(level, &schedule, held);
	qsort(times, TURNS, sizeof *times, compare);
	return times[0];	/* whatever else the machine does is no part of it */
}

int main(void)
{
	struct arena arena = { 0 };
	struct fail fail;
	if (!scratch_begin("contain") || !file_make_folders("tree/src", &fail) ||
	    !file_make_folders(".orch/runs/1", &fail) || !file_make_folders("git", &fail))
		return 1;
	for (int i = 0; i < FILES; i++)
		scratch_put(arena_format(&arena, "tree/src/%d.c", i).at, "");
	bool held;
	double plain = measure(SANDBOX_GATE, "src/0.c", &held);
	printf("%-12s %6.2f ms\n", sandbox_name(SANDBOX_GATE), plain);
	for (unsigned level = SANDBOX_GATE + 1; level < SANDBOX_LEVEL_COUNT; level++)
		for (int whole = 0; whole < 2; whole++) {
			double time = measure(level, whole ? "src/" : "src/0.c", &held);
			if (held)
				printf("%-12s %6.2f ms  %.1f times  (owns %s)\n",
				       sandbox_name(level), time, time / plain,
				       whole ? "the folder" : "one file of a hundred");
			else
				printf("%-12s not on this machine\n", sandbox_name(level));
		}
	arena_release(&arena);
	scratch_end();
	return 0;
}
