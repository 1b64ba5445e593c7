/* simulate_slack.h — for simulate.c: how much later each agent of a simulated schedule could end
 * without the last of all ending later.
 *
 * A list schedule that is delayed somewhere may start others in another order, and end earlier or
 * later for it; so slack is of the schedule as it is: everybody keeps its place. A job, and each
 * place in a pool, is handed from who ended first (of several, the lowest number) to who starts
 * next. Along these hands and along `after`, slack is the total float of the critical-path method,
 * as in resource-constrained scheduling. */
#ifndef SCHEDULE_SIMULATE_SLACK_H
#define SCHEDULE_SIMULATE_SLACK_H

#include "schedule/simulate.h"

/* Sets the slack of each agent; starts, ends and wall are known. */
void simulate_slack(const struct schedule *, struct simulate *, uint32_t jobs);

#endif
