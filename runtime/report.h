/* report.h — what a run came to and where everything of it is, read from the journal: at the end of
 * a run, and whenever somebody asks, also while it goes on. */
#ifndef RUNTIME_REPORT_H
#define RUNTIME_REPORT_H

#include "common/text.h"
#include "runtime/figure.h"
#include "runtime/run.h"
#include "runtime/state.h"

struct report {
	struct machine_memory *agent;	/* by agent */
	struct machine_strand strand;
	struct store_attempt *attempt;
	size_t attempt_n;
	struct figures *figures;	/* by metric */
	uint32_t *order;		/* the agents in the order of merging */
	bool running;			/* some process holds the repository's lock */
};
/* Of a run that is loaded. In the run's arena. */
bool report_read(struct run *, struct report *, struct fail *);
/* What its last attempt that is kept changed and may not be used; none: there is nothing of it. */
struct oid report_stray(struct run *, const struct report *, uint32_t agent);
/* Does its program run, or may it be started yet? */
bool report_goes_on(const struct report *, uint32_t agent);
enum state report_state(const struct report *, uint32_t agent);
const char *report_run_state(const struct run *, const struct report *);	/* "running", "failed" … */
size_t report_merged(const struct run *, const struct report *);	/* agents */
uint64_t report_spent(const struct run *, const struct report *);	/* millionths of a US dollar */
void report_write(struct run *, const struct report *, bool colour, struct text *out);
/* The end of that: where everything is, and what can be done now. */
void report_write_next(struct run *, const struct report *, struct text *out);
/* A line of JSON for the run, then one for each agent in the order of merging. */
void report_write_json(struct run *, const struct report *, struct text *out);

#endif
