/* machine.h — the interpreter of a schedule: a ready queue, the plan's strand, and the agents'
 * lives.
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
	uint32_t starts;	/* programs that may be starting at once, where runners tell when they have; 0: no bound */
	bool explain;		/* tell why an agent's earlier results cannot be used again */
	uint64_t budget;	/* US cents, instead of the plan's; 0: the plan's */
};

/* An agent as the journal remembers it. Zeroed: nothing has happened yet. */
struct machine_memory {
	const char *state;	/* a name of state.def; NULL: waiting */
	uint32_t attempt;	/* the last one that was begun */
	uint32_t failures;	/* attempts that count against `retry` */
	uint64_t spent;		/* millionths of a US dollar, of all attempts */
	uint64_t reused;	/* its result is that of this run; 0: its own */
	bool anew;		/* it was let run once more: no earlier result will do */
	enum record_reason reason;
	struct oid start, result;
	struct oid revert;	/* was to take its result out of the base branch again (revert.h); it may not have */
	struct oid merged;	/* the integration just after it was merged */
	uint32_t merge_number;	/* the how-manieth merge of the run that was */
	struct str message;
};
/* The plan's strand as the journal remembers it. */
struct machine_strand {
	uint32_t pc;			/* the next instruction */
	struct oid before, integration;	/* the last `advance`: from where, to where; none: there was none */
	uint32_t merges;		/* so far, those that were undone since included */
	bool unmet;			/* a goal that is required is missed */
};
/* What one more row adds. The row's texts are borrowed by the memory. The row must be of this run
 * (its agent one of those at `by_agent`); false when it makes no sense. */
bool machine_remember(struct machine_memory *by_agent, struct machine_strand *,
		      const struct world_row *);

/* Everything is in the arena; schedule, world and options are borrowed for as long as the
 * machine. */
struct machine *machine_new(struct arena *, const struct schedule *, const struct world *,
			    const struct machine_options *, struct oid base);
/* Before the first machine_go: where the run was. Effects that were journaled and may not have
 * happened are done again; attempts that were running are settled by their record, or begin again.
 * The memory is borrowed until it returns. */
bool machine_restore(struct machine *, const struct machine_memory *by_agent,
		     const struct machine_strand *, struct fail *);
/* Between the two, on what machine_restore has found. By agent.
 *
 * Undo: these and all that comes after them are taken out, and what was merged after the first of
 * them is merged again, with its tests: the integration becomes that of a run without them.
 * Retry: these, and what was given up because of them, run once more, with all their retries; what
 * is merged stays. Each has failed, was skipped or undone, and all it comes after has a result or
 * is among them (undo.h selects). */
void machine_undo(struct machine *, const bool *agents);
void machine_retry(struct machine *, const bool *agents);
/* After a failure of the world, running attempts are told to stop and nothing more is begun: call
 * it no more, but machine_ended(), machine_tested() and machine_measured() until machine_finished(). */
bool machine_go(struct machine *, struct fail *);
/* The record is borrowed until machine_go has returned. There may be several before the next
 * machine_go, which then journals all of them at once. */
void machine_ended(struct machine *, const struct record *);
/* RECORD_NONE: passed. Else the message is the sentence and the output's end. `agent` as given to
 * world.test. */
void machine_tested(struct machine *, uint32_t agent, enum record_reason, struct str message);
/* RECORD_NONE: it printed the number, a decimal one. Else the message says why there is none. */
void machine_measured(struct machine *, enum record_reason, struct str number, struct str message);
/* The agent's program has said something: it has started. */
void machine_began(struct machine *, uint32_t agent);
/* When machine_go is to be called next if nothing happens before, in world time; 0: it need not be. */
int64_t machine_wake(const struct machine *);
/* Launch nothing more; with `now`, end what runs too. What was stopped is run again on resume. */
void machine_stop(struct machine *, bool now);
bool machine_finished(const struct machine *);	/* nothing runs and nothing more can */
/* What the machine failed at (RECORD_WORLD) is put off until the run is resumed, while everything
 * else goes on: is there any? */
bool machine_put_off(const struct machine *);

/* For displays and reports. */
struct machine_view {
	const char *state;
	enum record_reason reason;
	uint32_t attempt;
	int64_t since;		/* when the state began, in world time */
	struct str message;
	struct oid start, result;
	uint64_t spent;		/* millionths of a US dollar, of all its attempts */
};
struct machine_view machine_agent(const struct machine *, uint32_t agent);
struct oid machine_integration(const struct machine *);
bool machine_complete(const struct machine *);	/* the plan's strand is at its end */
bool machine_unmet(const struct machine *);	/* a goal that is required is missed */
bool machine_succeeded(const struct machine *);	/* everything asked for, and not undone, is merged, and no goal that is required missed */

#endif
