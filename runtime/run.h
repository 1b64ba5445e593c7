/* run.h — a run as it lies in the repository: its number, schedule, row in the journal, folder and
 * refs.
 *
 * A run is begun once and can be taken up as often as it takes. Refs are made after the journal
 * knows the run, and made again when it is taken up, so being killed in between does no harm. */
#ifndef RUNTIME_RUN_H
#define RUNTIME_RUN_H

#include "runtime/hold.h"
#include "runtime/place.h"
#include "runtime/store.h"

#include <signal.h>

/* What `orch stop` sends whoever holds the lock: as the first ^C, and never as the second. SIGTERM is
 * as that. */
#define RUN_GENTLY SIGUSR1

struct run {
	struct arena arena;	/* owned; holds what the others point to */
	struct repo *repo;	/* owned */
	struct store *store;	/* owned; NULL when there is no journal yet (run_look) */
	int lock;		/* owned; -1: not held */
	const char *root;	/* of the main checkout */
	struct schedule *schedule;
	struct store_run row;
	const char *folder;	/* .orch/runs/N, absolute */
	bool *only;		/* by agent; NULL: all */
	struct hold *hold;	/* how agents are contained; NULL: not found out yet */
};

/* Finds the repository around `path`. To be closed whatever it returned. */
bool run_find_repository(struct run *, const char *path, struct fail *);
/* Opens the journal to read; *any is false when nothing was ever run here. */
bool run_look(struct run *, bool *any, struct fail *);
/* Takes the repository's lock and opens the journal to write. `what` says who holds it. From before
 * anybody can read that, RUN_GENTLY is not heard but while this process says so. */
bool run_take(struct run *, const char *what, struct fail *);
void run_hear(bool);
/* Loads the run of that number, or the last one for 0: row and schedule. A run that is not there is
 * a failure. */
bool run_load(struct run *, int64_t id, struct fail *);
/* Its folder is gone, with its schedule: where its results are, and what to do. Empty when it is there.
 * In `arena`. */
struct str run_gone(struct arena *, const char *root, int64_t id);
void run_close(struct run *);

struct run_orders {
	struct str image;	/* the schedule as bytes; borrowed for as long as the run */
	struct str source;	/* the plan's file as given */
	struct str only;	/* names of agents, separated by spaces; empty: all */
	uint32_t jobs;		/* 0: the plan's */
	bool anew;		/* even if there is an unfinished run */
	bool fresh;		/* no result of an earlier run is used again */
};
/* Begins a run, or takes up the unfinished one of the same image, base and --only (*resumed). The
 * lock must be held. */
bool run_begin(struct run *, const struct run_orders *, bool *resumed, struct fail *);
bool run_fresh(struct run *);	/* it has begun so */
/* The refs that every run has: base and integration. Doing it twice is fine. */
bool run_pin(struct run *, struct fail *);
/* Finds out how agents are contained, unless run_begin has. */
bool run_hold(struct run *, struct fail *);
/* May as many files be open as the run needs? The limit is raised if it may be. */
bool run_open_files(struct run *, struct fail *);
/* Makes a ref of the run, or sees that it is there already and the same. */
bool run_pin_ref(struct run *, const char *name, struct oid, struct fail *);
/* By agent, what is asked for: those named (separated by spaces or commas) and all that they come
 * after. NULL when no names are given. *unknown is a name that no agent has, or empty. In
 * `arena`. */
bool *run_only(struct arena *, const struct schedule *, struct str names, struct str *unknown);

#endif
