/* splice.h — a tree with some of its paths replaced, reading and writing only the folders on their
 * way. */
#ifndef RUNTIME_SPLICE_H
#define RUNTIME_SPLICE_H

#include "runtime/repo.h"

struct splice_edit {
	struct str path;
	uint32_t mode;		/* as in repo.h, no folder; 0: is to be gone */
	struct oid id;
	bool left_out;		/* set by splice_tree: the tree cannot have it */
};
/* Deleting what is not there is fine; folders that become empty go. A file cannot be where files
 * of a folder stay, nor below a file that stays: such edits are left out, what was there wins.
 * Paths differ. Sorts the edits. */
bool splice_tree(struct repo *, struct oid tree, struct splice_edit *, size_t n,
		 struct oid *spliced, struct fail *);
/* By path, a folder's contents right after its name: as if '/' came before every other byte. */
int splice_order(struct str, struct str);

#endif
