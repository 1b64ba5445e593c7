/* effect.h — what a run does to the repository: refs of its own, the agents' branches, and commits.
 *
 * Every effect can be done twice: after a kill it is done again, and finds itself done. */
#ifndef RUNTIME_EFFECT_H
#define RUNTIME_EFFECT_H

#include "runtime/run.h"

struct effect {
	struct run *run;
	bool unlanded;	/* effect_land was refused */
};

bool effect_start(struct effect *, uint32_t agent, const struct oid *start, const struct oid *result, struct oid *commit,
		  struct str *conflict, struct fail *);
/* The result of an earlier run on top of the start, as a commit of this run's own: the earlier one may have been
 * reverted, and would be taken for merged. *whole is false when its objects go away. */
bool effect_reuse(struct effect *, uint32_t agent, struct oid start, const struct world_reuse *, struct oid *commit,
		  bool *whole, struct fail *);
/* Keeps what the agent starts from; clears the branch for a linked work tree. */
bool effect_before_launch(struct effect *, const struct world_attempt *, struct fail *);
/* What an attempt changed and may not be used gets a ref. */
bool effect_keep_stray(struct effect *, const struct record *, struct fail *);
bool effect_keep(struct effect *, uint32_t agent, struct oid start, struct oid result,
		 struct fail *);
bool effect_combine(struct effect *, uint32_t agent, struct oid integration, struct oid start, struct oid result,
		    struct oid *combined, struct str *conflict, struct fail *);
bool effect_advance(struct effect *, struct oid before, struct oid after, struct fail *);
bool effect_land(struct effect *, struct oid integration, struct str *refused, struct fail *);

#endif
