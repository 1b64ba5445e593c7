/* limit.c — see limit.h. */
#include "runtime/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	KIB = 1024,
	OWN_MAJOR = 6,
	OWN_MINOR = 14, /* of the first kernel with a pid_max for each namespace */
	RESERVED = 300, /* numbers below are not given out again once the numbers have wrapped */
};

struct limit limit_of(const struct schedule_agent *agent)
{
	return (struct limit){
		.processes = agent->limit_processes ? agent->limit_processes : LIMIT_PROCESSES,
		.file_size = (uint64_t)agent->limit_file_size * KIB,
		.memory = (uint64_t)agent->limit_memory * KIB,
		.cpu = agent->limit_cpu,
	};
}

uint32_t limit_wants_cgroup(const struct schedule *schedule)
{
	for (uint32_t i = 0; i < schedule->agent_n; i++)
		if (schedule->agent[i].limit_memory || schedule->agent[i].limit_cpu)
			return i;
	return SCHEDULE_NONE;
}

/* A lower limit that is in force already stays. */
static int lower(int resource, uint64_t value)
{
	struct rlimit limit;
	if (getrlimit(resource, &limit))
		return errno;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < value)
		value = limit.rlim_max;
	limit = (struct rlimit){ value, value };
	return setrlimit(resource, &limit) ? errno : 0;
}

int limit_enter(const struct limit *limit)
{
	return limit->file_size ? lower(RLIMIT_FSIZE, limit->file_size) : 0;
}

/* snprintf is not safe after fork. */
static size_t digits(uint32_t number, char *at)
{
	char reversed[10];
	size_t n = 0, used = 0;
	do
		reversed[n++] = (char)('0' + number % 10);
	while (number /= 10);
	while (n)
		at[used++] = reversed[--n];
	return used;
}

static bool put_number(int fd, uint32_t number)
{
	char text[16];
	size_t n = digits(number, text);
	return fd >= 0 && write(fd, text, n) == (ssize_t)n;
}

/* Numbers are given out from here on; when they wrap, from RESERVED on. So there are as many as there
 * may be processes, and not as many more as there are reserved ones. */
static bool skip_reserved(void)
{
	int last = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	bool good = put_number(last, RESERVED);
	if (last >= 0)
		close(last);
	return good;
}

bool limit_owns_numbers(const char *release)
{
	unsigned major, minor;
	return sscanf(release, "%u.%u", &major, &minor) == 2 &&
	       (major > OWN_MAJOR || (major == OWN_MAJOR && minor >= OWN_MINOR));
}

int limit_enter_namespace(const struct limit *limit, int pid_max, bool root, bool *held)
{
	*held = put_number(pid_max, limit->processes + RESERVED) && skip_reserved();
	if (root)
		return 0;
	int error = lower(RLIMIT_NPROC, limit->processes);
	*held = *held || !error;
	return error;
}
