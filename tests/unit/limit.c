/* The limits of a process, and the counting of those below it. */
#include "runtime/limit.h"

#include "runtime/crowd.h"
#include "runtime/reap.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_plan(void)
{
	struct schedule_agent agents[2] = { { .limit_file_size = 3, .limit_cpu = 150 } };
	struct schedule schedule = { .agent = agents, .agent_n = 2 };
	struct limit limit = limit_of(&agents[0]);
	CHECK(limit.processes == LIMIT_PROCESSES && limit.file_size == 3072 && limit.cpu == 150 &&
		      !limit.memory,
	      "what the plan says, and never no limit of processes");
	CHECK(limit_wants_cgroup(&schedule) == 0, "cpu wants a cgroup");
	agents[0].limit_cpu = 0;
	CHECK(limit_wants_cgroup(&schedule) == SCHEDULE_NONE, "the size of files does not");
	agents[1].limit_memory = 1;
	CHECK(limit_wants_cgroup(&schedule) == 1, "memory does");
}

static void test_numbers(void)
{
	static const char *const own[] = { "6.14.0", "6.14-rc1", "6.18.5-cloud-amd64", "7.0",
					   "10.1.2" },
				 *const shared[] = { "6.13.12", "6.1.0-28-amd64", "5.15.0", "6",
						     "" };
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		CHECK(limit_owns_numbers(own[i]), own[i]);
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		CHECK(!limit_owns_numbers(shared[i]),
		      "the whole machine's pid_max is let be where it is the only one");
}

/* In a process of its own, which says how it ended. */
static int in_child(void (*body)(void))
{
	int status = -1;
	pid_t id = fork();
	if (id == 0) {
		body();
		_exit(99);
	}
	waitpid(id, &status, 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void write_much(void)
{
	char part[1 << 16] = { 0 };
	int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	if (fd < 0 || limit_enter(&(struct limit){ .processes = 9, .file_size = 100000 }))
		_exit(1);
	for (int i = 0; i < 4; i++)
		if (write(fd, part, sizeof part) < 0)
			_exit(2);
	_exit(0);
}

static void lower_twice(void)
{
	struct rlimit limit;
	if (limit_enter(&(struct limit){ .file_size = 1000 }) ||
	    limit_enter(&(struct limit){ .file_size = 2000 }) || getrlimit(RLIMIT_FSIZE, &limit))
		_exit(1);
	_exit(limit.rlim_max == 1000 ? 0 : 2);
}

static void no_limit(void)
{
	struct rlimit before, after;
	getrlimit(RLIMIT_FSIZE, &before);
	_exit(limit_enter(&(struct limit){ .processes = 9 }) || getrlimit(RLIMIT_FSIZE, &after) ||
	      before.rlim_cur != after.rlim_cur);
}

static void test_counting(void)
{
	enum { N = 20 };
	CHECK(crowd_count(100) == 0, "nobody is below at first");
	for (int i = 0; i < N; i++)
		if (!fork()) {
			if (!fork())
				setsid();
			pause();
			_exit(0);
		}
	uint32_t seen = 0;
	for (int i = 0; i < 10000 && seen < 2 * N; i++) {
		seen = crowd_count(100);
		usleep(1000);
	}
	CHECK(seen == 2 * N, "children and grandchildren are counted");
	CHECK(reap_count() == seen, "nor are others, where the kernel lists no children");
	CHECK(crowd_count(5) == 5, "not further than is asked");
	CHECK(reap_all(NULL, 0) && crowd_count(100) == 0, "and nobody is left");
}

int main(void)
{
	struct fail fail;
	if (!reap_adopt(&fail))
		return 1;
	test_plan();
	test_numbers();
	CHECK(in_child(write_much) == -SIGXFSZ,
	      "one that writes too large a file is killed for it");
	CHECK(in_child(lower_twice) == 0, "a lower limit stays");
	CHECK(in_child(no_limit) == 0, "without one, there is none");
	test_counting();
	return test_end();
}
