/* treebytes.h — a tree object of git as it is stored: "mode name\0" and the 20 bytes of an id,
 * again and again. */
#ifndef RUNTIME_TREEBYTES_H
#define RUNTIME_TREEBYTES_H

#include "common/str.h"

enum { TREEBYTES_ID = 20 };
enum { TREEBYTES_FILE = 0100644, TREEBYTES_EXECUTABLE = 0100755, TREEBYTES_LINK = 0120000, TREEBYTES_COMMIT = 0160000,
       TREEBYTES_FOLDER = 0040000 };

struct treebytes_entry {
	struct str name;	/* one segment; borrowed */
	uint32_t mode;		/* one of the above */
	const unsigned char *id;	/* TREEBYTES_ID bytes; borrowed */
};

uint32_t treebytes_mode(uint32_t raw);	/* as git reads it, or 0 */
/* The first entry of *rest, which is taken from it. False when the tree is damaged. */
bool treebytes_next(struct str *rest, struct treebytes_entry *);

#endif
