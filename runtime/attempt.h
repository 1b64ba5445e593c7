/* attempt.h — the interpreter of an agent's strand: one attempt, from its work tree to its record.
 *
 * It runs in orch-node, one process for each attempt, and is the only one that touches the agent's
 * tree and processes. Whatever comes of it is one record (record.h) in the agent's folder. Before a
 * tree that holds work is given up, its state is kept as a commit. */
#ifndef RUNTIME_ATTEMPT_H
#define RUNTIME_ATTEMPT_H

#include "runtime/record.h"
#include "runtime/sandbox.h"
#include "runtime/watch.h"
#include "schedule/schedule.h"

struct attempt_orders {
	const char *run_folder;	/* absolute: .orch/runs/N of the repository */
	uint32_t agent, attempt, slot;
	struct oid start;
	enum sandbox_level level;
	bool fresh;		/* a new tree; else go on in the one that is there */
	const char *feedback;	/* file with what to tell the agent; "": nothing */
	char *const *environ;
	int64_t grace;		/* milliseconds between TERM and KILL */
	int progress;		/* a pipe: the name of each instruction as it begins, and ATTEMPT_…, a line each */
};
#define ATTEMPT_BEGAN "+began"	/* the program has printed its first event */
#define ATTEMPT_DID "+did "	/* and what it does; not each, if they are many */
#define ATTEMPT_FILES "+files "	/* how many of its files it has written so far; now and then */

/* *recorded is false when orch is gone: then nobody waits for a record, and there is none. */
bool attempt_run(const struct attempt_orders *, struct watch *, bool *recorded, struct fail *);

/* The second form of a node: a command of the plan, in a tree of its own that is no agent's. */
struct attempt_command {
	const char *run_folder;
	uint32_t slot;
	enum sandbox_level level;
	struct oid commit;
	char *const *environ;
	int64_t grace;
	int progress;		/* as in attempt_orders: the name of its one instruction */
};
/* A test, on the combination with the agent's result. Its record has the reason NONE, TEST, STOPPED or WORLD. */
bool attempt_command_test(const struct attempt_command *, uint32_t agent, uint32_t command,
			 struct watch *, bool *recorded, struct fail *);
const char *attempt_command_test_record(struct arena *, const char *run_folder, struct str agent,
				       uint32_t command);
/* What a metric is measured by. Its record has the end of the output; its reason is that of the program's end. */
bool attempt_command_measure(const struct attempt_command *, uint32_t metric, bool before, struct watch *,
		     bool *recorded, struct fail *);

/* The schedule of a run; it borrows from the arena. */
bool attempt_schedule(struct arena *, const char *run_folder, struct schedule **, struct fail *);

#endif
