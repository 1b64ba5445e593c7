/* report.h — what was found in a plan, and the plan in a line. */
#ifndef CMD_ORCHC_REPORT_H
#define CMD_ORCHC_REPORT_H

#include "common/command.h"
#include "compiler/compile.h"

int report_show(const struct command_line *, const struct compile *);	/* the exit status */

#endif
