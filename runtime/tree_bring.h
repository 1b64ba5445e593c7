/* tree_bring.h — what tree_copy and tree_link share: a place in the work tree, and its entry in the
 * manifest, so that the harvest does not take it for the agent's work. */
#ifndef RUNTIME_TREE_BRING_H
#define RUNTIME_TREE_BRING_H

#include "runtime/manifest.h"
#include "runtime/tree.h"

struct tree_bring {
	struct arena *arena;
	const char *root, *work_dir;	/* borrowed: the main checkout and the work tree, */
	int from, to;			/* and open */
	struct manifest manifest;
};

bool tree_bring_begin(struct tree_bring *, struct arena *, const char *root,
		      const struct tree_orders *, struct fail *);
/* The open folder in the work tree that `path` belongs in, made if need be; -1 on failure. */
int tree_bring_parent(struct tree_bring *, const char *path, const char **name, struct fail *);
bool tree_bring_remember(struct tree_bring *, int parent, const char *name, struct str path,
			 struct fail *);
/* Writes the manifest if all went well; releases in any case. */
bool tree_bring_end(struct tree_bring *, const struct tree_orders *, bool good, struct fail *);

#endif
