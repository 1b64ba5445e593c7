/* setup.h — what setups make, kept for all agents and runs of the repository (`keyed … makes …`).
 *
 * It lies in .orch/kept under the hash of what it depends on: the command, the agent's environment, and the
 * content of the files that the plan names. Only setups write there, before any agent's program has
 * been in the tree; an entry is there whole or not at all. */
#ifndef RUNTIME_SETUP_H
#define RUNTIME_SETUP_H

#include "runtime/tree.h"

struct setup {
	const struct schedule_command *command;	/* its `makes` is not empty */
	struct str_list env;			/* the agent's */
	const char *root;			/* of the main checkout */
	const struct tree_orders *tree;
};

/* The folder that the result has, or would have; in the arena. */
bool setup_find(struct arena *, const struct setup *, const char **folder, struct fail *);
/* Copies it into the tree; *kept is false when there is none. Who else wants the same must be kept waiting
 * by a lock on the folder's name. */
bool setup_bring(const struct setup *, const char *folder, bool *kept, struct fail *);
/* What the command has just made, from the tree. *missing is a path that it has not made, or empty. */
bool setup_keep(const struct setup *, const char *folder, struct str *missing, struct fail *);
/* Entries that nothing has used for 30 days are removed, or only looked for. Calls `found` for each. */
bool setup_collect(struct arena *, const char *root, bool look,
		   void (*found)(void *self, const char *path), void *self, struct fail *);

#endif
