/* format.h — a plan in its one form: the same plan, laid out as every plan is.
 *
 * A plan with mistakes is not formatted, and a form that is not proved to be the same plan is not
 * given out. */
#ifndef COMPILER_FORMAT_H
#define COMPILER_FORMAT_H

#include "common/diag.h"
#include "common/fail.h"

enum format_end {
	FORMAT_DONE,
	FORMAT_MISTAKES,	/* it does not parse: see the diagnostics */
	FORMAT_ALLOW,	/* a comment that silences a warning would come to be about another line */
	FORMAT_UNPROVEN,	/* what we wrote is not the same plan: our mistake */
};
struct format {
	struct sources sources;	/* the first is the plan */
	struct diags diags;
	struct str text;	/* when done, in the arena */
	bool changed;	/* it is not what the plan was */
	struct fail fail;	/* when not done, but for mistakes: what and where */
};

/* Everything is in the arena, which must outlive the result. `path` is for messages. */
enum format_end format_plan(struct arena *, struct str path, struct str text, struct format *);

#endif
