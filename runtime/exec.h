/* exec.h — a run carried out: the machine (machine.h) in the real world of processes, git and the
 * journal. It waits for events and never for an agent. */
#ifndef RUNTIME_EXEC_H
#define RUNTIME_EXEC_H

#include "runtime/progress.h"
#include "runtime/run.h"

enum { EXEC_FLOOR = 256 << 20 };	/* the usual floor */
struct exec_orders {
	const char *node;	/* path of the program orch-node */
	struct progress *progress;
	bool resumed;		/* go on from the journal */
	struct str weak;	/* what the place cannot promise, to be told and journaled; may be empty */
	const bool *undo, *retry;	/* by agent, from undo.h; NULL: none. Only with `resumed`, and
					 * after revert_make for what is undone. */
	bool explain;		/* as in machine_options */
	uint64_t budget;	/* US cents, instead of the plan's; 0: the plan's */
	uint64_t floor;		/* bytes that must be free on the disk for an agent to be started */
};
struct exec_outcome {
	bool succeeded;		/* everything asked for is merged */
	bool interrupted;	/* stopped before its end; it can be resumed */
	bool put_off;		/* interrupted, since this machine failed at something; that has been told */
	bool unlanded;		/* `land auto` was refused; what was in the way has been told */
	struct machine *machine;	/* for the report; in the run's arena */
};
/* Can this machine carry it out: open files, and the levels at which agents are held? exec_run asks too;
 * this is for those who change something before it. */
bool exec_may(struct run *, struct fail *);
/* Carries out the run, whose lock is held. */
bool exec_run(struct run *, const struct exec_orders *, struct exec_outcome *, struct fail *);

#endif
