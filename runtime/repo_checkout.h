/* repo_checkout.h — the user's own checkout: looked at, and moved when the user asks to land.
 * Nothing else in orch touches it. Implemented with libgit2, which runs no hooks and no outer
 * filters. */
#ifndef RUNTIME_REPO_CHECKOUT_H
#define RUNTIME_REPO_CHECKOUT_H

#include "runtime/repo.h"

enum repo_checkout_place { REPO_CHECKOUT_NOWHERE, REPO_CHECKOUT_HERE, REPO_CHECKOUT_ELSEWHERE };

/* When the repository was opened in a linked work tree, *main is the main checkout, or the git
 * folder when that is bare; else it is empty. In the arena. */
bool repo_checkout_linked(struct repo *, struct arena *, struct str *main, struct fail *);
/* Where is the branch (full name) checked out: in the main checkout, or in a linked work tree,
 * which is *linked then? One that is being rebased or bisected counts as checked out. In the
 * arena. */
bool repo_checkout_find(struct repo *, struct arena *, const char *branch, enum repo_checkout_place *, struct str *linked,
			struct fail *);
/* A failure, with its remedy, when git is in the middle of something in the main checkout: a merge,
 * a rebase, a bisection, or something that holds the index. Here and below, `command` is what is to be
 * said again after that: "orch land". */
bool repo_checkout_idle(struct repo *, const char *command, struct fail *);
/* The tracked paths that differ from HEAD, in the index or on disk, as a list to be shown ("a, b
 * and 7 more"); empty: clean. What a sparse checkout leaves out does not differ. In the arena. */
bool repo_checkout_dirty(struct repo *, struct arena *, struct str *paths, struct fail *);
/* What differs between the commits, and how the checkout's index has it. The visitor returns false to
 * stop. */
struct repo_checkout_change {
	struct str path;	/* borrowed until the visitor returns */
	bool stays;		/* it is in `to` */
	bool skipped;		/* a sparse checkout leaves it out */
};
bool repo_checkout_changes(struct repo *, struct oid from, struct oid to,
			   bool (*visit)(void *self, const struct repo_checkout_change *, struct fail *),
			   void *self, struct fail *);
/* The first path that keeps the main checkout from being moved between the commits: a file that is
 * changed, or not tracked (ignored or not) and in the way. Nothing is touched. */
bool repo_checkout_obstacle(struct repo *, struct arena *, struct oid from, struct oid to,
			    const char *command, struct str *path, struct fail *);
/* Was git told to assume that the tracked file is unchanged? */
bool repo_checkout_unseen(struct repo *, const char *path);
/* Updates index and files of the main checkout. Files that differ from both commits are not
 * overwritten. `again`: it was cut off before, so a file may be missing, or written in part. */
bool repo_checkout_move(struct repo *, struct oid from, struct oid to, bool again, const char *command,
			struct fail *);

#endif
