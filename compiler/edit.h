/* edit.h — changes to the plan's text that a fix proposes. */
#ifndef COMPILER_EDIT_H
#define COMPILER_EDIT_H

#include "compiler/plan.h"

/* The edit that lets `agent` come after `before`, or after all of those, as the author would have
 * written it. False when there is none in one file: an agent of another file cannot be named. In
 * the arena. */
bool edit_after(struct load *, const struct plan *, uint32_t agent, uint32_t before,
		struct diag_edit *);
bool edit_after_all(struct load *, const struct plan *, uint32_t agent, const uint32_t *before, size_t n,
		    struct diag_edit *);
/* The edit that lets `agent` own the path, as people write it (glob_of_name). */
struct diag_edit edit_owns(struct load *, const struct plan *, uint32_t agent, struct str path);
/* The edit that gives the agent an estimate, "30m". In the arena. */
struct diag_edit edit_estimate(struct load *, const struct plan *, uint32_t agent, struct str duration);
/* "`after a, b`" of such an edit is "a, b". In the arena. */
struct str edit_after_names(struct load *, const struct plan *, const uint32_t *before, size_t n);
/* The edit that puts another keyword before the string at `value`, which the agent's block, or a
 * block around it, says in a statement of its own. False when the statement says more. In the
 * arena. */
bool edit_keyword(struct load *, const struct plan_agent *, struct span value, const char *keyword,
		  struct diag_edit *);

#endif
