/* fence.h — the jail where there are no namespaces: Landlock (landlock(7)), Linux 5.19.
 *
 * Files outside of the boundary can be read and run, not opened to be written, made, removed or
 * renamed. It does not know of owners, modes, times and extended attributes, which stay in the
 * hands of whoever owns the file; and it knows folders, not what is fixed in them. */
#ifndef RUNTIME_FENCE_H
#define RUNTIME_FENCE_H

#include "runtime/boundary.h"

/* For this process and all that it starts, for good: it has given up its rights (rights.h) and its calls are
 * filtered (callfilter.h) as well. The whole of the level, for runs and for who tries it. */
bool fence_enter(const struct boundary *, struct fail *);
/* Abstract sockets and signals only; rights_give_up() must have been called. False where the kernel is older
 * than 6.12. */
bool fence_scope(void);

#endif
