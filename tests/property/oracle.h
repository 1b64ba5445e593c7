/* oracle.h — the second opinion: git itself, for objects and for merges, and a walk over a work
 * tree that knows nothing of manifests. */
#ifndef TESTS_PROPERTY_ORACLE_H
#define TESTS_PROPERTY_ORACLE_H

#include "runtime/oid.h"
#include "tests/property/model.h"

#include <stdio.h>
#include <sys/types.h>

/* A repository and the git programs that answer about it, each started when first asked. */
struct oracle_talk {
	pid_t process; /* 0: not started */
	FILE *to, *from;
};
struct oracle {
	const char *root; /* the checkout */
	struct oracle_talk objects, merges;
	struct arena arena;
	VEC(struct oracle_blob {
		struct oid id;
		uint64_t content;
	})
	blobs;
	size_t merged; /* merges made by git */
};

void oracle_open(struct oracle *, const char *root);
void oracle_close(struct oracle *);
/* All files below a tree, or the tree of a commit. */
struct model oracle_tree(struct oracle *, struct arena *, struct oid tree_or_commit);
struct oid oracle_tree_of(struct oracle *, struct oid commit);
/* git merge-tree of two commits, renames being files that went and files that came. False: git has
 * a conflict. */
bool oracle_merge(struct oracle *, struct oid ours, struct oid theirs, struct oid *tree);

/* What lies in a work tree. */
struct oracle_walk {
	struct model disk; /* files and links; an empty folder of `gitlinks` is one */
	bool unsure;       /* a .gitignore is no file: what is ignored is not known */
	VEC(struct str)
	refused; /* devices, hard links that are new, repositories, names that are .git */
};
/* What git ignores, untracked and not owned by its very name, is left out. */
struct oracle_walk oracle_look(struct oracle *, struct arena *, const char *work_dir,
			       const struct model *start,
			       bool (*is_named)(const void *agent, const char *path),
			       const void *agent);

/* A hash of all that is the user's: the checkout without .orch, HEAD, index, config, hooks, and refs
 * that are none of orch's. */
uint64_t oracle_users(struct oracle *);

#endif
