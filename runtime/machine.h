/* machine.h — the interpreter of a schedule: a ready queue, the plan's strand, and the agents' lives.
 *
 * It is driven by events and never blocks: machine_go() does all that can be done now and returns;
 * the world tells it when an attempt or a test has ended. Everything it decides is journaled before
 * it has an effect, so a machine that is fed the journal goes on where the last one was killed. */
#ifndef RUNTIME_MACHINE_H
#define RUNTIME_MACHINE_H

#include "runtime/world.h"

struct machine;

struct machine_options {
	uint32_t jobs;		/* agents at once; 0: the plan's number */
	const bool *only;	/* by agent: those that are to run; NULL: all. The others end as `left out`. */
};

/* An agent as the journal remembers it. */
struct machine_memory {
	const char *state;	/* a name of state.def */
	uint32_t attempt;
	enum record_reason reason;
	struct oid start, result;
	struct str message;
};

/* Everything is in the arena; schedule, world and options are borrowed for as long as the machine. */
struct machine *machine_new(struct arena *, const struct schedule *, const struct world *,
			    const struct machine_options *, struct oid base);
/* Before the first machine_go: where the run was. `integration` is the last that was journaled.
 * Attempts that were running are settled by their record, or begin again. */
bool machine_restore(struct machine *, const struct machine_memory *by_agent, uint32_t plan_pc,
		     struct oid integration, struct fail *);
bool machine_go(struct machine *, struct fail *);
void machine_ended(struct machine *, const struct record *);
/* passed, or not with the sentence and the output's end. `agent` as given to world.test. */
void machine_tested(struct machine *, uint32_t agent, bool passed, bool stopped, struct str message);
/* Launch nothing more; with `now`, end what runs too. What was stopped is run again on resume. */
void machine_stop(struct machine *, bool now);
bool machine_finished(const struct machine *);	/* nothing runs and nothing more can */

/* For displays and reports. */
struct machine_view {
	const char *state;
	enum record_reason reason;
	uint32_t attempt;
	int64_t since;		/* when the state began, in world time */
	struct str message;
	struct oid start, result;
};
struct machine_view machine_agent(const struct machine *, uint32_t agent);
struct oid machine_integration(const struct machine *);
bool machine_succeeded(const struct machine *);	/* everything asked for is merged */

#endif
