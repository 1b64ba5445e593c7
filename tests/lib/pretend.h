/* pretend.h — a world for a run that is only in memory: a clock of its own, agents whose fate is
 * decided before, and a disk that outlives the process, so that a run can be killed anywhere.
 *
 * Whatever the machine asks for is held against what it may ask for at that moment; the first
 * thing that is wrong is in `wrong`. Journal rows are kept in memory, and in a real journal when
 * there is one. */
#ifndef TESTS_LIB_PRETEND_H
#define TESTS_LIB_PRETEND_H

#include "common/vec.h"
#include "runtime/machine.h"
#include "runtime/store.h"

/* What will become of an agent, whenever and however often it runs. */
struct pretend_fate {
	uint32_t failures;	/* attempts that fail before one succeeds */
	enum record_reason reason;	/* of these */
	bool start_conflict, merge_conflict, test_fails;
	/* These come first: attempts that this machine fails at, one whose node is killed. And of
	 * tests. */
	uint32_t world, lost, test_world, test_lost;
	uint32_t busy;	/* attempts whose service asks to come back later; before all others */
	bool reused;	/* an earlier run has its result */
	uint64_t cost;	/* of each attempt, millionths of a dollar */
	int64_t ms;		/* of each attempt */
};
enum pretend_trouble {
	PRETEND_FAIL_BEFORE,	/* the call fails and has done nothing */
	PRETEND_FAIL_AFTER,	/* the call fails and has done it all the same */
	PRETEND_KILL_BEFORE,	/* the process is killed before it */
	PRETEND_KILL_AFTER,	/* and after it */
	PRETEND_TROUBLES
};
struct pretend_attempt {
	uint32_t agent, attempt, slot;
	int64_t end;
	bool stopped;
};
/* What will become of a metric. */
struct pretend_meter {
	int64_t ms;
	uint32_t lost, world;	/* measurements whose node is killed, that this machine fails at; these come first */
	bool fails;		/* it prints no number */
	uint32_t number;
};
struct pretend_agent {
	struct oid start, result;	/* what they must come out as */
	struct oid kept;		/* ref */
	uint32_t tries;			/* attempts that came to an end by themselves */
	uint32_t cut, test_cut;		/* others */
	uint32_t refused;		/* by its service */
	bool succeeded;			/* there is a record that says so */
	uint32_t launched;
	uint32_t retries;		/* how often it was let run once more */
	bool has_record;
	struct record record;		/* of the last attempt that came to an end */
	struct record lost;		/* of one without a record on disk */
	int64_t began;			/* the last launch */
	uint32_t slot;
};

struct pretend {
	struct arena *arena;	/* of the disk */
	const struct schedule *schedule;
	const bool *only;
	uint32_t jobs;
	struct pretend_fate *fate;	/* by agent */
	struct pretend_meter *meter;	/* by metric */
	uint64_t random;
	struct world world;
	const char *wrong;	/* NULL: all is well */
	/* The disk. */
	struct pretend_agent *agent;
	VEC(struct world_row) rows;
	struct machine_memory *memory;
	struct machine_strand strand;
	struct oid base, ref;
	uint32_t landed;
	VEC(uint32_t) merged;	/* agents in the order in which their results were put together */
	struct store *store;	/* or NULL */
	int64_t run;		/* in the store */
	/* The process. */
	int64_t clock;
	VEC(struct pretend_attempt) running;
	bool testing, test_stopped;
	uint32_t test_agent, test_command;
	int64_t test_end;
	bool measuring, measure_stopped;
	uint32_t metric;
	int64_t measure_end;
	size_t calls;		/* of functions that can fail, so far */
	size_t trouble_at;	/* the call that goes wrong; 0: none */
	enum pretend_trouble trouble;
	bool killed;
	size_t stop_at;		/* the machine is stopped after so many deliveries; 0: never */
	bool stop_now;
	bool stopping;		/* the machine was told so */
	int64_t not_before;	/* the clock at which a service that named a time can be asked again: all agents have one */
	uint32_t asked_early;	/* launches before that */
	uint64_t spent;		/* by attempts whose end the journal has */
	uint32_t low;		/* how often the disk has no room when it is asked */
	const bool *undo, *retry;	/* by agent: what the next process does first; NULL: nothing */
};

/* A world with nothing done yet, for a schedule; everybody succeeds and lasts as long as
 * estimated. */
void pretend_init(struct pretend *, struct arena *, const struct schedule *,
		  const struct machine_options *, uint64_t seed);
/* Fates of all kinds, by chance. */
void pretend_fates(struct pretend *, uint32_t one_in);
void pretend_fate(struct pretend *, uint32_t agent, uint32_t one_in);	/* of one */
/* A process: a machine, restored if there are rows, driven to its end. False when it was killed or
 * the world failed; nothing runs afterwards. *finished: by itself, and not stopped. */
bool pretend_process(struct pretend *, const struct machine_options *, bool *finished,
		     struct fail *);
/* Does all that is there now fit what was to become of the agents? Else `wrong` says what. */
void pretend_judge(struct pretend *);
/* The same for a run in which agents were undone and tried again: everybody who is not undone ends as
 * its present fate says, and the integration is the results of those, put together. */
void pretend_judge_life(struct pretend *, const bool *undone);
void pretend_wrong(struct pretend *, const char *what);	/* the first counts */
struct oid pretend_oid(const char *what, struct oid a, struct oid b, uint32_t number);

#endif
