/* report.h — what was found, in the form that was asked for, and the plan in a line.
 *
 * What people read goes to standard error; what programs read (every form but `text`) to standard
 * output, one document for all plans of a command line. A command that reports has REPORT_OPTIONS
 * among its options; without them, findings are shown as text and not counted off. */
#ifndef CMD_ORCHC_REPORT_H
#define CMD_ORCHC_REPORT_H

#include "common/command.h"
#include "common/diag_gitlab.h"
#include "common/diag_sarif.h"
#include "compiler/compile.h"

#define REPORT_OPTIONS                                                                                      \
	{ "--format", 0, "FORMAT", "text|short|json|sarif|github|gitlab",                                                      \
	  "how findings are shown; all but text on standard output" },                                      \
	{ "--max-errors", 0, "N", NULL, "how many findings of a plan are shown, errors first; 0: all" }

enum report_format { REPORT_TEXT, REPORT_SHORT, REPORT_JSON, REPORT_SARIF, REPORT_GITHUB, REPORT_GITLAB };
struct report {
	const struct command_line *line;
	enum report_format format;
	size_t most;	/* findings shown of each plan */
	bool colour;
	struct text answer;	/* for standard output */
	struct diag_sarif sarif;	/* for their formats */
	struct diag_gitlab gitlab;
	struct fail failure;	/* the last one */
	int status;	/* the worst so far */
};

/* False when an option's argument is wrong; that has been said, and the exit status is
 * STATUS_USAGE. */
bool report_begin(struct report *, const struct command_line *);
void report_add(struct report *, const struct diags *);	/* sorted before */
/* With a line about the plan, and how many of its findings have been left out because they are old. */
void report_add_plan(struct report *, const struct compile *, size_t left_out);
void report_add_failure(struct report *, const struct fail *);	/* the same again is not said again */
void report_worsen(struct report *, int status);	/* the exit status is at least this */
int report_end(struct report *);	/* the exit status */

/* All of it at once, for one plan, and for findings without one. The exit status. */
int report_show(const struct command_line *, const struct compile *);
int report_diags(const struct command_line *, const struct diags *);

#endif
