/* file.c — see file.h. A new content goes to a file beside the old one, is synced, and takes the
 * name by rename; then the folder is synced, as the name is the folder's data. */
#include "common/file.h"

#include "common/path.h"
#include "common/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One read, whatever signals there are; -1 with the failure. */
static ssize_t read_some(int fd, const char *name, char *at, size_t n, struct fail *fail)
{
	ssize_t got;
	do
		got = read(fd, at, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		fail_system(fail, "cannot read %s", name);
	return got;
}

/* Reads to the end behind what is in `text`. */
static bool read_rest(int fd, const char *name, size_t limit, struct text *text, struct fail *fail)
{
	char part[65536];
	for (;;) {
		ssize_t n = read_some(fd, name, part, sizeof part, fail);
		if (n <= 0)
			return n == 0;
		if ((size_t)n > limit - text->n)
			return fail_set(fail, "%s is larger than %zu bytes, the most that is read",
					name, limit);
		text_add(text, (struct str){ part, (size_t)n });
	}
}

/* A file of known size is read to where it stays; it may be shorter or longer by now. */
static bool read_sized(struct arena *arena, int fd, const char *name, size_t size,
		       struct str *bytes, struct fail *fail)
{
	char *at = arena_take(arena, size + 1);
	*bytes = (struct str){ at, 0 };
	while (bytes->n < size) {
		ssize_t n = read_some(fd, name, at + bytes->n, size - bytes->n, fail);
		if (n <= 0)
			return n == 0;
		bytes->n += (size_t)n;
	}
	return true;
}

bool file_read_all(struct arena *arena, int fd, const char *name, size_t limit, struct str *bytes,
		   struct fail *fail)
{
	struct text text = { 0 };
	struct stat info;
	size_t size = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0
			      ? (size_t)info.st_size
			      : 0;
	char more;
	if (size && size <= limit) {
		if (!read_sized(arena, fd, name, size, bytes, fail))
			return false;
		ssize_t n = read_some(fd, name, &more, 1, fail);
		if (n <= 0)
			return n == 0;
		text_add(&text, *bytes);
		text_add_byte(&text, more);
	}
	bool good = text.n <= limit
			    ? read_rest(fd, name, limit, &text, fail)
			    : fail_set(fail, "%s is larger than %zu bytes, the most that is read",
				       name, limit);
	if (good)
		*bytes = arena_copy(arena, text_str(&text));
	text_release(&text);
	return good;
}

bool file_read_if(struct arena *arena, const char *path, size_t limit, struct str *bytes,
		  bool *found, struct fail *fail)
{
	*found = true;
	/* Without O_NONBLOCK the open itself would wait for a fifo's writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		*found = false;
		return true;
	}
	if (fd < 0)
		return fail_system(fail, "cannot open %s", path);
	struct stat info;
	bool good;
	if (fstat(fd, &info))
		good = fail_system(fail, "cannot read %s", path);
	else if (!S_ISREG(info.st_mode))
		good = fail_set(fail, "cannot read %s: it is %s, not a file", path,
				S_ISDIR(info.st_mode) ? "a folder" : "something special");
	else
		good = file_read_all(arena, fd, path, limit, bytes, fail);
	close(fd);
	return good;
}

bool file_read(struct arena *arena, const char *path, size_t limit, struct str *bytes,
	       struct fail *fail)
{
	bool found;
	if (!file_read_if(arena, path, limit, bytes, &found, fail))
		return false;
	errno = ENOENT;
	return found || fail_system(fail, "cannot open %s", path);
}

struct str file_end(struct arena *arena, const char *path, size_t bytes)
{
	struct str end = { 0 }, line;
	struct fail ignored;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	if (fd < 0)
		return end;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
		bool part = (uint64_t)info.st_size > bytes;
		if (part)
			lseek(fd, info.st_size - (off_t)bytes, SEEK_SET);
		if (!file_read_all(arena, fd, path, SIZE_MAX - 1, &end, &ignored))
			end = (struct str){ 0 };
		if (part && str_find_text(end, STR("\n")) != SIZE_MAX)
			str_split(&end, '\n', &line);
	}
	close(fd);
	return end;
}

void file_hold_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			abort();
}

bool file_write_all(int fd, const char *name, struct str bytes, struct fail *fail)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.at, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_system(fail, "cannot write %s", name);
		bytes = str_slice(bytes, (size_t)n, bytes.n);
	}
	return true;
}

bool file_sync_folder(const char *path, struct fail *fail)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (!good)
		fail_system(fail, "cannot sync the folder %s", path);
	if (fd >= 0)
		close(fd);
	return good;
}

static bool sync_parent(const char *path, struct fail *fail)
{
	struct arena arena = { 0 };
	bool good = file_sync_folder(file_folder(&arena, path).at, fail);
	arena_release(&arena);
	return good;
}

/* EXACTLY: the umask has no say in the mode. FRESH: there must be none yet. */
enum how { PLAINLY, EXACTLY, FRESH };

/* File systems that cannot move without replacing can link. */
static bool give_name(const char *beside, const char *path, enum how how)
{
	if (how != FRESH)
		return rename(beside, path) == 0;
	if (renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return true;
	return (errno == EINVAL || errno == ENOSYS) && link(beside, path) == 0 &&
	       unlink(beside) == 0;
}

static bool write_whole(const char *path, struct str bytes, mode_t mode, enum how how,
			struct fail *fail)
{
	struct text beside = { 0 };
	text_addf(&beside, "%s.new-%ld", path, (long)getpid());
	bool good = false;
	int fd = open(beside.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0 && errno == EEXIST &&
	    unlink(beside.at) == 0) /* left by a process of our number that was killed */
		fd = open(beside.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0) {
		fail_system(fail, "cannot make %s", beside.at);
		goto out;
	}
	if (how == EXACTLY && fchmod(fd, mode)) {
		fail_system(fail, "cannot set the mode of %s", beside.at);
		goto out;
	}
	if (!file_write_all(fd, beside.at, bytes, fail))
		goto out;
	if (fsync(fd)) {
		fail_system(fail, "cannot sync %s", beside.at);
		goto out;
	}
	int closed = close(fd);
	fd = -1;
	if (closed || !give_name(beside.at, path, how)) {
		fail_system(fail, "cannot write %s", path);
		goto out;
	}
	good = sync_parent(path, fail);
out:
	if (fd >= 0)
		close(fd);
	if (!good)
		unlink(beside.at);
	text_release(&beside);
	return good;
}

bool file_write(const char *path, struct str bytes, mode_t mode, struct fail *fail)
{
	return write_whole(path, bytes, mode, PLAINLY, fail);
}

bool file_write_new(const char *path, struct str bytes, mode_t mode, struct fail *fail)
{
	return write_whole(path, bytes, mode, FRESH, fail);
}

bool file_replace(struct arena *arena, const char *path, struct str root, struct str before,
		  struct str after, struct fail *fail)
{
	char real[PATH_MAX];
	struct stat about;
	struct str now;
	if (!realpath(path, real) || stat(real, &about) || access(real, W_OK))
		return fail_system(fail, "cannot write %s", path);
	struct str found = str_from(real);
	if (!path_is_below(found, root))
		return fail_set(fail, "%s is not written: it leads to %s, outside of %.*s", path,
				real, STR_ARG(root));
	if (!file_read(arena, real, (size_t)about.st_size + 1, &now, fail))
		return false;
	if (!str_equal(now, before))
		return fail_set(fail, "%s is not written: it was changed meanwhile; do it again",
				path);
	return write_whole(real, after, about.st_mode & 07777, EXACTLY, fail);
}

/* What is there may answer EEXIST, EROFS or EACCES to mkdir: look. When it is none, errno says
 * why. */
static bool is_folder(const char *path)
{
	int why = errno;
	struct stat info;
	bool there = stat(path, &info) == 0;
	if (there && S_ISDIR(info.st_mode))
		return true;
	errno = there ? ENOTDIR : why;
	return false;
}

bool file_make_folders(const char *path, struct fail *fail)
{
	char *copy = strdup(path);
	if (!copy)
		fail_memory();
	bool good = true;
	for (char *at = copy + (copy[0] == '/'); good; at++) {
		char was = *at;
		if (was && was != '/')
			continue;
		*at = 0;
		if (copy[0] && mkdir(copy, 0777) && !is_folder(copy))
			good = fail_system(fail, "cannot make the folder %s", copy);
		*at = was;
		if (!was)
			break;
	}
	free(copy);
	return good;
}

struct str file_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	return slash ? arena_copy(arena, (struct str){ path, n + (n == 0) }) : STR(".");
}

bool file_there(const char *path)
{
	struct stat info;
	return lstat(path, &info) == 0;
}

bool file_has_entries(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool any = false;
	while (folder && !any && (entry = readdir(folder)))
		any = strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	if (folder)
		closedir(folder);
	return any;
}

/* What is deeper than DEEP is moved up to the top before it is removed, so that a tree of any
 * depth needs few open files and little stack. */
enum { DEEP = 32 };

struct removal {
	int top;	/* the folder that is being removed */
	unsigned moved;
	const char *path;	/* for messages */
	struct fail *fail;
};

static int open_folder(int at, const char *name)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(at, name, flags);
	if (fd < 0 && errno == EACCES && fchmodat(at, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
		fd = openat(at, name, flags);
	return fd;
}

static bool empty_folder(struct removal *r, int fd, int depth);

static bool remove_folder(struct removal *r, int at, const char *name, int depth)
{
	int fd = open_folder(at, name);
	if (fd < 0)
		return fail_system(r->fail, "cannot remove %s: cannot open %s in it", r->path,
				   name);
	if (depth >= DEEP) {
		char up[64];
		bool moved;
		(void)fchmod(fd, 0700);	/* a folder is moved only by who may write to it */
		close(fd);
		do
			snprintf(up, sizeof up, ".orch-removed-%u", r->moved++);
		while (!(moved = renameat2(at, name, r->top, up, RENAME_NOREPLACE) == 0) &&
		       errno == EEXIST);
		return moved || fail_system(r->fail, "cannot remove %s: cannot move %s in it",
					    r->path, name);
	}
	return empty_folder(r, fd, depth) &&
	       (unlinkat(at, name, AT_REMOVEDIR) == 0 ||
		fail_system(r->fail, "cannot remove %s: cannot remove the folder %s in it", r->path,
			    name));
}

static bool remove_entry(struct removal *r, int at, const char *name, int depth)
{
	if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
		return true;
	if (errno == EACCES && fchmod(at, 0700) == 0 && unlinkat(at, name, 0) == 0)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return fail_system(r->fail, "cannot remove %s: cannot remove %s in it", r->path,
				   name);
	return remove_folder(r, at, name, depth);
}

/* Takes `fd`. */
static bool empty_folder(struct removal *r, int fd, int depth)
{
	DIR *folder = fdopendir(fd);
	if (!folder) {
		fail_system(r->fail, "cannot remove %s: cannot read a folder in it", r->path);
		close(fd);
		return false;
	}
	bool good = true, again;
	do { /* readdir may pass over what is added meanwhile, and what is deeper than DEEP is added at the top */
		unsigned before = r->moved;
		struct dirent *entry;
		while (good && (entry = readdir(folder)))
			if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
				good = remove_entry(r, dirfd(folder), entry->d_name, depth + 1);
		again = good && depth == 0 && r->moved != before;
		rewinddir(folder);
	} while (again);
	closedir(folder);
	return good;
}

bool file_remove_tree(const char *path, struct fail *fail)
{
	if (unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return fail_system(fail, "cannot remove %s", path);
	struct removal r = { .top = open_folder(AT_FDCWD, path), .path = path, .fail = fail };
	if (r.top < 0)
		return fail_system(fail, "cannot remove %s", path);
	if (!empty_folder(&r, r.top, 0))
		return false;
	return rmdir(path) == 0 || fail_system(fail, "cannot remove %s", path);
}
