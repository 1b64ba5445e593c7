/* fail.h — the two kinds of wrong that are not the author's.
 *
 * struct fail: the world refused (a file, git, a process). It is written once, where it
 * happened, naming the thing, the reason and the remedy; nobody above rewrites it.
 * BUG_IF: we are wrong; stop at once with file and line.
 * Mistakes in a plan are neither: they are collected, see diag.h. */
#ifndef COMMON_FAIL_H
#define COMMON_FAIL_H

#include <stdbool.h>
#include <stddef.h>

struct fail {
	char text[1024];	/* one message, without "error:" and without a last newline */
	int error;		/* errno, when it was the system that refused; 0: anything else */
};

/* Writes the message and returns false, so that a caller can `return fail_set(…)`. */
bool fail_set(struct fail *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, ending in ": " and the text of errno as it was at the call. */
bool fail_system(struct fail *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Out of memory: says so on stderr and ends the program with status 3. The only exit outside
 * of cmd/: every byte that matters is in the journal before it is acknowledged, so stopping
 * here is the same as being killed, which a run survives. */
_Noreturn void fail_memory(void);

/* Is it this machine that cannot (its disk is full or failing, it is out of files, processes or
 * memory), so that the same may well work at another time? `error`: of a struct fail, or errno. */
bool fail_of_machine(int error);

_Noreturn void fail_bug(const char *file, int line, const char *condition, const char *why);
#define BUG_IF(condition, why)                                            \
	do {                                                              \
		if (condition)                                            \
			fail_bug(__FILE__, __LINE__, #condition, why);    \
	} while (0)

#endif
