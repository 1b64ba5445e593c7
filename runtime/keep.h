/* keep.h — what an agent has left in its work tree and in its git folder, put under refs of the run
 * before either is removed.
 *
 * Everything that a tree of git's can hold becomes a commit, unless a ref of the run has that very
 * tree already; commits, stashes and staged files of a private git folder come along. What no
 * commit can hold (files that git ignores, repositories inside of the tree, devices) is said. */
#ifndef RUNTIME_KEEP_H
#define RUNTIME_KEEP_H

#include "runtime/harvest.h"

struct keep_place {
	struct arena *arena;
	struct repo *repo;
	const struct schedule *schedule;
	uint32_t agent;
	const char *run_folder;
	bool look;		/* make no refs, only say which would be made */
};
struct keep {
	struct str_list refs;	/* that were made now */
	size_t ignored;		/* files that git ignores, and that were not brought into the tree as they are */
	uint64_t ignored_bytes;
	struct str ignored_path;	/* one of them; empty: none */
	struct str refused_path;	/* what can be in no commit at all; empty: nothing */
	const char *refused_why;
};
/* Keeps it all. The agent's processes are gone. Doing it twice is fine, and makes nothing new. */
bool keep_all(const struct keep_place *, const struct tree_orders *, struct keep *, struct fail *);
/* Removes a tree and its git folder, all of which keep_all has kept. */
bool keep_remove(const struct keep_place *, const struct tree_orders *, struct fail *);
/* Keeps it all, and makes the way free for a new tree: what is kept is removed; a tree with more in
 * it than refs can hold is moved to old/AGENT.K in the run's folder, its manifest beside it. Nothing
 * there is fine. */
bool keep_away(const struct keep_place *, const struct tree_orders *, struct fail *);

#endif
