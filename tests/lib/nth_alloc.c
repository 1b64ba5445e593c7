/* nth_alloc.c — a library to be preloaded: the Nth allocation of one of orch's processes fails.
 *
 * ALLOC_WHO is the process, named as nth.c does (`orch`, `orchc`, `node-attempt-AGENT-ATTEMPT` …),
 * ALLOC_AT the number, counted from 1; with ALLOC_ON all from there on fail. To the file ALLOC_LOG
 * each process adds a line as it ends by exit(): its name, how many allocations it made, and how
 * many of them it has not given back; and `hit` as soon as the Nth has failed. glibc only. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static char name[96];
static long count, live, at;
static int on, chosen, log_file = -1;

static void name_process(void)
{
	char text[4096], *word[6] = { 0 };
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC), words = 0;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	text[n] = 0;
	for (char *s = text; s < text + n && words < 6; s += strlen(s) + 1)
		word[words++] = s;
	const char *slash = strrchr(word[0], '/'), *base = slash ? slash + 1 : word[0];
	if (strcmp(base, "orch-node") == 0 && words >= 5)
		snprintf(name, sizeof name, "node-%.20s-%.20s-%.20s", word[1], word[3], word[4]);
	else
		snprintf(name, sizeof name, "%.90s", base);
}

/* Before anything is in a jail. */
__attribute__((constructor)) static void begin(void)
{
	const char *who = getenv("ALLOC_WHO"), *number = getenv("ALLOC_AT");
	const char *path = getenv("ALLOC_LOG");
	name_process();
	if (path && (strncmp(name, "orch", 4) == 0 || strncmp(name, "node", 4) == 0))
		log_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (log_file >= 0) { /* out of the way of files that are counted on to be low */
		int high = fcntl(log_file, F_DUPFD_CLOEXEC, 200);
		close(log_file);
		log_file = high;
	}
	at = number ? atol(number) : 0;
	on = getenv("ALLOC_ON") != NULL;
	count = live = 0;
	chosen = who && strcmp(who, name) == 0;
}

__attribute__((destructor)) static void end(void)
{
	char line[160];
	chosen = 0;
	int n = snprintf(line, sizeof line, "%s %ld %ld\n", name, count, live);
	if (log_file >= 0 && write(log_file, line, (size_t)n) < 0)
		_exit(70);
}

static int fails(void)
{
	count++;
	if (!chosen || !at || !(count == at || (on && count > at)))
		return 0;
	if (count == at && log_file >= 0 && write(log_file, "hit\n", 4) < 0)
		_exit(70);
	errno = ENOMEM;
	return 1;
}

static void *taken(void *got)
{
	live += got != NULL;
	return got;
}

void *malloc(size_t n)
{
	return fails() ? NULL : taken(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : taken(__libc_calloc(n, size));
}

void *realloc(void *old, size_t n)
{
	if (fails())
		return NULL;
	void *got = __libc_realloc(old, n);
	live += (got != NULL) - (old && (got || !n));
	return got;
}

void *memalign(size_t align, size_t n)
{
	return fails() ? NULL : taken(__libc_memalign(align, n));
}

void *aligned_alloc(size_t align, size_t n)
{
	return memalign(align, n);
}

int posix_memalign(void **at_, size_t align, size_t n)
{
	void *got = memalign(align, n);
	if (!got)
		return ENOMEM;
	*at_ = got;
	return 0;
}

void free(void *old)
{
	live -= old != NULL;
	__libc_free(old);
}
