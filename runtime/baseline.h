/* baseline.h — what is in a repository at the commit that agents start from, for those who only
 * look at it.
 *
 * Through libgit2, loaded when there is a repository and not before (gitlib.h). Never runs git or
 * anything else, writes nothing, and reads nobody's configuration but the repository's own. Who
 * owns the repository is of no matter here: nothing that is in it is obeyed. */
#ifndef RUNTIME_BASELINE_H
#define RUNTIME_BASELINE_H

#include "common/vec.h"
#include "runtime/gitlib.h"
#include "runtime/treebytes.h"

struct baseline {
	struct gitlib lib;
	bool started;
	git_repository *git;
	git_odb *odb;
	struct str root;	/* borrowed */
	struct str unreadable;	/* why the repository is in a format that cannot be read; or empty. In the arena of _open */
};
struct baseline_entry {
	struct str path;	/* a safe one, see path.h */
	uint32_t mode;		/* TREEBYTES_… */
};
struct baseline_list {
	bool there;
	struct str why, nearest;	/* when it is not: what is the matter, and a revision that may be meant, or empty */
	bool unknown;		/* then, too: nothing here has that name, but another repository may */
	struct str commit;	/* hexadecimal */
	VEC(struct baseline_entry) entries;	/* sorted by their bytes; no folders */
};

/* Zeroed before. Loads libgit2; may be done before it is known which repository. */
bool baseline_start(struct baseline *, struct fail *);
/* The repository whose checkout is `root`, which gitplace_find() has found. */
bool baseline_open(struct baseline *, struct arena *, struct str root, struct fail *);
/* Which commit a revision is, and its tree when it is there; without what is in it. `revision` empty:
 * what is checked out. False when objects are damaged or cannot be read. */
bool baseline_find(struct baseline *, struct arena *, struct str revision, struct baseline_list *,
		   git_oid *tree, struct fail *);
/* The same, and all that is in it. */
bool baseline_read(struct baseline *, struct arena *, struct str revision, struct baseline_list *,
		   struct fail *);
/* Where what is checked out left the commit's history, their merge base; the commit itself when there is none, or
 * when what would tell was not fetched. Both in hexadecimal, the result in the arena. */
struct str baseline_fork(struct baseline *, struct arena *, struct str commit);
/* Does the repository ignore this path, as its .gitignore files are in the checkout? libgit2 1.5
 * does not see that one folder's file takes back what the file of a folder above says: then this
 * says yes where git says no. */
bool baseline_ignores(struct baseline *, struct str path);
void baseline_leave(struct baseline *);	/* the repository; libgit2 stays loaded. Both: zeroed is fine */
void baseline_close(struct baseline *);

#endif
