/* pool.h — places in the plan's pools, held across processes: one file for each place, locked by
 * its holder (flock), so a place is free the moment its holder is gone. */
#ifndef RUNTIME_POOL_H
#define RUNTIME_POOL_H

#include "runtime/watch.h"
#include "schedule/schedule.h"

/* Waits for a place and takes it: *place is to be closed to give it back. `deadline` is on
 * watch_now()'s clock, 0: none. *taken is false when the deadline or the watch came first. */
bool pool_take(const char *run_folder, const struct schedule_pool *, struct watch *, int64_t deadline,
	       int *place, bool *taken, struct fail *);

/* One file, not waiting: *place is -1 when another holds it. */
bool pool_try(const char *path, int *place, struct fail *);
/* One file, waiting until it is free; *place is -1 when the watch came first. */
bool pool_hold(const char *path, struct watch *, int *place, struct fail *);

#endif
