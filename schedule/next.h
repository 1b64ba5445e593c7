/* next.h — `after` the other way round: who comes directly after an agent. */
#ifndef SCHEDULE_NEXT_H
#define SCHEDULE_NEXT_H

#include "schedule/schedule.h"

/* By agent, those that come directly after it, ascending; in `arena`. */
struct index_list *next_by_agent(struct arena *, const struct schedule *);

#endif
