/* expand.h — a plan with its templates, groups and defaults resolved, as a plan: every agent says
 * all that holds for it, and a comment says where each of it is from.
 *
 * It compiles to the same schedule, but for places, and for names that cannot be kept: an agent
 * `shared.core` of an imported file becomes `shared-core`. */
#ifndef COMPILER_EXPAND_H
#define COMPILER_EXPAND_H

#include "compiler/compile.h"

/* The plan must have compiled without errors. The text is right, not yet in its one form
 * (format.h). */
void expand_plan(const struct compile *, struct text *out);
/* The statement of one agent, by its index. */
void expand_agent(const struct compile *, uint32_t agent, struct text *out);

#endif
