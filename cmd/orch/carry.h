/* carry.h — a run that has begun or is taken up, carried out while somebody watches. */
#ifndef CMD_ORCH_CARRY_H
#define CMD_ORCH_CARRY_H

#include "common/command.h"
#include "runtime/run.h"

struct carry {
	bool resumed;
	const bool *undo, *retry;	/* as in exec_orders */
	bool explain;	/* as in exec_orders */
	struct str weak;	/* from admit_place */
};
/* STATUS_MERGED, or the status of what would keep carry_out from beginning, which has been said: for
 * those who change something before it. */
int carry_may(struct run *, const struct command_line *);
int carry_out(struct run *, const struct command_line *, struct carry);	/* the exit status */
/* The path of orch-node, beside orch. */
bool carry_find_node(struct arena *, const char **node, struct fail *);
bool carry_need_node(struct arena *, const char **node, struct fail *);	/* and it is there */
/* What came of the run; `status`, unless that cannot be told. */
int carry_report(struct run *, const struct command_line *, int status);

#endif
