/* stale.h — locks of refs that were left behind when orch was killed in the middle of moving one.
 *
 * Git holds a ref by a file NAME.lock beside it, which nobody removes when its maker is killed.
 * Which of them are ours is told by their mode (REPO_LOCK_MODE) and by what is in them; another
 * program's is never touched. */
#ifndef RUNTIME_STALE_H
#define RUNTIME_STALE_H

#include "common/arena.h"
#include "runtime/repo.h"

/* All locks below refs/orch/RUN, where only orch writes. The repository's lock must be held. */
bool stale_clear_run(struct repo *, int64_t run, struct fail *);
/* All locks below a ref of a run that one process at a time writes to, which holds the lock for it. */
bool stale_clear_below(struct repo *, const char *name, struct fail *);
/* The lock of one ref, when it holds a commit that only orch would put there: `ours`, or one that
 * has `ours` in its history when `descendants`; or an empty one that orch made and let be for longer
 * than it ever holds one. */
bool stale_clear_ref(struct repo *, const char *name, struct oid ours, bool descendants,
		     struct fail *);

/* The lock of the main checkout's index, after a landing that was cut off: unless some program has it
 * open, or git is at work in the checkout (an editor may be open for as long as it likes). */
bool stale_clear_index(struct repo *, struct fail *);

#endif
