/* simulate.h — the schedule in imagined time: when would each agent start and end?
 *
 * List scheduling, the longest remaining path first, under `jobs` and pools: what the machine
 * does, with estimates for durations. An agent without an estimate counts as `unknown` seconds. */
#ifndef SCHEDULE_SIMULATE_H
#define SCHEDULE_SIMULATE_H

#include "schedule/schedule.h"

struct simulate_agent {
	uint64_t start, end;	/* seconds from the beginning */
	uint64_t remaining;	/* longest path from its start to the end of everything, itself included */
	uint64_t slack;		/* how much later it could end without moving the last end: simulate_slack.h */
	bool critical;		/* on a critical path, whatever jobs and pools there are */
	uint32_t slot;		/* 0 … jobs-1 */
};
struct simulate {
	struct simulate_agent *agent;
	uint64_t wall;		/* the makespan */
	uint64_t critical_path;	/* the makespan with boundless jobs and pools */
	uint64_t work;		/* the sum */
	uint32_t width;		/* most agents at once */
	size_t unknown;		/* agents without an estimate */
};

/* What an agent without an estimate counts as: seconds, and as people are told. */
enum { SIMULATE_UNKNOWN = 30 * 60 };
#define SIMULATE_UNKNOWN_TEXT "30m"

/* Seconds that the agent is taken to last. */
uint32_t simulate_duration(const struct schedule_agent *);
/* By agent, the longest path from its start to the end of everything, itself included. In
 * `arena`. */
uint64_t *simulate_remaining(struct arena *, const struct schedule *);
/* jobs 0: no bound. In `arena`. */
struct simulate simulate_schedule(struct arena *, const struct schedule *, uint32_t jobs);

/* What no schedule can beat: the critical path, the work over the jobs, or the work of a pool's
 * holders over its places. */
struct simulate_bound {
	uint64_t seconds;
	enum simulate_limit { SIMULATE_PATH, SIMULATE_JOBS, SIMULATE_POOL } by;	/* the first that is as long */
	uint32_t pool;	/* of SIMULATE_POOL */
};
struct simulate_bound simulate_bound(const struct schedule *, const struct simulate *,
				     uint32_t jobs);
/* What kept an agent from starting when all that it comes after had ended: a pool that was full,
 * SIMULATE_JOBS, or SIMULATE_PATH when nothing did. */
struct simulate_wait {
	enum simulate_limit by;
	uint32_t pool;
};
struct simulate_wait simulate_wait(const struct schedule *, const struct simulate *,
				   uint32_t agent);

#endif
