/* timetable_inside.h — for the files of timetable only. */
#ifndef SCHEDULE_TIMETABLE_INSIDE_H
#define SCHEDULE_TIMETABLE_INSIDE_H

#include "common/utf8.h"
#include "schedule/simulate.h"
#include "schedule/timetable.h"

/* What stands below the rows: the critical path, how many at once, how long with how many jobs, the
 * order of merging. */
void timetable_sum_write(const struct timetable *, const struct simulate *, uint32_t jobs,
			 struct text *out);

void timetable_part_style(const struct timetable *, struct text *out, const char *code);	/* "1": bold */
/* One critical path, in its order; in the arena. */
struct index_list timetable_part_critical(struct arena *, const struct schedule *,
					  const struct simulate *);
/* The agents in the order of merging; in the arena. */
struct index_list timetable_part_merges(struct arena *, const struct schedule *);
/* How many jobs the plan is looked at with, the given number among them; 0 is as many as one
 * likes. */
enum { TIMETABLE_JOBS = 7 };
size_t timetable_part_jobs(uint32_t own, uint32_t jobs[TIMETABLE_JOBS]);

#endif
