/* uri.h — files as clients name them: RFC 3986, RFC 8089. */
#ifndef LSP_URI_H
#define LSP_URI_H

#include "common/arena.h"

/* The absolute path of a `file:` URI on this machine; false when it is none, or has a NUL in it. In the arena. */
bool uri_read(struct arena *, struct str uri, struct str *path);
struct str uri_write(struct arena *, struct str path);	/* of an absolute path */

#endif
