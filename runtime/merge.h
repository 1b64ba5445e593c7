/* merge.h — putting results together, in memory, along the paths that changed.
 *
 * A three-way splice of trees: where one side left a folder as it was in the base, the other side's
 * is taken whole, without looking in. Both changed the same file differently: a conflict, which the
 * proof and the gate exclude, and which is refused here all the same. */
#ifndef RUNTIME_MERGE_H
#define RUNTIME_MERGE_H

#include "runtime/repo.h"
#include "schedule/schedule.h"

/* *conflict is the first path changed on both sides (in `arena`), or empty. */
bool merge_trees(struct arena *, struct repo *, struct oid base, struct oid ours, struct oid theirs,
		 struct oid *merged, struct str *conflict, struct fail *);

/* The tree that both commits come from, or what several of such put together make; the tree of the
 * commit `otherwise` where there is none. */
bool merge_base(struct arena *, struct repo *, struct oid ours, struct oid theirs,
		struct oid otherwise, struct oid *tree, struct fail *);

/* Where an agent starts: the base plus the results of everything it comes after. `start` and
 * `result` are by agent, commits. One direct dependency that has all of it: its result itself;
 * otherwise a merge commit, the same for the same input whenever it is made. */
bool merge_start(struct arena *, struct repo *, const struct schedule *, uint32_t agent, struct oid base,
		 const struct oid *start, const struct oid *result, struct oid *commit,
		 struct str *conflict, struct fail *);
/* The integration with one more agent's result. */
bool merge_result(struct arena *, struct repo *, const struct schedule *, uint32_t agent,
		  struct oid integration, struct oid start, struct oid result, int64_t time,
		  struct oid *combined, struct str *conflict, struct fail *);

#endif
