/* boundary_tree.h — what an agent owns in its work tree, as folders and files that a kernel knows;
 * see boundary.h. */
#ifndef RUNTIME_BOUNDARY_TREE_H
#define RUNTIME_BOUNDARY_TREE_H

#include "common/fail.h"
#include "schedule/schedule.h"

struct boundary_tree {
	struct str_list writable;	/* folders */
	struct str_list fixed;		/* what is not owned and lies in one of them */
};
/* Absolute paths, NUL-terminated, in the arena. `tree` is there and has no link in its path. */
bool boundary_tree_find(struct arena *, const struct schedule_agent *, const char *tree,
			struct boundary_tree *, struct fail *);

#endif
