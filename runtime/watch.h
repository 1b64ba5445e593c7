/* watch.h — what may end an attempt before its time: an order (SIGTERM to the node), or the death
 * of orch, which is seen as the end of file on the node's standard input. Both are files to be
 * polled, so no handler and no shared variable is needed. */
#ifndef RUNTIME_WATCH_H
#define RUNTIME_WATCH_H

#include "common/fail.h"

#include <signal.h>
#include <stdint.h>

struct watch {
	int signals;	/* a signalfd; also told of children that end */
	int parent;	/* read end of a pipe whose only writer is orch; -1: none is watched */
	sigset_t before;	/* the mask that programs are started with */
	bool stopped;	/* an order came */
	bool orphaned;	/* orch is gone */
};

/* Blocks SIGTERM and SIGCHLD for this process. `parent` is borrowed. */
bool watch_begin(struct watch *, int parent, struct fail *);
void watch_end(struct watch *);
/* Waits until something happened, `also` (unless -1) is readable, or the time is over. True when
 * `also` is readable. Children are not waited for here. */
bool watch_wait(struct watch *, int also, int64_t milliseconds);
/* Has anything come that ends the attempt? Does not wait. */
bool watch_over(struct watch *);
int64_t watch_now(void);	/* milliseconds on the monotonic clock */

#endif
