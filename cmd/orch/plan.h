/* plan.h — a plan, or a schedule that was built of one, as bytes that can be run. */
#ifndef CMD_ORCH_PLAN_H
#define CMD_ORCH_PLAN_H

#include "common/command.h"
#include "schedule/schedule.h"

/* What is wrong with the plan is said. The exit status; STATUS_MERGED: image and schedule are in
 * the arena. */
int plan_read(struct arena *, const struct command_line *, struct str *image, struct schedule **);

#endif
