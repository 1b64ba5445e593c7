/* layer.h — what one block says: the plan's defaults, a group, a template with its parameters
 * given, or an agent's own block. An agent is these laid one over the other, from the outside
 * in. */
#ifndef COMPILER_LAYER_H
#define COMPILER_LAYER_H

#include "compiler/eval.h"
#include "compiler/plan.h"
#include "compiler/prompt.h"

/* What reading needs besides the block. */
struct layer_source {
	struct load *load;	/* borrowed, as are the others */
	struct bind *bind;
	struct plan *plan;	/* its pools and runners are known, or found */
	struct prompts *prompts;
	bool pools_known;	/* false: pools are not complained of, since the plan is missing */
};
struct layer_pool {
	uint32_t pool;
	struct span span;
};
struct layer {
	uint32_t unit;
	struct plan_value single[PLAN_SINGLES];
	struct plan_texts list[PLAN_LISTS];
	struct plan_envs env;
	struct plan_commands setup, tests;
	VEC(struct layer_pool) pools;
	VEC(const struct node *) after;	/* NAMEs and QUALIFIEDs of the unit */
	const struct node *after_all;	/* its word, or NULL */
	bool prompt_given, incomplete;
	bool lost_prompt, lost_runner;	/* there may have been one that could not be read */
	bool loose;	/* what it comes after could not all be read */
	struct span prompt_place;
	struct eval_kept prompt;
	struct span prompt_at;	/* as in plan.h */
};

/* Zeroed but for its unit. Reads one statement; false when it is none that layers have. */
bool layer_statement(struct layer_source *, struct layer *, const struct eval *,
		     const struct node *);
/* All statements of a block; groups and agents in it are passed over. `names` as in eval.h. */
void layer_block(struct layer_source *, struct layer *, const struct node *block,
		 const struct eval_names *names);
/* For reading in a unit. */
struct eval layer_eval(const struct layer_source *, uint32_t unit, const struct eval_names *names);

/* Once said, twice is too much: false when `given` already, which it says. */
bool layer_once(struct diags *, bool given, struct span first, struct span again, const char *what);
struct plan_command layer_command(struct layer_source *, const struct eval *,
				  const struct node *statement);
void layer_env(struct layer_source *, const struct eval *, const struct node *statement,
	       struct plan_envs *);
/* The pool of that name, or PLAN_NONE, which has been said. */
uint32_t layer_pool_named(struct layer_source *, const struct eval *, const struct node *name);

#endif
