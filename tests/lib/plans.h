/* plans.h — compiling plans that a test makes up, in the folder that it is in
 * (tests/unit/scratch.h). */
#ifndef TESTS_LIB_PLANS_H
#define TESTS_LIB_PLANS_H

#include "compiler/compile.h"
#include "tests/unit/scratch.h"

static inline bool plans_compile(struct arena *arena, const char *text, struct compile *c)
{
	struct fail fail;
	scratch_put("plan.orch", text);
	return compile_plan(arena, "plan.orch", NULL, c, &fail);
}

static inline size_t plans_count(const struct compile *c, enum diag_code code)
{
	size_t n = 0;
	for (size_t i = 0; i < c->diags.list.n; i++)
		n += c->diags.list.at[i].code == code;
	return n;
}

#endif
