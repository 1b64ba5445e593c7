/* lock.h — one run at a time on a repository. The lock is the kernel's (flock), so it is free the
 * moment its holder is gone; the file's text is only there to say who holds it. */
#ifndef RUNTIME_LOCK_H
#define RUNTIME_LOCK_H

#include "common/arena.h"
#include "common/fail.h"

#include <stdint.h>
#include <sys/types.h>

/* *fd is to be closed to release; close-on-exec. When another holds it: false with a message that
 * says who (process, run, since when) and what to do. `what` describes this holder. */
bool lock_take(const char *path, const char *what, int *fd, struct fail *);
/* The holder adds which run it is about. */
bool lock_note(const char *path, int fd, int64_t run, struct fail *);

/* What the last holder has written, which may be gone. */
struct lock_text {
	pid_t pid;	/* 0: it cannot be read */
	struct str what;	/* in the arena */
	int64_t run;	/* 0: none was noted */
};
bool lock_read(struct arena *, const char *path, struct lock_text *, struct fail *);

#endif
