/* crowd.c — see crowd.h. The kernel's lists of children (/proc/PID/task/TID/children) are followed from
 * here down, so it costs what the agent has and not what the machine has. A kernel may be without them
 * (CONFIG_PROC_CHILDREN): there the whole table of processes is read. */
#include "runtime/crowd.h"

#include "common/vec.h"
#include "runtime/reap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PART = 4096 };

struct crowd {
	struct arena arena;
	VEC(long) waiting; /* processes whose children are not listed yet */
	uint32_t count, enough;
};

/* "12 13 14 ": may be cut anywhere, so a number is taken when the space behind it is seen. */
static void list_children(struct crowd *crowd, const char *path)
{
	char part[PART];
	long number = 0;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while (crowd->count < crowd->enough && (n = read(fd, part, sizeof part)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			if (part[i] >= '0' && part[i] <= '9') {
				number = number * 10 + (part[i] - '0');
			} else if (number) {
				*VEC_ADD(&crowd->arena, &crowd->waiting) = number;
				number = 0;
			}
		}
	close(fd);
}

/* Every thread of it counts, and each may have children of its own. */
static void visit(struct crowd *crowd, long process, bool counts)
{
	char path[96];
	snprintf(path, sizeof path, "/proc/%ld/task", process);
	DIR *tasks = opendir(path);
	if (!tasks)
		return;
	for (struct dirent *task; crowd->count < crowd->enough && (task = readdir(tasks));) {
		if (task->d_name[0] == '.')
			continue;
		crowd->count += counts;
		snprintf(path, sizeof path, "/proc/%ld/task/%.20s/children", process, task->d_name);
		list_children(crowd, path);
	}
	closedir(tasks);
}

uint32_t crowd_count(uint32_t enough)
{
	if (access("/proc/thread-self/children", F_OK)) {
		uint32_t count = reap_count();
		return count < enough ? count : enough;
	}
	struct crowd crowd = { .enough = enough };
	visit(&crowd, (long)getpid(), false);
	for (size_t i = 0; i < crowd.waiting.n && crowd.count < enough; i++)
		visit(&crowd, crowd.waiting.at[i], true);
	arena_release(&crowd.arena);
	return crowd.count;
}
