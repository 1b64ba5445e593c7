/* cell.c — see cell.h. Init is made by clone(2) as the first process of all namespaces at once; it
 * may be looked at by nobody in there, for it holds what was open outside. */
#include "runtime/cell.h"

#include "runtime/callfilter.h"
#include "runtime/cell_mount.h"
#include "runtime/fence.h"
#include "runtime/reap.h"
#include "runtime/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS };

struct cell_end *cell_share(void)
{
	void *at = mmap(NULL, sizeof(struct cell_end), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

void cell_unshare(struct cell_end *end)
{
	if (end)
		munmap(end, sizeof *end);
}

static bool put(const char *path, const char *text, struct fail *fail)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	bool good = n == (ssize_t)strlen(text) || fail_system(fail, "cannot write %s", path);
	if (fd >= 0)
		close(fd);
	return good;
}

/* In there everybody is who they were outside. */
static bool map_ids(uid_t user, gid_t group, struct fail *fail)
{
	char users[64], groups[64];
	snprintf(users, sizeof users, "%u %u 1", (unsigned)user, (unsigned)user);
	snprintf(groups, sizeof groups, "%u %u 1", (unsigned)group, (unsigned)group);
	return put("/proc/self/setgroups", "deny", fail) &&
	       put("/proc/self/uid_map", users, fail) && put("/proc/self/gid_map", groups, fail);
}

static bool begin_loopback(struct fail *fail)
{
	struct ifreq request = { .ifr_name = "lo" };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good = s >= 0 && ioctl(s, SIOCGIFFLAGS, &request) == 0;
	request.ifr_flags |= IFF_UP;
	good = good && ioctl(s, SIOCSIFFLAGS, &request) == 0;
	if (s >= 0)
		close(s);
	return good || fail_system(fail, "cannot begin a network of its own");
}

static bool hold_processes(const struct limit *limit, bool root, bool *counted, struct fail *fail)
{
	struct utsname kernel;
	int most = -1;
	/* Root's count would be the whole machine's, and would stay. */
	if (uname(&kernel) == 0 && limit_owns_numbers(kernel.release))
		most = open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
	errno = limit_enter_namespace(limit, most, root, counted);
	bool good = !errno || fail_system(fail, "cannot limit how many processes there are");
	if (most >= 0)
		close(most);
	return good;
}

static bool make_cell(const struct boundary *boundary, struct fail *fail)
{
	struct fail older;
	if (!boundary->network && !begin_loopback(fail))
		return false;
	/* A name space of control groups is a way to mount them writable; older kernels have no such
	 * limit. */
	put("/proc/sys/user/max_cgroup_namespaces", "0", &older);
	if (!cell_mount(boundary, fail) || !rights_give_up(getuid() == 0, fail))
		return false;
	/* Abstract sockets outside, where the kernel can keep them out; docs/containment.md. */
	fence_scope();
	return callfilter_enter(fail);
}

static _Noreturn void look_after(pid_t agent, struct cell_end *end)
{
	sigset_t awaited;
	int status;
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGCHLD);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	syscall(SYS_close_range, 0, ~0U, 0);
	for (;;) {
		for (pid_t id; (id = waitpid(-1, &status, WNOHANG)) > 0;)
			if (id == agent) {
				end->status = status;
				end->ended = true;
				_exit(0);
			}
		if (sigwaitinfo(&awaited, NULL) == SIGTERM)
			reap_ask(agent, end->ask);
	}
}

/* Dies with its parent, also with one that died before this was said. */
static bool bind_life(const int report[2])
{
	struct pollfd reader = { .fd = report[1], .events = 0 };
	close(report[0]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return poll(&reader, 1, 0) == 0;
}

static pid_t fork_into(int more)
{
	return (pid_t)syscall(SYS_clone, (unsigned long)(NAMESPACES | more | SIGCHLD), NULL, NULL,
			      NULL, NULL);
}

pid_t cell_start(const struct boundary *boundary, const struct limit *limit, const int report[2],
		 struct cell_end *end, struct fail *fail)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	*fail = (struct fail){ "" };
	pid_t init = fork_into(boundary->network ? 0 : CLONE_NEWNET);
	if (init)
		return init;
	setsid();
	if (!bind_life(report))
		_exit(127);
	if (!map_ids(user, group, fail) ||
	    (limit && !hold_processes(limit, user == 0, &end->counted, fail)) ||
	    !make_cell(boundary, fail))
		return 0;
	/* Not before: what it writes of itself in /proc would be root's. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	pid_t agent = fork();
	if (agent > 0)
		look_after(agent, end);
	if (agent < 0)
		fail_system(fail, "cannot start a process");
	return 0;
}
