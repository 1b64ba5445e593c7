/* machine_inside.h — what the files machine*.c share, and nobody else includes. */
#ifndef RUNTIME_MACHINE_INSIDE_H
#define RUNTIME_MACHINE_INSIDE_H

#include "runtime/machine.h"
#include "runtime/outbox.h"
#include "schedule/ready.h"

struct machine_one {
	struct state_life life;
	uint32_t attempt, failures;
	struct oid merged;		/* as in machine_memory, of what was merged before the restore */
	uint32_t merge_number;
	uint32_t open;			/* how many that it comes after have no result */
	bool submitted;
	bool anew;			/* as in machine_memory */
	bool live;			/* an attempt runs */
	bool in_place;			/* the next attempt goes on in the tree of one that failed */
	bool starting;			/* its program runs and has not said anything yet */
	uint64_t spent;			/* millionths of a US dollar, of all its attempts */
	bool lost, test_lost;		/* the node of an attempt, of a test, was lost, and it began anew */
	enum record_reason reason;
	int64_t since;
	struct str message, feedback;
};
/* What agents share that ask the same service (machine_gates.c). */
struct machine_account {
	int64_t until;		/* nobody is started before, in world time */
	uint32_t refusals;	/* one after the other */
	uint32_t most;		/* at once; 0: no bound */
	uint32_t running;
};
struct machine {
	struct arena *arena;
	const struct schedule *schedule;
	const struct world *world;
	const struct machine_options *options;
	struct outbox outbox;
	struct machine_one *agent;
	struct oid *start, *result;	/* by agent */
	struct index_list *next;	/* by agent */
	struct ready *ready;
	struct machine_account *account;	/* by runner; the runners of one account share the first one's */
	uint32_t *account_of;		/* by runner */
	bool *speaks;			/* by runner: its program tells what it does from its beginning */
	bool waits_for_start;		/* agents wait for others to have started */
	VEC(uint32_t) aside;		/* agents that are ready and held back by a gate */
	VEC(uint32_t) given_up;		/* agents whose dependents are still to be told */
	uint32_t pc;
	uint32_t ended;			/* attempts that were launched and are over */
	struct oid base, integration, combined;
	uint32_t tested;		/* agent */
	bool testing;			/* a test was asked for */
	bool test_live;			/* and runs */
	bool test_put_off;		/* it waits for a resume, and the strand with it */
	bool measuring;			/* a measurement was asked for */
	bool measure_live;		/* and runs */
	bool measure_lost;		/* its node was lost, and it began anew */
	bool measure_put_off;		/* it waits for a resume, and the strand with it */
	bool unmet;			/* a goal that is required is missed */
	bool no_room;			/* an agent waits for room on the disk */
	bool put_off;			/* something waits for a resume, since this machine failed */
	bool begun;
	bool stopping;			/* launch nothing more */
	bool stopped;			/* and what runs was told to end */
	bool broken;			/* the world failed */
};

/* The agent's life goes on: in memory, with a row, and told. The message must be in the arena. */
void machine_life_change(struct machine *, uint32_t agent, enum state_event, enum state_told,
			 enum record_reason, struct str message);
/* Ready, if nothing holds it back any more. */
void machine_life_release(struct machine *, uint32_t agent);
/* The agent has failed, and all that comes after it, however far, is given up. */
void machine_life_fail(struct machine *, uint32_t agent, enum record_reason, struct str message);
/* Where an instruction leaves the strand. */
enum stride { STRIDE_ON, STRIDE_WAIT, STRIDE_FAIL };
enum stride machine_measure(struct machine *, uint32_t metric);
/* The row of the instruction that the strand is at. */
void machine_life_plan(struct machine *, struct world_row);
/* What holds launches back (machine_gates.c). */
void machine_gates_open(struct machine *);
bool machine_gates_full(const struct machine *);	/* as many are starting as may be */
bool machine_gates_closed(struct machine *, uint32_t agent);	/* its service is busy */
bool machine_gates_spent(struct machine *, uint32_t agent, struct str *why);
uint64_t machine_gates_sum(const struct machine *);	/* millionths of a US dollar, spent so far */
void machine_gates_launched(struct machine *, uint32_t agent);
void machine_gates_ended(struct machine *, uint32_t agent);
void machine_gates_busy(struct machine *, uint32_t agent, uint64_t reset_at);	/* seconds since 1970; 0: it did not say */
void machine_gates_well(struct machine *, uint32_t agent);	/* an attempt ended, and its service was not busy */
int64_t machine_gates_next(const struct machine *);	/* when the next of them opens by itself, in world time; 0: none does */
int64_t machine_gates_until(struct machine *, uint32_t agent);	/* in world time; 0: it does not wait */
/* What comes of an attempt that is over (machine_settle.c). */
void machine_settle(struct machine *, const struct record *);
/* A result of an earlier run becomes the agent's; it is ready. */
void machine_settle_reuse(struct machine *, uint32_t agent, const struct world_reuse *);
/* What the next attempt is told of this one; in the arena. */
struct str machine_settle_feedback(struct machine *, const struct record *);
/* The strand is at its first `await` now, and the integration at the commit: a row, and the ref
 * follows. Only before it has begun. */
void machine_go_back(struct machine *, struct oid integration);

#endif
