/* lock.c — see lock.h. Whoever is refused reads the file's text to say who holds it; no decision
 * rests on that text, which may be of a holder that is gone. */
#include "runtime/lock.h"

#include "common/file.h"
#include "common/text.h"
#include "common/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_TEXT = 65536, LOOKS = 50, PAUSE_NS = 10000000 };

/* The first line, without anything that a terminal would obey. */
static void read_holder(int fd, struct text *holder)
{
	char bytes[512];
	ssize_t n = pread(fd, bytes, sizeof bytes, 0);
	struct str rest = { bytes, n > 0 ? (size_t)n : 0 }, line;
	if (!str_split(&rest, '\n', &line))
		return;
	while (line.n) {
		size_t size;
		uint32_t character = utf8_decode(line, &size);
		bool plain = character != UTF8_INVALID && character >= ' ' &&
			     utf8_class(character) == UTF8_PLAIN;
		text_add(holder, plain ? str_slice(line, 0, size) : STR("?"));
		line = str_slice(line, size, line.n);
	}
}

static bool refuse(const char *path, int fd, struct fail *fail)
{
	struct text holder = { 0 };
	/* One that has just taken it is about to write who it is. */
	for (int i = 0; i < LOOKS && !holder.n; i++) {
		if (i)
			nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
		read_holder(fd, &holder);
	}
	fail_set(fail,
		 "%s is locked by another process (%s): wait until it is done, or stop it; "
		 "the lock is free the moment it ends",
		 path, holder.n ? holder.at : "it has just begun");
	text_release(&holder);
	return false;
}

static bool write_holder(const char *path, int fd, const char *what, struct fail *fail)
{
	char since[32];
	time_t now = time(NULL);
	struct tm utc;
	struct text text = { 0 };
	strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&now, &utc));
	text_addf(&text, "pid %ld, %s, since %s\n", (long)getpid(), what, since);
	bool good = ftruncate(fd, 0) == 0 || fail_system(fail, "cannot write %s", path);
	good = good && file_write_all(fd, path, text_str(&text), fail);
	text_release(&text);
	return good;
}

bool lock_note(const char *path, int fd, int64_t run, struct fail *fail)
{
	struct text text = { 0 };
	text_addf(&text, "run %lld\n", (long long)run);
	bool good = file_write_all(fd, path, text_str(&text), fail);
	text_release(&text);
	return good;
}

bool lock_read(struct arena *arena, const char *path, struct lock_text *text, struct fail *fail)
{
	struct str bytes, line;
	uint64_t number;
	*text = (struct lock_text){ 0 };
	if (!file_read(arena, path, LARGEST_TEXT, &bytes, fail))
		return false;
	if (!str_split(&bytes, '\n', &line) || !str_starts(line, STR("pid ")))
		return true;
	size_t comma = str_find(line, ','), since = str_find_text(line, STR(", since "));
	if (comma == SIZE_MAX || since == SIZE_MAX || since < comma + 2 ||
	    !str_to_number(str_slice(line, 4, comma), &number))
		return true;
	text->pid = (pid_t)number;
	text->what = str_slice(line, comma + 2, since);
	if (str_split(&bytes, '\n', &line) && str_starts(line, STR("run ")) &&
	    str_to_number(str_slice(line, 4, line.n), &number))
		text->run = (int64_t)number;
	return true;
}

/* Is the name still that of the open file? If not, somebody removed it, and a lock on it excludes
 * nobody. */
static bool is_current(const char *path, int fd)
{
	struct stat named, open_file;
	return stat(path, &named) == 0 && fstat(fd, &open_file) == 0 &&
	       named.st_dev == open_file.st_dev && named.st_ino == open_file.st_ino;
}

bool lock_take(const char *path, const char *what, int *fd, struct fail *fail)
{
	for (;;) {
		int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
		if (file < 0)
			return fail_system(fail, "cannot open the lock %s", path);
		bool good = flock(file, LOCK_EX | LOCK_NB) == 0;
		if (!good && errno == EINTR) {
			close(file);
			continue;
		}
		if (good && !is_current(path, file)) {
			close(file);
			continue;
		}
		if (!good && errno == EWOULDBLOCK)
			refuse(path, file, fail);
		else if (!good)
			fail_system(fail, "cannot lock %s (is it on a network file system?)", path);
		else
			good = write_holder(path, file, what, fail);
		if (good)
			*fd = file;
		else
			close(file);
		return good;
	}
}
