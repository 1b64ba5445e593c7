/* reuse.h — results of earlier runs of the plan, for agents that would do the same again.
 *
 * As a build does with its outputs: a result is used again when everything that it was made from is the
 * same — the tree that the agent starts from, what it is told, what it owns, its tests and its setup,
 * its runner and environment. What a client makes of the same input may differ each time; that is no
 * reason to pay for it twice. A result that did not stay in its run (rolled back, failed on the
 * combination) is not used again. */
#ifndef RUNTIME_REUSE_H
#define RUNTIME_REUSE_H

#include "runtime/run.h"
#include "runtime/world.h"

struct reuse;

/* In the run's arena; earlier runs are read when they are first asked for. */
struct reuse *reuse_open(struct run *);
/* `found` as in world.h; its result is the commit of the earlier run. In the run's arena. */
bool reuse_look(struct reuse *, uint32_t agent, struct oid start, struct world_reuse *found, struct fail *);
/* The first thing that makes the agents' work different, as "its prompt"; NULL when there is none. What they
 * start from is not looked at. */
const char *reuse_difference(const struct schedule *, uint32_t agent, const struct schedule *earlier, uint32_t agent_then);

#endif
