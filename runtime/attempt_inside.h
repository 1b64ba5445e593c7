/* attempt_inside.h — what the files attempt*.c share, and nobody else includes.
 *
 * Each instruction is a function that says whether to go on; if not, it has written into the record why. */
#ifndef RUNTIME_ATTEMPT_INSIDE_H
#define RUNTIME_ATTEMPT_INSIDE_H

#include "common/vec.h"
#include "runtime/attempt.h"
#include "runtime/guard.h"
#include "runtime/harvest.h"
#include "runtime/task.h"
#include "runtime/touched.h"

struct attempt {
	const struct attempt_orders *orders;
	struct arena *arena;
	struct schedule *schedule;
	const struct schedule_agent *agent;
	struct repo *repo;
	struct tree_orders tree;
	struct task_place place;
	struct harvest harvest;
	struct oid result;  /* its commit */
	bool vanished;      /* somebody removed what commit() had just written */
	struct guard guard; /* of a linked work tree, from before its program ran */
	struct record record;
	VEC(struct record_step) steps;
	VEC(int) pools;                     /* held until the agent's program has ended */
	struct str step_input, step_output; /* of the instruction that is carried out */
	uint32_t checks;                    /* so far, for the names of logs */
	bool tree_ready, orphaned;
	bool spoke;      /* the program has printed an event */
	int64_t told_at; /* when what it does was last told */
	struct touched touched;
	int64_t count_at; /* when its files are counted next */
};

/* What steps share (attempt_step.c). Those that are false always end the attempt: for `return`. */
bool attempt_step_ended(struct attempt *, enum record_reason, struct str message);
bool attempt_step_failed(struct attempt *, enum record_reason, const struct fail *);
bool attempt_step_task_failed(struct attempt *, enum record_reason, const char *who, const struct task_end *);
bool attempt_step_not_set_up(struct attempt *, const struct fail *);
void attempt_step_input(struct attempt *, struct str);	/* what goes in: its hash is in the record */
void attempt_step_say(const struct attempt *, const char *word);	/* to orch */
void attempt_step_clock(struct attempt *);	/* the agent's timeout runs from now, unless it does already */
/* A setup or a test; `reason` is for a command that ends with a failure. */
bool attempt_step_command(struct attempt *, uint32_t operand, const char *what, enum record_reason reason);

/* Instructions that make the tree ready (attempt_setup.c). */
bool attempt_setup_copy(struct attempt *, uint32_t operand);
bool attempt_setup_link(struct attempt *, uint32_t operand);
bool attempt_setup(struct attempt *, uint32_t operand);
/* The agent's program (attempt_launch.c). */
bool attempt_launch(struct attempt *, uint32_t operand);
void attempt_launch_give_pools(struct attempt *);

#endif
