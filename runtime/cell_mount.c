/* cell_mount.c — see cell_mount.h. What is to stay writable or shown is taken up first, as copies of
 * the mounts; then everything is made read-only; then the copies are put back, each after the folder
 * that it lies in. A program in the cell has no right to undo any of it, and in namespaces of its
 * own, should it make some, the kernel has locked what it got from here. */
#include "runtime/cell_mount.h"

#include "common/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

struct mounting {
	const struct boundary *boundary;
	struct arena arena;
	int *copy; /* by path of the boundary; -1: none */
};

static const char *const devices[] = {
#define DEVICE(name) #name,
#include "runtime/device.def"
#undef DEVICE
};
enum { DEVICES = sizeof devices / sizeof *devices };

static int copy_of(const char *path)
{
	return open_tree(AT_FDCWD, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
}

static bool make_fixed(int copy)
{
	struct mount_attr fixed = { .attr_set = MOUNT_ATTR_RDONLY };
	return mount_setattr(copy, "", AT_EMPTY_PATH | AT_RECURSIVE, &fixed, sizeof fixed) == 0;
}

static bool put(int copy, const char *path)
{
	return move_mount(copy, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

/* Something to mount on; it is missing only in folders of our own. */
static bool make_place(struct arena *arena, const char *path, bool folder)
{
	struct stat about;
	struct fail fail;
	if (lstat(path, &about) == 0)
		return true;
	if (folder)
		return file_make_folders(path, &fail);
	if (!file_make_folders(file_folder(arena, path).at, &fail))
		return false;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd >= 0 && close(fd) == 0;
}

static bool put_at(struct mounting *m, int copy, const char *path, struct fail *fail)
{
	struct stat about;
	return (fstat(copy, &about) == 0 && make_place(&m->arena, path, S_ISDIR(about.st_mode)) &&
		put(copy, path)) ||
	       fail_system(fail, "cannot mount %s", path);
}

static bool private_folder(struct mounting *m, const char *path, const char *mode,
			   struct fail *fail)
{
	return (make_place(&m->arena, path, true) &&
		mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, mode) == 0) ||
	       fail_system(fail, "cannot make %s private", path);
}

static bool make_devices(struct mounting *m, const char *path, const int *copies, struct fail *fail)
{
	static const char *const links[][2] = { { "/proc/self/fd", "fd" },
						{ "/proc/self/fd/0", "stdin" },
						{ "/proc/self/fd/1", "stdout" },
						{ "/proc/self/fd/2", "stderr" },
						{ "pts/ptmx", "ptmx" } };
	if (!private_folder(m, path, "mode=755", fail))
		return false;
	for (size_t i = 0; i < DEVICES; i++)
		if (copies[i] >= 0 &&
		    !put_at(m, copies[i], arena_format(&m->arena, "%s/%s", path, devices[i]).at,
			    fail))
			return false;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (symlink(links[i][0], arena_format(&m->arena, "%s/%s", path, links[i][1]).at))
			return fail_system(fail, "cannot make %s/%s", path, links[i][1]);
	const char *terminals = arena_format(&m->arena, "%s/pts", path).at,
		   *queues = arena_format(&m->arena, "%s/mqueue", path).at;
	if (mkdir(terminals, 0755) || mount("devpts", terminals, "devpts", MS_NOSUID | MS_NOEXEC,
					    "newinstance,ptmxmode=0666,mode=620"))
		return fail_system(fail, "cannot make terminals of its own");
	/* Few kernels are without message queues, and few programs with them. */
	if (mkdir(queues, 0755) == 0)
		mount("mqueue", queues, "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	return true;
}

static bool fix(const char *path, struct fail *fail)
{
	int copy = copy_of(path);
	bool good = copy >= 0 && make_fixed(copy) && put(copy, path);
	/* It may have gone meanwhile: then there is nothing to be kept. */
	if (!good && errno != ENOENT)
		fail_system(fail, "cannot keep %s as it is", path);
	else
		good = true;
	if (copy >= 0)
		close(copy);
	return good;
}

static bool hide(const char *path, struct fail *fail)
{
	int copy = copy_of("/dev/null");
	bool good = copy >= 0 && (put(copy, path) || errno == ENOENT);
	if (copy >= 0)
		close(copy);
	return good || fail_system(fail, "cannot hide the socket %s", path);
}

static bool put_one(struct mounting *m, size_t i, const int *copies, struct fail *fail)
{
	const struct boundary_path *at = &m->boundary->at[i];
	switch (at->kind) {
	case BOUNDARY_DEVICES: return make_devices(m, at->path, copies, fail);
	case BOUNDARY_PRIVATE: return private_folder(m, at->path, "mode=1777", fail);
	case BOUNDARY_SEALED: return private_folder(m, at->path, "mode=755", fail);
	case BOUNDARY_SHOWN:
	case BOUNDARY_WRITABLE: return put_at(m, m->copy[i], at->path, fail);
	case BOUNDARY_FIXED: return fix(at->path, fail);
	case BOUNDARY_HIDDEN: return hide(at->path, fail);
	}
	return true;
}

static bool take_copies(struct mounting *m, int *copies, struct fail *fail)
{
	for (size_t i = 0; i < DEVICES; i++)
		copies[i] = copy_of(arena_format(&m->arena, "/dev/%s", devices[i]).at);
	for (size_t i = 0; i < m->boundary->n; i++) {
		const struct boundary_path *at = &m->boundary->at[i];
		m->copy[i] = -1;
		if (at->kind != BOUNDARY_SHOWN && at->kind != BOUNDARY_WRITABLE)
			continue;
		m->copy[i] = copy_of(at->path);
		if (m->copy[i] < 0 || (at->kind == BOUNDARY_SHOWN && !make_fixed(m->copy[i])))
			return fail_system(fail, "cannot take %s into the sandbox", at->path);
	}
	return true;
}

static bool seal(const struct boundary *boundary, struct fail *fail)
{
	struct mount_attr fixed = { .attr_set = MOUNT_ATTR_RDONLY };
	for (size_t i = 0; i < boundary->n; i++)
		if (boundary->at[i].kind == BOUNDARY_SEALED &&
		    mount_setattr(AT_FDCWD, boundary->at[i].path, 0, &fixed, sizeof fixed))
			return fail_system(fail, "cannot seal %s", boundary->at[i].path);
	return true;
}

/* Root may write to the machine's own entries in /proc by owning them, with no further right. The
 * price: where something in /proc is covered, namespaces inside of this one get no /proc of their
 * own. */
static bool fix_machine(struct mounting *m, struct fail *fail)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	struct stat about;
	bool good = folder || fail_system(fail, "cannot read /proc");
	while (good && (entry = readdir(folder))) {
		const char *path = arena_format(&m->arena, "/proc/%s", entry->d_name).at;
		bool process = entry->d_name[0] == '.' ||
			       (entry->d_name[0] >= '0' && entry->d_name[0] <= '9');
		if (process || lstat(path, &about) || S_ISLNK(about.st_mode) ||
		    (!S_ISDIR(about.st_mode) && !(about.st_mode & 0222)))
			continue;
		good = fix(path, fail);
	}
	if (folder)
		closedir(folder);
	return good;
}

static bool show_processes(struct mounting *m, struct fail *fail)
{
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return fail_system(fail, "cannot mount a /proc of its own");
	return getuid() != 0 || fix_machine(m, fail);
}

bool cell_mount(const struct boundary *boundary, struct fail *fail)
{
	struct mounting m = { .boundary = boundary };
	struct mount_attr fixed = { .attr_set = MOUNT_ATTR_RDONLY };
	int copies[DEVICES];
	m.copy = ARENA_MANY(&m.arena, boundary->n + 1, int);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return fail_system(fail, "cannot make the mounts private");
	if (!take_copies(&m, copies, fail))
		return false;
	if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &fixed, sizeof fixed))
		return fail_system(fail, "cannot make the file system read-only");
	for (size_t i = 0; i < boundary->n; i++)
		if (!put_one(&m, i, copies, fail))
			return false;
	return seal(boundary, fail) && show_processes(&m, fail);
}
