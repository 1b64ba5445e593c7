/* owners.h — every pattern that some agent owns or creates, arranged so that those near a path are
 * found at once.
 *
 * Two patterns can only meet if the longest folder without wildcards of one is that of the other,
 * or above it; a path without wildcards counts as a folder here. So patterns are sorted by that
 * folder: what one may meet is what is below its folder, which lies together, and what is at each
 * folder above it. */
#ifndef COMPILER_OWNERS_H
#define COMPILER_OWNERS_H

#include "common/glob.h"
#include "compiler/plan.h"

struct owners_pattern {
	struct str folder;	/* with a slash at its end; empty for the root */
	struct glob glob;
	uint32_t agent;
	const struct plan_text *text;
};
struct owners {
	struct arena *arena;	/* borrowed */
	VEC(struct owners_pattern) list;	/* by folder */
};

void owners_collect(struct arena *, const struct plan *, struct owners *);
/* Visits all that may meet it, and some that do not: ask glob_meet(). */
void owners_near(const struct owners *, const struct glob *, void (*visit)(void *self, const struct owners_pattern *),
		 void *self);
/* A pattern of the plan, which was checked when it was read. */
void owners_parse(struct arena *, struct str text, struct glob *);

#endif
