/* timetable.h — a schedule in imagined time as people read it: who starts when and why not sooner,
 * what the critical path is, and how long the whole takes with how many jobs. Also as JSON. */
#ifndef SCHEDULE_TIMETABLE_H
#define SCHEDULE_TIMETABLE_H

#include "common/text.h"
#include "schedule/schedule.h"

struct timetable {
	const struct schedule *schedule;
	uint32_t jobs;		/* 0: the plan's */
	uint32_t wall, work;	/* seconds that the author expects; 0: nothing was said */
	size_t columns;		/* of the terminal; at least 80 are used */
	bool colour;
	bool all;		/* every agent; else at most some forty lines */
	const char *more;	/* how to see all: "--all" */
};

void timetable_write(const struct timetable *, struct text *out);
/* One object, in one line with its LF; every agent and every figure. */
void timetable_json(const struct timetable *, struct text *out);

#endif
