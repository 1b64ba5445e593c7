/* holder.c — see holder.h. */
#include "runtime/holder.h"

#include "common/file.h"
#include "runtime/lock.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 20, PAUSE_MS = 25, LARGEST_TEXT = 4096 };
enum { NOBODY = 0, UNSEEN = -1 }; /* UNSEEN: a process that this one cannot see */

/* Numbers of files are one file system's; the process must have this very file open. */
static bool has_open(pid_t pid, const struct stat *lock)
{
	struct arena arena = { 0 };
	const char *path = arena_format(&arena, "/proc/%ld/fd", (long)pid).at;
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool has = false;
	while (folder && !has && (entry = readdir(folder))) {
		struct stat info;
		has = stat(arena_format(&arena, "%s/%s", path, entry->d_name).at, &info) == 0 &&
		      info.st_dev == lock->st_dev && info.st_ino == lock->st_ino;
	}
	if (folder)
		closedir(folder);
	arena_release(&arena);
	return has;
}

/* Asking for the lock would keep somebody else from it, so the kernel's list of locks is read. It has
 * numbers of files alone: of several owners the one that has the file open, if that can be seen. */
static pid_t owner_of(const struct stat *lock)
{
	char line[256];
	pid_t owner = NOBODY;
	bool sure = false;
	FILE *locks = fopen("/proc/locks", "re");
	while (locks && !sure && fgets(line, sizeof line, locks)) {
		unsigned long long inode = 0;
		long pid = 0;
		const char *colon = strrchr(line, ':');
		if (!strstr(line, "FLOCK") || strstr(line, "->") || !colon ||
		    sscanf(colon + 1, "%llu", &inode) != 1 ||
		    inode != (unsigned long long)lock->st_ino ||
		    sscanf(line, "%*d: FLOCK %*s %*s %ld", &pid) != 1)
			continue;
		sure = pid > 0 && has_open((pid_t)pid, lock);
		if (sure || owner == NOBODY)
			owner = pid > 0 ? (pid_t)pid : UNSEEN;
	}
	if (locks)
		fclose(locks);
	return owner;
}

bool holder_there(const char *lock)
{
	struct stat info;
	return stat(lock, &info) == 0 && owner_of(&info) != NOBODY;
}

/* One look; *sure when everything that can be asked says the same. */
static bool look(struct arena *arena, const char *lock, struct holder *holder, bool *sure,
		 struct fail *fail)
{
	struct stat info;
	struct lock_text text;
	*holder = (struct holder){ .pidfd = -1 };
	*sure = stat(lock, &info) != 0; /* no lock, nobody who holds it */
	if (*sure)
		return true;
	holder->pid = owner_of(&info);
	*sure = holder->pid == NOBODY;
	if (*sure)
		return true;
	if (holder->pid == UNSEEN)
		return fail_set(
			fail,
			"%s is held by a process that cannot be seen from here (of another container?). Stop it where it "
			"runs, with ^C",
			lock);
	holder->pidfd = (int)syscall(SYS_pidfd_open, holder->pid, 0);
	if (holder->pidfd < 0 && errno != ESRCH && errno != EINVAL)
		return fail_system(fail, "cannot take hold of the process %ld, which holds %s",
				   (long)holder->pid, lock);
	*sure = holder->pidfd >= 0 && lock_read(arena, lock, &text, fail) &&
		text.pid == holder->pid && has_open(holder->pid, &info) &&
		owner_of(&info) == holder->pid;
	if (*sure) {
		holder->what = text.what;
		holder->run = text.run;
	}
	return true;
}

bool holder_find(struct arena *arena, const char *lock, struct holder *holder, struct fail *fail)
{
	for (int i = 0; i < TRIES; i++) {
		bool sure;
		if (!look(arena, lock, holder, &sure, fail))
			return false;
		if (sure)
			return true;
		if (holder->pidfd >= 0)
			close(holder->pidfd);
		nanosleep(&(struct timespec){ 0, PAUSE_MS * 1000000L }, NULL);
	}
	return fail_set(
		fail,
		"it cannot be told for certain which process holds %s (another user's?), so none is stopped. Stop "
		"it where it runs, with ^C",
		lock);
}

bool holder_signal(const struct holder *holder, int signal, bool *gone, struct fail *fail)
{
	*gone = false;
	if (syscall(SYS_pidfd_send_signal, holder->pidfd, signal, NULL, 0) == 0)
		return true;
	*gone = errno == ESRCH;
	return *gone || fail_system(fail, "cannot tell the process %ld to stop", (long)holder->pid);
}

void holder_wait(const struct holder *holder)
{
	struct pollfd end = { .fd = holder->pidfd, .events = POLLIN };
	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		;
}
