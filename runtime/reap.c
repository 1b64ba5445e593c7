/* reap.c — see reap.h. The whole table of processes is read each time, since the kernel's list of
 * children is per thread and not there in every kernel. Groups are killed as well as processes: a
 * fork cannot slip through between being seen and being killed when its whole group gets the
 * signal. */
#include "runtime/reap.h"

#include "common/vec.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	QUICK = 1000, /* looks at the own children before the table is read again */
	PART = 4096,
};
enum { ROUNDS = 2000, PAUSE_NS = 1000000 }; /* two seconds at least before giving up */

struct process {
	pid_t id, parent, group;
	uint32_t threads;
	char state;
	bool ours, spared;
};
struct table {
	VEC(struct process) list;
};

/* "pid (name) state ppid pgrp …": the name may hold anything, so the fields are counted from the
 * last `)`. */
static bool read_process(int proc, const char *name, struct process *process)
{
	char path[64], stat[1024];
	snprintf(path, sizeof path, "%.20s/stat", name);
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, stat, sizeof stat - 1);
	close(fd);
	if (n <= 0)
		return false;
	stat[n] = 0;
	const char *after = strrchr(stat, ')');
	*process = (struct process){ .id = (pid_t)strtol(name, NULL, 10) };
	return after &&
	       sscanf(after + 1,
		      " %c %d %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %u",
		      &process->state, &process->parent, &process->group, &process->threads) == 4;
}

/* False when the table cannot be read, which says nothing of who is there. */
static bool read_table(struct arena *arena, struct table *table)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	struct process process;
	if (!folder)
		return false;
	while ((entry = readdir(folder)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    read_process(dirfd(folder), entry->d_name, &process))
			*VEC_ADD(arena, &table->list) = process;
	closedir(folder);
	return true;
}

static const struct process *find(const struct table *table, pid_t id)
{
	for (size_t i = 0; i < table->list.n; i++)
		if (table->list.at[i].id == id)
			return &table->list.at[i];
	return NULL;
}

static bool listed(pid_t id, const pid_t *spare, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (spare[i] == id)
			return true;
	return false;
}

/* Whose is it? Goes up until it is known; numbers of processes may wrap, so the steps are
 * counted. */
static void judge(struct table *table, struct process *process, pid_t self, const pid_t *spare,
		  size_t n)
{
	const struct process *at = process;
	for (size_t steps = 0; at && steps <= table->list.n; steps++) {
		if (at->id == self)
			break;
		if (listed(at->id, spare, n))
			process->spared = true;
		if (at->parent == self) {
			process->ours = true;
			break;
		}
		at = find(table, at->parent);
	}
}

bool reap_adopt(struct fail *fail)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ||
	       fail_system(fail, "cannot take over the processes that an agent leaves behind");
}

/* True when nothing was there to be killed. */
static bool kill_round(const pid_t *spare, size_t n)
{
	struct arena arena = { 0 };
	struct table table = { 0 };
	pid_t self = getpid(), group = getpgrp();
	bool none = read_table(&arena, &table);
	for (size_t i = 0; i < table.list.n; i++) {
		struct process *process = &table.list.at[i];
		judge(&table, process, self, spare, n);
		if (!process->ours || process->spared)
			continue;
		none = false;
		if (process->state != 'Z') {
			if (process->group != group && !listed(process->group, spare, n))
				kill(-process->group, SIGKILL);
			kill(process->id, SIGKILL);
		}
		if (process->parent == self)
			waitpid(process->id, NULL, WNOHANG);
	}
	arena_release(&arena);
	return none;
}

/* The own children alone, from the kernel's list of them where it has one: so quickly that one that forks
 * and ends, and has become another before the table is read, is caught. True when there was any. */
static bool kill_children(const pid_t *spare, size_t n)
{
	char part[PART];
	bool any = false;
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	ssize_t bytes = fd < 0 ? -1 : read(fd, part, sizeof part - 1);
	if (fd >= 0)
		close(fd);
	if (bytes <= 0)
		return false;
	part[bytes] = 0;
	/* Each number ends in a space; what was cut is for the next look. */
	for (char *at = part, *end; (end = strchr(at, ' ')); at = end + 1) {
		pid_t id = (pid_t)strtol(at, NULL, 10);
		if (id <= 0 || listed(id, spare, n))
			continue;
		any = true;
		kill(id, SIGKILL);
		kill(-id, SIGKILL);
		waitpid(id, NULL, WNOHANG);
	}
	return any;
}

bool reap_all(const pid_t *spare, size_t n)
{
	for (int round = 0; round < ROUNDS; round++) {
		for (int look = 0; look < QUICK && kill_children(spare, n); look++)
			;
		if (kill_round(spare, n))
			return true;
		if (round)
			nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
	}
	return false;
}

void reap_ask(pid_t id, int signal)
{
	if (kill(-id, signal))
		kill(id, signal);
	kill(-id, SIGCONT);
}

uint32_t reap_count(void)
{
	struct arena arena = { 0 };
	struct table table = { 0 };
	uint32_t count = 0;
	if (read_table(&arena, &table))
		for (size_t i = 0; i < table.list.n; i++) {
			judge(&table, &table.list.at[i], getpid(), NULL, 0);
			count += table.list.at[i].ours ? table.list.at[i].threads : 0;
		}
	arena_release(&arena);
	return count;
}
