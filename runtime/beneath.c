/* beneath.c — see beneath.h. */
#include "runtime/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel answers EAGAIN when something was renamed while it looked. */
enum { TRIES = 100 };

int beneath_open(int root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve =
		    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};
	long fd = -1;
	for (int i = 0; i < TRIES; i++) {
		fd = syscall(SYS_openat2, root, path, &how, sizeof how);
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return (int)fd;
}

int beneath_root(const char *folder, struct fail *fail)
{
	int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (root < 0) {
		fail_system(fail, "cannot open the folder %s", folder);
		return -1;
	}
	int again = beneath_open(root, ".", O_PATH | O_DIRECTORY, 0);
	if (again < 0) {
		if (errno == ENOSYS || errno == EPERM)
			fail_set(fail, "this system does not let orch use openat2 (Linux 5.6 or "
				       "newer, not filtered), without "
				       "which results cannot be read safely");
		else
			fail_system(fail, "cannot open the folder %s", folder);
		close(root);
		return -1;
	}
	close(again);
	return root;
}

int beneath_parent(int root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	*name = slash ? slash + 1 : path;
	char *folder = slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
	if (!folder)
		fail_memory();
	int fd = beneath_open(root, folder, O_RDONLY | O_DIRECTORY, 0);
	int error = errno;
	free(folder);
	errno = error;
	return fd;
}
