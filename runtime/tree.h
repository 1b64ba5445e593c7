/* tree.h — an agent's work tree: written from a commit, and remembered file by file.
 *
 * The manifest (path, mode, object, size, times, inode of every file as we wrote it) lies outside
 * of the tree; the harvest trusts it, never the index, which is the agent's to change. */
#ifndef RUNTIME_TREE_H
#define RUNTIME_TREE_H

#include "runtime/repo.h"
#include "schedule/schedule.h"

struct tree_orders {
	const char *work_dir;	/* must not exist yet */
	const char *git_dir;	/* for SCHEDULE_CLONE: the private git folder, must not exist yet */
	const char *manifest;	/* file to be written */
	const char *branch;	/* short name: "wire/semantic-cache"; "" for a detached tree (combination) */
	const char *decoded;	/* a file of contents shared by the run's trees (decoded.h), made by the first
				 * tree; out of agents' reach; or NULL */
	const char *lock;	/* for SCHEDULE_WORKTREE: a file to be locked meanwhile */
	enum schedule_isolation isolation;
	struct oid commit;
};
/* On failure what was made is left for a look; the next attempt takes another folder or removes
 * it. */
bool tree_prepare(struct repo *main, const struct tree_orders *, struct fail *);
/* Copies files that match the glob in the main checkout (ignored ones too) into the tree; never
 * over a file that is there. `link` makes a symbolic link to the path in the main checkout. Both
 * are remembered in the manifest as not being the agent's work. */
bool tree_copy(const char *root, const struct tree_orders *, struct str pattern, struct fail *);
bool tree_link(const char *root, const struct tree_orders *, struct str path, struct fail *);
/* The folder in the main repository that a linked work tree has; in the arena. */
const char *tree_admin(struct arena *, struct repo *main, const struct tree_orders *);
/* Removes a work tree and its git folder, whatever is in it, following no link. */
bool tree_remove(struct repo *main, const struct tree_orders *, struct fail *);

#endif
