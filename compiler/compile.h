/* compile.h — a plan's file compiled: from its path to a schedule, one pass after the other. */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include "compiler/facts.h"
#include "compiler/load.h"
#include "compiler/order.h"
#include "compiler/plan.h"
#include "schedule/schedule.h"
#include "schedule/simulate.h"

struct compile {
	struct sources sources;
	struct diags diags;	/* sorted; mistakes are here */
	struct load load;
	struct bind bind;
	struct plan plan;
	struct order order;
	struct facts facts;
	struct schedule *schedule;	/* NULL when there are errors; without prompts */
	struct simulate times;	/* of the schedule */
	size_t disabled;	/* statements that are switched off */
};

struct compile_options {
	const struct facts_reader *reader;	/* or NULL, as below */
	const struct load_overlay *overlay;	/* texts in place of files; or NULL */
	const struct load_elsewhere *elsewhere;	/* where files are read, when not in the working tree; or NULL */
	void (*passed)(void *context, const char *pass);	/* called behind each pass, to measure; or NULL */
	void *context;
};

/* Everything is in the arena, which must outlive the result. `reader` NULL: nothing is asked of the
 * repository. False when the world does not let us read the plan: then nothing else is valid. */
bool compile_plan(struct arena *, const char *path, const struct facts_reader *, struct compile *,
		  struct fail *);
bool compile_plan_with(struct arena *, const char *path, const struct compile_options *, struct compile *,
		       struct fail *);
/* Puts the prompts into the schedule, for those who write it or show it. */
void compile_prompts(struct compile *);
/* Is the schedule what a compiler should have written? Reading an image asks the same again, so
 * that this is for those that write one. Stops the program when it is not: then the compiler is
 * wrong. */
void compile_verify(const struct compile *);

#endif
