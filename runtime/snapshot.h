/* snapshot.h — the files of a commit, one at a time, from git's objects: what is checked out is of no
 * matter.
 *
 * Files are as git keeps them: no filter is run, and no line end changed. Links are followed as far
 * as they stay in the commit, as realpath(3) follows them in a checkout. */
#ifndef RUNTIME_SNAPSHOT_H
#define RUNTIME_SNAPSHOT_H

#include "runtime/baseline.h"

enum snapshot_found {
	SNAPSHOT_READ,
	SNAPSHOT_MISSING,	/* there is no such file; or it is in a submodule, which is another repository */
	SNAPSHOT_OUTSIDE,	/* a link leads out of the repository */
	SNAPSHOT_LOOP,		/* links lead to one another */
	SNAPSHOT_FOLDER,
	SNAPSHOT_LARGE,		/* more than what was to be read */
	SNAPSHOT_DAMAGED,	/* git's objects cannot be read: see `fail` */
};
struct snapshot {
	struct baseline *baseline;	/* borrowed */
	struct str revision;	/* as it was said; borrowed */
	struct str commit;	/* which that is, in hexadecimal */
	git_oid tree;
	struct fail fail;
};

/* Of the repository that is open in the baseline, which must stay so. A revision that it does not
 * have is a failure, with what to do about it. */
bool snapshot_open(struct snapshot *, struct baseline *, struct arena *, struct str revision,
		   struct fail *);
/* `path` is relative to the repository's root. Both of the texts are in the arena, followed by a
 * NUL. */
enum snapshot_found snapshot_read(struct snapshot *, struct arena *, struct str path, size_t largest,
				  struct str *text);

#endif
