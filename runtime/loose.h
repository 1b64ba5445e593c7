/* loose.h — an object of git that lies in a file of its own: its kind and size in a line, then its
 * bytes, deflated.
 *
 * Why not by libgit2: 1.5, which Debian 12 has, waits for ever for the rest of a file that was cut
 * short, as a power cut leaves them. */
#ifndef RUNTIME_LOOSE_H
#define RUNTIME_LOOSE_H

#include "common/arena.h"

enum loose_state { LOOSE_NONE, LOOSE_GOOD, LOOSE_DAMAGED };
struct loose {
	char type[8];		/* "commit", "tree", "blob", "tag", or what else the file says */
	size_t size;		/* bytes of the object */
	struct str deflated;	/* the file, in the arena */
	size_t head;		/* bytes before the object, when inflated */
};

/* Reads the file as far as the kind and size. What is no regular file, or cannot be read, is
 * damaged. */
enum loose_state loose_open(struct arena *, const char *path, struct loose *);
/* The object's bytes, `size` of them. False when the file is not exactly such an object: it is
 * damaged. */
bool loose_unpack(const struct loose *, char *bytes);

#endif
