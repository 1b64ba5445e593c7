/* repo_checkout.h — the user's own checkout: looked at, and moved when the user asks to land. Nothing
 * else in orch touches it. Implemented with libgit2, which runs no hooks and no outer filters. */
#ifndef RUNTIME_REPO_CHECKOUT_H
#define RUNTIME_REPO_CHECKOUT_H

#include "runtime/repo.h"

enum repo_checkout_place { REPO_CHECKOUT_NOWHERE, REPO_CHECKOUT_HERE, REPO_CHECKOUT_ELSEWHERE };

/* Where is the branch (full name) checked out: in the main checkout, or in a linked work tree? */
bool repo_checkout_find(struct repo *, const char *branch, enum repo_checkout_place *, struct fail *);
/* The first tracked path that differs from HEAD, in the index or on disk; empty: clean. In the arena. */
bool repo_checkout_dirty(struct repo *, struct arena *, struct str *path, struct fail *);
/* The first path that keeps the main checkout from being moved between the commits: a file that is
 * changed, or not tracked (ignored or not) and in the way. Nothing is touched. */
bool repo_checkout_obstacle(struct repo *, struct arena *, struct oid from, struct oid to, struct str *path, struct fail *);
/* Updates index and files of the main checkout. Files that differ from both commits are not overwritten. */
bool repo_checkout_move(struct repo *, struct oid from, struct oid to, struct fail *);

#endif
