/* review.h — all that is known of a run, gathered to be told: what was planned against what was, what
 * each agent changed, how its tests went, and what it cost. Also while the run goes on. */
#ifndef RUNTIME_REVIEW_H
#define RUNTIME_REVIEW_H

#include "runtime/printed.h"
#include "runtime/record.h"
#include "schedule/simulate.h"

struct review_agent {
	struct record *attempt;		/* by number, from 1 at [0]; one without a readable record has the number 0 */
	uint32_t attempt_n;
	int64_t started, ended;		/* its first beginning and its last end, seconds since 1970; 0: not yet */
	bool changed;			/* it has a result, or something that it may not use is kept */
	struct repo_change change;	/* of that, against what it started from */
	struct str stat;		/* the same by file */
	struct printed_test *test;
	size_t test_n;
	uint64_t input, output;		/* tokens of all attempts */
};
struct review {
	struct run *run;		/* borrowed */
	const struct report *report;	/* borrowed */
	struct simulate planned;	/* as estimated, with the run's jobs */
	bool estimated;			/* any agent is */
	uint32_t jobs;
	int64_t now;			/* when it was gathered, seconds since 1970 */
	int64_t end;			/* when the run ended, or `now` */
	struct review_agent *agent;	/* by agent */
};

/* In the run's arena. */
bool review_gather(struct run *, const struct report *, int64_t now, struct review *, struct fail *);
/* Seconds by which it ended later than planned (less than 0: earlier). False when nothing was planned or it
 * has not ended. */
bool review_late(const struct review *, uint32_t agent, int64_t *seconds);
/* "2026-11-26 20:15 UTC". In the run's arena. */
struct str review_date(const struct review *, int64_t time);
/* "passed", "failed" or "not run". */
const char *review_test_outcome(const struct printed_test *);
void review_write(const struct review *, struct text *out);
void review_write_json(const struct review *, struct text *out);	/* one object */

#endif
