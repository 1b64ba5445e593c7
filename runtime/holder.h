/* holder.h — who holds the repository's lock: asked of the kernel, and certain enough to send that
 * process a signal.
 *
 * A number of a process is used again once it has ended. So the process is taken hold of first (a
 * pidfd), then asked for again: the kernel's list of locks, the lock's text and the files that the
 * process has open must all still say the same. Nothing but that pidfd is signalled. */
#ifndef RUNTIME_HOLDER_H
#define RUNTIME_HOLDER_H

#include "common/arena.h"
#include "common/fail.h"

#include <stdint.h>
#include <sys/types.h>

struct holder {
	pid_t pid;		/* 0: nobody holds it */
	int pidfd;		/* -1: none; to be closed */
	struct str what;	/* as given to lock_take; in the arena */
	int64_t run;		/* lock_note; 0: not known yet */
};

/* Does anybody hold it? Nobody is kept from taking it meanwhile. */
bool holder_there(const char *lock);
bool holder_find(struct arena *, const char *lock, struct holder *, struct fail *);
/* To the very process that was found; *gone when it has ended. */
bool holder_signal(const struct holder *, int signal, bool *gone, struct fail *);
/* Until it has ended. */
void holder_wait(const struct holder *);

#endif
