/* world.h — what a run asks of the world, as a struct of functions.
 *
 * orch exec fills it with processes, git and the journal; the tests fill it with a pretend world
 * and a clock of their own. The machine calls nothing else. A function that can fail returns false
 * with the failure written; the machine then stops the run and passes it up. */
#ifndef RUNTIME_WORLD_H
#define RUNTIME_WORLD_H

#include "runtime/record.h"
#include "schedule/schedule.h"

/* One durable step of a run: an instruction that is done, or a change of an agent's state. Rows of
 * one call are one transaction. machine_remember() says what they add up to. */
struct world_row {
	uint32_t agent;		/* SCHEDULE_NONE: the plan's strand */
	uint32_t pc;		/* instruction in that strand, or SCHEDULE_NONE: a change of state only */
	enum op op;		/* that instruction; no meaning with a change of state only */
	uint32_t attempt;	/* 0 when it is no attempt's */
	const char *state;	/* the agent's state from now on (state.def's name), or NULL */
	enum record_reason reason;
	/* Hashes or commits; may be empty. With a state: the start commit and the result, when they
	 * became known. Of `advance`: where the ref was before this call's rows, and where it
	 * goes. Of `measure`: the commit, and the number or nothing; the reason GOAL when it misses what is
	 * required. Of what an attempt has cost: "cost", and millionths of a US dollar. Of a result that is
	 * used again: "reused", and the number of its run. */
	struct str input, output;
	struct str message;
	uint64_t ms;		/* how long the instruction took; 0: not measured */
};

/* What happens, for people and --json. */
struct world_event {
	const char *name;	/* "started", "recorded", "failed", "merged" …: a told name of state.def */
	uint32_t agent;		/* SCHEDULE_NONE: the run's */
	uint32_t attempt;
	struct str message;
	struct oid commit;
};

struct world_attempt {
	uint32_t agent, attempt;	/* attempt from 1 */
	uint32_t slot;			/* ORCH_SLOT */
	struct oid start;
	bool fresh;			/* prepare the tree anew; else go on in the last attempt's tree */
	struct str feedback;		/* what to tell the agent of its last attempt; may be empty */
};

/* A result of an earlier run that an agent's would be the same as. */
struct world_reuse {
	int64_t run;
	struct oid result;	/* on top of what the agent starts from now; none: there is none */
	struct str why;		/* there is none */
};

struct world {
	void *self;
	int64_t (*now)(void *self);	/* milliseconds; never goes back */
	/* When it is that date, seconds since 1970, on that clock. */
	int64_t (*when)(void *self, uint64_t date);
	/* Durable when it returns. */
	bool (*journal)(void *self, const struct world_row *, size_t n, struct fail *);
	void (*tell)(void *self, const struct world_event *);
	/* The commit an agent starts from. `start` and `result` are by agent. */
	bool (*start)(void *self, uint32_t agent, const struct oid *start, const struct oid *result,
		      struct oid *commit, struct str *conflict, struct fail *);
	/* Is there a result that can stand for what the agent would do? NULL: never. */
	bool (*reuse)(void *self, uint32_t agent, struct oid start, struct world_reuse *,
		      struct fail *);
	/* Is there room on the disk for one more agent? If not, *why says so, until the next call of this.
	 * NULL: there always is. */
	bool (*room)(void *self, struct str *why);
	/* Begins an attempt; its end is told by machine_ended(), later and not from within. */
	bool (*launch)(void *self, const struct world_attempt *, struct fail *);
	/* Ends an attempt or a test early, of SCHEDULE_NONE a measurement; machine_ended(), machine_tested() or
	 * machine_measured() still comes. */
	void (*stop)(void *self, uint32_t agent);
	/* A record that a node left behind for this attempt before orch was killed. The machine
	 * borrows it until its first machine_go has returned. */
	bool (*find_record)(void *self, uint32_t agent, uint32_t attempt, struct record *, bool *found,
			    struct fail *);
	/* Keeps an agent's result under its ref and its branch; doing it twice is fine. */
	bool (*keep)(void *self, uint32_t agent, struct oid start, struct oid result,
		     struct fail *);
	/* The integration with one more result: a commit that no ref leads to yet. */
	bool (*combine)(void *self, uint32_t agent, struct oid integration, struct oid start,
			struct oid result, struct oid *combined, struct str *conflict, struct fail *);
	/* Begins a plan's test on the combination; its end is told by machine_tested(),
	 * later and not from within. */
	bool (*test)(void *self, uint32_t agent, uint32_t command, struct oid combined,
		     struct fail *);
	/* Begins to measure a metric at a commit; its end is told by machine_measured(), later and not from
	 * within. */
	bool (*measure)(void *self, uint32_t metric, bool before, struct oid commit,
			struct fail *);
	/* Moves the run's integration ref by compare-and-swap; doing it twice is fine. */
	bool (*advance)(void *self, struct oid before, struct oid after, struct fail *);
	/* `land auto`: moves the base; doing it twice is fine. A refusal is no failure: *refused
	 * gets the sentence. */
	bool (*land)(void *self, struct oid integration, struct str *refused, struct fail *);
};

#endif
