/* loop.h — the main process's wait for the world: nodes that run, signals, and a clock for the
 * display.
 *
 * The only user of libuv. Nothing here blocks but loop_wait. */
#ifndef RUNTIME_LOOP_H
#define RUNTIME_LOOP_H

#include "common/fail.h"
#include "common/str.h"

#include <stdint.h>
#include <sys/types.h>

struct loop;
struct loop_process;

/* Owned by who opened it. */
bool loop_open(struct loop **, struct fail *);
/* Stops watching; processes that still run see the end of file on their standard input. NULL is
 * fine. */
void loop_close(struct loop *);

struct loop_orders {
	const char *const *words;	/* the argument list, NULL at the end; words[0] is a path */
	const char *errors;		/* the file that its standard error is added to */
	void (*line)(void *self, struct str line);	/* one that it printed, without its end */
	/* It has ended and all that it printed was heard. status -1: by the signal. */
	void (*ended)(void *self, int status, int signal);
	void *self;
};
/* In a session of its own, its standard input a pipe that ends when this process does. The result
 * is valid until `ended` is called. */
bool loop_start(struct loop *, const struct loop_orders *, struct loop_process **, struct fail *);
void loop_terminate(struct loop_process *);	/* SIGTERM, also to one that is stopped */
void loop_kill(struct loop_process *);	/* SIGKILL, also to what it has left in its process group */
/* The processes that run, at most `most`; returns how many. */
size_t loop_processes(const struct loop *, pid_t *, size_t most);

/* Calls back for each of these signals that comes, from loop_wait. To be called once. */
bool loop_signals(struct loop *, const int *signals, size_t n, void (*heard)(void *self, int signal), void *self,
		  struct fail *);
/* Calls back every so often; a second call replaces the first, 0 ms ends it. */
void loop_every(struct loop *, uint64_t milliseconds, void (*tick)(void *self), void *self);

/* loop_wait returns at that time at the latest, on loop_now()'s clock; a second call replaces the first,
 * 0 ends it. */
void loop_wake(struct loop *, int64_t at);

void loop_wait(struct loop *);	/* until something happened, and its callbacks have been called */
int64_t loop_now(void);		/* milliseconds on the monotonic clock */

#endif
