/* watch.c — see watch.h. */
#include "runtime/watch.h"

#include <limits.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

bool watch_begin(struct watch *watch, int parent, struct fail *fail)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	*watch = (struct watch){ .signals = -1, .parent = parent };
	if (sigprocmask(SIG_BLOCK, &set, &watch->before) ||
	    (watch->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		return fail_system(fail, "cannot wait for signals");
	return true;
}

void watch_end(struct watch *watch)
{
	if (watch->signals >= 0)
		close(watch->signals);
	watch->signals = -1;
	sigprocmask(SIG_SETMASK, &watch->before, NULL);
}

static void read_signals(struct watch *watch)
{
	struct signalfd_siginfo info;
	while (read(watch->signals, &info, sizeof info) == (ssize_t)sizeof info)
		if (info.ssi_signo == SIGTERM)
			watch->stopped = true;
}

static void read_parent(struct watch *watch)
{
	char ignored[256];
	ssize_t n = read(watch->parent, ignored, sizeof ignored);
	if (n == 0) {
		watch->orphaned = true;
		watch->parent = -1;
	}
}

bool watch_wait(struct watch *watch, int also, int64_t milliseconds)
{
	struct pollfd files[] = {
		{ .fd = watch->signals, .events = POLLIN },
		{ .fd = watch->parent, .events = POLLIN },
		{ .fd = also, .events = POLLIN },
	};
	int wait = milliseconds > INT_MAX ? INT_MAX : milliseconds < 0 ? 0 : (int)milliseconds;
	if (poll(files, 3, wait) <= 0)
		return false;
	if (files[0].revents)
		read_signals(watch);
	if (files[1].revents)
		read_parent(watch);
	return files[2].revents != 0;
}

bool watch_over(struct watch *watch)
{
	watch_wait(watch, -1, 0);
	return watch->stopped || watch->orphaned;
}

int64_t watch_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
