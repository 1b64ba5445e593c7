/* lock.h — one run at a time on a repository. The lock is the kernel's (flock), so it is free the
 * moment its holder is gone; the file's text is only there to say who holds it. */
#ifndef RUNTIME_LOCK_H
#define RUNTIME_LOCK_H

#include "common/fail.h"

/* *fd is to be closed to release; close-on-exec. When another holds it: false with a message that
 * says who (process, run, since when) and what to do. `what` describes this holder. */
bool lock_take(const char *path, const char *what, int *fd, struct fail *);

#endif
