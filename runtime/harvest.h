/* harvest.h — an agent's result, by construction: the start tree, and what is now at the owned
 * paths.
 *
 * The work tree is read with openat2 (beneath, no symlinks, no crossing), so a path that the agent
 * does not own cannot enter the result, whatever it did or committed. Everything else that changed
 * is a stray. Called only after every process of the agent is gone. */
#ifndef RUNTIME_HARVEST_H
#define RUNTIME_HARVEST_H

#include "runtime/tree.h"

struct harvest_change {
	struct str path;
	uint32_t mode_before, mode_after;	/* as in repo.h; 0: not there */
	struct oid before, after;
	bool owned;
	size_t in_folder;	/* bytes of the path that were a folder in the start tree; all of them: it was one itself */
	const char *refused;	/* why it can be in no tree at all (device, gitlink, hard link, odd name), or NULL */
	bool held;		/* refused for how git would store it only: `stray_tree` has its bytes as they are */
};
struct harvest {
	struct harvest_change *at;	/* by path; in the arena */
	size_t n;
	struct oid start_tree, tree;	/* tree: start with the owned changes */
	const bool *created;		/* by index in the agent's `creates`: does a file of `tree` match? */
	struct str_list ignored;	/* files and folders that git ignores, and that are in no tree */
	struct oid stray_tree;		/* start with all changes that a tree can hold; none without strays */
};
/* Ignored untracked files are left out unless the agent owns exactly that path. */
bool harvest_take(struct arena *, struct repo *main, const struct schedule *, uint32_t agent,
		  const struct tree_orders *, struct harvest *, struct fail *);

#endif
