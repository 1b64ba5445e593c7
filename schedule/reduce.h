/* reduce.h — the `after` that say something: without those that others imply (the transitive
 * reduction). */
#ifndef SCHEDULE_REDUCE_H
#define SCHEDULE_REDUCE_H

#include "schedule/schedule.h"

/* By agent, those of its `after` from which no way leads to another of its `after`, ascending; in
 * `arena`. Takes time in (edges of the result × agents) at worst. */
struct index_list *reduce_after(struct arena *, const struct schedule *);

#endif
