/* admit.h — may a run begin? Everything that can be known to be in its way is said before anything
 * is made or launched. */
#ifndef RUNTIME_ADMIT_H
#define RUNTIME_ADMIT_H

#include "runtime/store.h"
#include "runtime/repo.h"

/* Runners' programs, what the base must have and must not, and branches. */
bool admit_run(struct repo *, struct store *, struct arena *, const struct schedule *,
	       struct oid base, struct fail *);
/* May runs be kept here? Tries the file systems of .orch and of the git folder; before anything else is
 * made. One that cannot keep the promises is refused, but with `any`: then *weak says what it cannot (in
 * `arena`; else empty), to be told and journaled. */
bool admit_place(struct arena *, struct repo *, bool any, struct str *weak, struct fail *);
/* Are there the means to hold what the plan limits? Makes them ready; also when a run is taken up. */
bool admit_limits(const struct schedule *, struct fail *);
/* Runners' programs alone: also when a run is taken up. */
bool admit_programs(struct arena *, const struct schedule *, const char *root, struct fail *);
/* Is the branch, which is at `there`, one that an earlier run made for an agent and nobody has used
 * since? Then it may be replaced: its commit stays under that run's refs. */
bool admit_replaceable(struct repo *, struct store *, struct arena *, struct str branch, struct oid there, bool *may,
		       struct fail *);

/* A branch that the user has checked out, here or in a linked work tree, is not moved under them: a
 * failure, which says what to do, and `then` what after it. The branch must be there. */
bool admit_checkout(struct repo *, struct arena *, struct str branch, const char *then, struct fail *);

#endif
