/* fix.h — a plan with the fixes that its diagnostics offer: applied to the texts in memory,
 * compiled again, and so on until nothing is left that can be fixed.
 *
 * A fix must not make things worse: what leaves the plan with more errors than it had is not kept.
 * Fixes that would meet in the text wait for the next round. Only files of the repository are
 * changed, and nothing is written here. */
#ifndef COMPILER_FIX_H
#define COMPILER_FIX_H

#include "compiler/compile.h"

struct fix_file {
	struct str path;	/* relative to the root */
	struct str before, after;
	size_t fixed;	/* findings */
};
struct fix {
	struct arena arena;
	struct compile *compile;	/* of the texts with all fixes */
	VEC(struct fix_file) files;	/* those that would change */
	size_t refused;	/* fixes that were not kept */
	struct fix_state *state;
};

/* Compiles and fixes, from the texts of the overlay where it has them (NULL: none); `unsafe`: also by
 * fixes that may change what is meant. False when the plan cannot be read. Afterwards fix_release in
 * any case. */
bool fix_plan(struct fix *, const char *path, const struct facts_reader *, const struct load_overlay *,
	      bool unsafe, struct fail *);
void fix_release(struct fix *);
/* Has the diagnostic a fix that is applied with `unsafe` like this? NULL for none. */
const struct diag_fix *fix_of(const struct sources *, const struct diag *, bool unsafe);

#endif
