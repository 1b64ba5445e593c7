/* touched.h — how many of an agent's files its program has written so far: for displays, while it runs.
 *
 * What counts in the end is the harvest. */
#ifndef RUNTIME_TOUCHED_H
#define RUNTIME_TOUCHED_H

#include "schedule/schedule.h"

#include <time.h>

struct touched {
	const char *work_dir;	/* borrowed */
	struct glob *owned;
	size_t owned_n;
	struct timespec since;
};

/* From now on. In the arena. */
void touched_begin(struct arena *, const struct schedule_agent *, const char *work_dir, struct touched *);
/* Files at owned paths that were changed since; what cannot be looked into has none. */
size_t touched_count(const struct touched *);

#endif
