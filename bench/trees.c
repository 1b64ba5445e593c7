/* trees.c — thirty work trees of one commit of some 5,000 files: ours, one after the other and two
 * at a time, and `git worktree add` in a loop, in turns. On a memory file system where there is
 * one, as disks differ more than programs do. */
#include "runtime/tree.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { FILES = 4847, FOLDERS = 255, TREES = 30, TURNS = 3, WAYS = 3 };

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double processor(void)
{
	struct rusage u;
	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Text that packs about as well as source does. */
static void write_source(const char *path, uint64_t *seed)
{
	static const char *const words[] = { "static", "struct", "return", "int",   "const",
					     "char",   "if",	 "while",  "index", "value",
					     "(void)", "=",	 "==",	   "{",	    "}",
					     ";",      "->",	 "size",   "count", "name",
					     "error",  "next" };
	FILE *file = fopen(path, "w");
	uint64_t lines = 20 + test_random(seed) % 400;
	if (!file)
		abort();
	for (; lines; lines--) {
		for (uint64_t n = 1 + test_random(seed) % 8; n; n--)
			fprintf(file, "%s%u ",
				words[test_random(seed) % (sizeof words / sizeof *words)],
				(unsigned)(test_random(seed) % 97));
		fputc('\n', file);
	}
	fclose(file);
}

static bool make_repository(void)
{
	uint64_t seed = 3;
	char path[128];
	if (!scratch_run("git init -q -b main r && git -C r config user.name a && git -C r config "
			 "user.email a@b"))
		return false;
	for (int i = 0; i < FILES; i++) {
		struct fail fail;
		snprintf(path, sizeof path, "r/src/%d/%d", i % FOLDERS % 15, i % FOLDERS / 15);
		if (!file_make_folders(path, &fail))
			return false;
		snprintf(path, sizeof path, "r/src/%d/%d/file%d.c", i % FOLDERS % 15,
			 i % FOLDERS / 15, i);
		write_source(path, &seed);
	}
	return scratch_run("cd r && git add -A && git commit -qm one && git gc -q");
}

/* Every `step`th tree from `first`, as a node makes it, in a process of its own. */
static pid_t prepare(int first, int step)
{
	pid_t child = fork();
	if (child)
		return child;
	struct arena arena = { 0 };
	struct fail fail;
	struct repo *repo;
	struct oid commit;
	struct str branch;
	bool good = repo_open("r", &repo, &fail) &&
		    repo_base(repo, &arena, STR(""), &commit, &branch, &fail);
	for (int i = first; good && i < TREES; i += step) {
		struct tree_orders orders = {
			.work_dir = arena_format(&arena, "%s/out/trees/%d", scratch_folder, i).at,
			.git_dir = arena_format(&arena, "%s/out/git/%d", scratch_folder, i).at,
			.manifest =
			    arena_format(&arena, "%s/out/manifest-%d", scratch_folder, i).at,
			.decoded = arena_format(&arena, "%s/out/contents", scratch_folder).at,
			.branch = "agent",
			.commit = commit,
		};
		good = tree_prepare(repo, &orders, &fail);
	}
	if (!good)
		fprintf(stderr, "%s\n", fail.text);
	_exit(!good);
}

static bool run(int way)
{
	int status, bad = 0;
	if (way == 2)
		return scratch_run("for i in $(seq %d); do git -C r worktree add -q --detach "
				   "%s/out/$i || exit 1; done",
				   TREES, scratch_folder);
	for (int i = 0; i <= way; i++)
		if (prepare(i, way + 1) < 0)
			return false;
	for (int i = 0; i <= way; i++)
		bad |= wait(&status) < 0 || status;
	return !bad;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(void)
{
	static const char *const names[WAYS] = { "ours", "ours, two at a time",
						 "git worktree add" };
	double wall[WAYS][TURNS], work[WAYS][TURNS];
	if (!scratch_begin("trees") || !make_repository())
		return 1;
	for (int turn = 0; turn < TURNS; turn++)
		for (int way = 0; way < WAYS; way++) {
			double wall_before = seconds(), work_before = processor();
			if (!scratch_run("mkdir out") || !run(way)) {
				printf("trees: %s failed, see %s/log\n", names[way],
				       scratch_folder);
				return 1;
			}
			wall[way][turn] = seconds() - wall_before;
			work[way][turn] = processor() - work_before;
			scratch_run("rm -rf out; git -C r worktree prune");
		}
	for (int way = 0; way < WAYS; way++) {
		qsort(wall[way], TURNS, sizeof(double), by_size);
		qsort(work[way], TURNS, sizeof(double), by_size);
	}
	printf("%-22s %10s %12s %14s %12s\n", "30 trees, 4,847 files", "seconds", "against git",
	       "processor", "against git");
	for (int way = 0; way < WAYS; way++)
		printf("%-22s %10.2f %11.2f× %14.2f %11.2f×\n", names[way], wall[way][TURNS / 2],
		       wall[way][TURNS / 2] / wall[WAYS - 1][TURNS / 2], work[way][TURNS / 2],
		       work[way][TURNS / 2] / work[WAYS - 1][TURNS / 2]);
	scratch_end();
	return 0;
}
