/* place.h — where everything of a run is: files under .orch, refs under refs/orch. The only place
 * that spells these names. All are in the arena and NUL-terminated.
 *
 *     .orch/journal.db                     all runs of the repository
 *     .orch/lock                           held by who runs
 *     .orch/kept/HASH                      what a setup made (setup.h); HASH.lock held by who uses it
 *     .orch/runs/N/schedule.orchb          what is run
 *     .orch/runs/N/trees/AGENT             its work tree; git/AGENT its git folder
 *     .orch/runs/N/agents/AGENT/A.json     the record of attempt A; A.log what it printed; …
 *     .orch/runs/N/old/AGENT.K             a tree of an earlier attempt, with more than refs can hold
 *     .orch/runs/N/gone/AGENT              a tree that is being removed
 *     .orch/runs/N/combination/AGENT       a tree in which a plan's test failed
 *     .orch/runs/N/metrics/METRIC/WHEN.log what a metric printed; .json its record; WHEN: before, after
 *     .orch/runs/N/measure/METRIC          a tree in which it could not be measured
 *     .orch/runs/N/pools/POOL.I            held by who has place I of the pool */
#ifndef RUNTIME_PLACE_H
#define RUNTIME_PLACE_H

#include "common/arena.h"
#include "runtime/tree.h"

#define PLACE_BRANCHES "refs/heads/"
#define PLACE_RUNS "refs/orch/"

const char *place_orch(struct arena *, const char *root, const char *name);	/* root/.orch/name */
const char *place_run(struct arena *, const char *root, int64_t run);	/* its folder */
const char *place_kept(struct arena *, const char *root, const char *hash);
const char *place_in(struct arena *, const char *run_folder, const char *name);
const char *place_agent(struct arena *, const char *run_folder, struct str agent, const char *name);
/* "A.kind" in the agent's folder. */
const char *place_attempt(struct arena *, const char *run_folder, struct str agent,
			  uint32_t attempt, const char *kind);
const char *place_gone(struct arena *, const char *run_folder, struct str agent);	/* a tree that is being removed */
const char *place_old(struct arena *, const char *run_folder, struct str agent, uint32_t number);	/* one that was moved away */
const char *place_pool(struct arena *, const char *run_folder, struct str pool, uint32_t index);
/* The work tree of an agent that starts at the commit, and the tree for a test on a combination. */
struct tree_orders place_tree(struct arena *, const char *run_folder, const struct schedule_agent *,
			      struct oid start);
struct tree_orders place_combination(struct arena *, const char *run_folder, struct str agent,
				     struct oid combined);
/* A metric's folder, a file "before.kind" or "after.kind" in it, and the tree to measure a commit in. */
const char *place_metric(struct arena *, const char *run_folder, struct str metric, const char *name);
const char *place_figure(struct arena *, const char *run_folder, struct str metric, bool before, const char *kind);
struct tree_orders place_measure(struct arena *, const char *run_folder, struct str metric, struct oid);
/* What the files .keep of a run say, see repo_shelter; and the number that its folder has. */
struct str place_note(struct arena *, int64_t run);
int64_t place_number(const char *run_folder);
/* The path as people are shown it: from the root where it lies below it. */
struct str place_shown(struct str path, const char *root);

/* refs/orch/RUN/what, or refs/orch/RUN/what/agent, or refs/orch/RUN/what/agent/attempt. */
const char *place_ref(struct arena *, int64_t run, const char *what);
const char *place_agent_ref(struct arena *, int64_t run, const char *what, struct str agent);
const char *place_attempt_ref(struct arena *, int64_t run, const char *what, struct str agent,
			      uint32_t attempt);
/* refs/orch/RUN/what/name/… for a commit that something else took the place of. */
const char *place_commit_ref(struct arena *, int64_t run, const char *what, struct str name, struct oid commit);
const char *place_branch(struct arena *, struct str branch);	/* refs/heads/… */

#endif
