/* gc.h — removes what finished runs have left: work trees, git folders, unpacked contents.
 *
 * What is in a tree or a git folder is put under refs first (keep.h), so nothing goes that no ref
 * leads to; what no ref can hold stays, with the reason, unless the user has named that kind. Of
 * refs only those may go whose commits the base branch has. Killed at any moment, the next one
 * goes on. */
#ifndef RUNTIME_GC_H
#define RUNTIME_GC_H

#include "common/text.h"
#include "runtime/run.h"

struct gc_orders {
	bool look;	/* remove nothing, only say what would be */
	bool ignored;	/* also trees with files that git ignores */
	bool refs;	/* also refs and branches of agents whose commits have landed */
	const int64_t *runs;	/* these only */
	size_t run_n;	/* 0: all */
};
struct gc_sum {
	uint64_t removed, kept;	/* bytes on disk */
	size_t refs;		/* removed */
};
/* The lock is held. A line for each thing, with its size and the reason, is added to `out`, also
 * when it fails half way. */
bool gc_runs(struct run *, const struct gc_orders *, struct gc_sum *, struct text *out, struct fail *);

#endif
