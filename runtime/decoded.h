/* decoded.h — the contents of a tree's files, unpacked once for all work trees of a run.
 *
 * Inflating objects is most of the work of writing a tree that is not the kernel's. The first tree
 * of a run leaves the contents behind in one file, which the others map. It is a convenience:
 * whatever it does not have is read from the repository, and it may be removed at any time. It is
 * for the machine that wrote it. */
#ifndef RUNTIME_DECODED_H
#define RUNTIME_DECODED_H

#include "runtime/repo.h"

struct decoded {
	const char *at;	/* mapped; NULL: there is none */
	size_t n;	/* bytes */
};

/* Maps the file; one that is not there, or is none of ours, is the same as an empty one. */
struct decoded decoded_open(const char *path);
void decoded_close(struct decoded *);
/* Borrowed from the map. */
bool decoded_find(const struct decoded *, struct oid, struct str *bytes);
/* Writes the file for a tree, whole or not at all. */
bool decoded_write(struct repo *, const char *path, struct oid tree, struct fail *);

#endif
