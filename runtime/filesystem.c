/* filesystem.c — see filesystem.h. */
#include "runtime/filesystem.h"

#include "common/file.h"
#include "common/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

static const struct {
	uint32_t number;
	const char *name;
	enum filesystem_kind kind;
} known[] = {
#define FILESYSTEM(number, name, KIND) { number, name, FILESYSTEM_##KIND },
#include "runtime/filesystem.def"
#undef FILESYSTEM
};
static const char *const wrong[] = {
#define TRIAL(NAME, wrong) wrong,
	FILESYSTEM_TRIALS(TRIAL)
#undef TRIAL
};
static const char *const kinds[] = {
	[FILESYSTEM_LOCAL] = "",
	[FILESYSTEM_NETWORK] =
		"it is on the network, where other machines write too and nobody here "
		"can say what is on disk",
	[FILESYSTEM_USER] = "it is a program's (FUSE), which may answer as it likes",
	[FILESYSTEM_FLAT] = "it was made for other systems",
};

const char *filesystem_known(uint32_t number, enum filesystem_kind *kind)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].number == number) {
			*kind = known[i].kind;
			return known[i].name;
		}
	return NULL;
}

bool filesystem_look(struct arena *arena, const char *folder, struct filesystem *fs,
		     struct fail *fail)
{
	struct statfs about;
	struct statvfs room;
	*fs = (struct filesystem){ .kind = FILESYSTEM_LOCAL };
	if (statfs(folder, &about) || statvfs(folder, &room))
		return fail_system(fail, "cannot tell the file system of %s", folder);
	fs->name = filesystem_known((uint32_t)about.f_type, &fs->kind);
	if (!fs->name)
		fs->name = arena_format(arena, "0x%x", (unsigned)about.f_type).at;
	fs->free = (uint64_t)room.f_bavail * room.f_frsize;
	return true;
}

static bool make(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool is_there(int folder, const char *name)
{
	return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A second one, of the same or of another kind, must be told that the first has it: orch's own lock is
 * of the one kind, the journal's of the other. */
static bool try_locks(int folder)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int one = openat(folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	int two = openat(folder, "lock", O_RDWR | O_CLOEXEC);
	bool good = one >= 0 && two >= 0 && flock(one, LOCK_EX | LOCK_NB) == 0 &&
		    flock(two, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK &&
		    flock(one, LOCK_UN) == 0 && fcntl(one, F_OFD_SETLK, &whole) == 0;
	good = good && fcntl(two, F_OFD_SETLK, &whole) && (errno == EAGAIN || errno == EACCES);
	if (one >= 0)
		close(one);
	if (two >= 0)
		close(two);
	return good;
}

static bool try_rename(int folder)
{
	struct stat before, after;
	return make(folder, "old") && make(folder, "new") &&
	       fstatat(folder, "new", &before, 0) == 0 &&
	       renameat(folder, "new", folder, "old") == 0 && !is_there(folder, "new") &&
	       fstatat(folder, "old", &after, 0) == 0 && before.st_ino == after.st_ino;
}

static bool try_sync(int folder)
{
	int fd = openat(folder, "synced", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	bool good = fd >= 0 && write(fd, "x", 1) == 1 && fsync(fd) == 0 && fdatasync(fd) == 0 &&
		    fsync(folder) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

static bool try_modes(int folder)
{
	struct stat plain, program;
	return make(folder, "plain") && make(folder, "program") &&
	       fchmodat(folder, "plain", 0644, 0) == 0 &&
	       fchmodat(folder, "program", 0755, 0) == 0 &&
	       fstatat(folder, "plain", &plain, 0) == 0 &&
	       fstatat(folder, "program", &program, 0) == 0 && !(plain.st_mode & S_IXUSR) &&
	       program.st_mode & S_IXUSR;
}

static bool try_links(int folder)
{
	struct stat info;
	return symlinkat("plain", folder, "link") == 0 &&
	       fstatat(folder, "link", &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
}

static bool try_case(int folder)
{
	return make(folder, "case") && !is_there(folder, "CASE");
}

/* é as one character, and as e with an accent behind it. */
static bool try_normalisation(int folder)
{
	return make(folder, "\xc3\xa9") && !is_there(folder, "e\xcc\x81");
}

static bool (*const trials[])(int folder) = {
	[FILESYSTEM_ORDER_LOCK] = try_locks,
	[FILESYSTEM_ORDER_RENAME] = try_rename,
	[FILESYSTEM_ORDER_SYNC] = try_sync,
	[FILESYSTEM_ORDER_MODE] = try_modes,
	[FILESYSTEM_ORDER_LINK] = try_links,
	[FILESYSTEM_ORDER_CASE] = try_case,
	[FILESYSTEM_ORDER_NORMALISATION] = try_normalisation,
};

/* Says nothing about the file system. */
static bool is_full(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

static bool fail_full(const char *folder, struct fail *fail)
{
	return fail_set(
		fail,
		"nothing can be written in %s: " FILESYSTEM_FULL
		"; make room there (`orch gc` removes trees of finished runs), then try again",
		folder);
}

bool filesystem_try(struct arena *arena, const char *folder, struct filesystem *fs,
		    struct fail *fail)
{
	const char *path = arena_format(arena, "%s/probe.%ld", folder, (long)getpid()).at;
	if (!filesystem_look(arena, folder, fs, fail) || !file_remove_tree(path, fail))
		return false;
	if (mkdir(path, 0700))
		return is_full(errno) ? fail_full(folder, fail)
				      : fail_system(fail, "cannot make the folder %s", path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 || fail_system(fail, "cannot open the folder %s", path);
	for (unsigned i = 0; good && i < FILESYSTEM_TRIAL_COUNT; i++) {
		errno = 0;
		if (trials[i](fd))
			continue;
		fs->failed |= 1u << i;
		if (is_full(errno))
			good = fail_full(folder, fail);
	}
	if (fd >= 0)
		close(fd);
	return file_remove_tree(path, good ? fail : &(struct fail){ "" }) && good;
}

struct str filesystem_fault(struct arena *arena, const struct filesystem *fs)
{
	struct text text = { 0 };
	text_addf(&text, "%s", kinds[fs->kind]);
	for (unsigned i = 0; i < FILESYSTEM_TRIAL_COUNT; i++)
		if (fs->failed & 1u << i)
			text_addf(&text, "%s%s", text.n ? "; " : "", wrong[i]);
	struct str result = arena_copy(arena, text_str(&text));
	text_release(&text);
	return result;
}
