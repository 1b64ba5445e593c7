/* hold.h — at which level each agent of a run is held, from its first launch to the last resume.
 *
 * The strongest level that there was when the run began lies in the run's folder. Where it is gone when
 * the run is taken up again, agents that say `sandbox on` are refused; the others go on with
 * what there is, which is told and stands in their records. */
#ifndef RUNTIME_HOLD_H
#define RUNTIME_HOLD_H

#include "common/arena.h"
#include "runtime/sandbox.h"

struct hold {
	struct sandbox_offer offer;
	enum sandbox_level before;	/* the strongest when the run began */
	enum sandbox_level *level;	/* by agent */
};

/* Tries what this machine has. `run_folder` is NULL for a run that is to begin. In the arena. */
bool hold_find(struct arena *, const struct schedule *, const char *run_folder, struct hold **,
	       struct fail *);
/* For those who take the run up again; durable when it returns. */
bool hold_write(struct arena *, const struct hold *, const char *run_folder, struct fail *);
/* The strongest that any agent is held at: what no agent runs is held so. */
enum sandbox_level hold_most(const struct hold *, const struct schedule *);
/* One line for people: the level of most agents, and how many have another. In the arena. */
struct str hold_text(struct arena *, const struct hold *, const struct schedule *);

#endif
