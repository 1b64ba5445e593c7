/* limit.h — what an agent's programs may use of the machine, and how this is held.
 *
 * The largest file is held by the kernel for every process alike (RLIMIT_FSIZE: what writes further
 * gets SIGXFSZ). Memory and processors are held by a cgroup (cgroup.h) or not at all: a plan that asks
 * for them where there is none is refused. Processes are always held, by the best that there is:
 *
 *   - a cgroup's pids.max, where the run has one;
 *   - in namespaces of its own (limit_enter): kernel.pid_max of the PID namespace, which binds root
 *     as well (Linux 6.14), and RLIMIT_NPROC, which binds everybody but root. RLIMIT_NPROC counts per
 *     user namespace, so it counts this agent's processes alone;
 *   - else they are counted, ten times a second, and an agent with too many is ended (crowd.h). */
#ifndef RUNTIME_LIMIT_H
#define RUNTIME_LIMIT_H

#include "schedule/schedule.h"

enum {
	LIMIT_PROCESSES = 4096
}; /* of an agent when the plan says nothing: no fork bomb is without end */

struct limit {
	uint32_t processes; /* and threads, at once; never 0 */
	uint64_t file_size; /* bytes; 0: none */
	uint64_t memory;    /* bytes; 0: none */
	uint32_t cpu;       /* hundredths of a processor; 0: none */
};

struct limit limit_of(const struct schedule_agent *);
/* Does the plan ask for what only a cgroup holds? The first agent that does, or SCHEDULE_NONE. */
uint32_t limit_wants_cgroup(const struct schedule *);

/* In a new process, before its program is executed; only calls that are safe after fork. Returns 0 or
 * errno. */
int limit_enter(const struct limit *);
/* Has a PID namespace a kernel.pid_max of its own in a kernel of this release (uname(2))? Before Linux 6.14 there
 * is one for the whole machine, which is not ours to lower. */
bool limit_owns_numbers(const char *release);
/* The same for processes, in the first process of new user and PID namespaces while it has all rights in
 * them. *held: by the kernel, so that nobody need count. `pid_max` is /proc/sys/kernel/pid_max opened for
 * writing, where it is the namespace's own, or -1. */
int limit_enter_namespace(const struct limit *, int pid_max, bool root, bool *held);

#endif
