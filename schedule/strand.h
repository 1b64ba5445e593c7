/* strand.h — are the strands of a schedule those that schedule_strands() writes? */
#ifndef SCHEDULE_STRAND_H
#define SCHEDULE_STRAND_H

#include "common/fail.h"
#include "schedule/schedule.h"

/* Fields other than code and strings have been verified. Scratch in the arena. */
bool strand_verify(struct arena *, const struct schedule *, struct fail *);

#endif
