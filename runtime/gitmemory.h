/* gitmemory.h — memory for libgit2: out of it, the program ends as it does everywhere in orch
 * (fail_memory). libgit2 1.5 by itself does not survive an allocation that fails in its caches and
 * its configuration. */
#ifndef RUNTIME_GITMEMORY_H
#define RUNTIME_GITMEMORY_H

#include <git2.h>
#include <git2/sys/alloc.h>

/* For GIT_OPT_SET_ALLOCATOR; what was allocated before can be given back to it. */
extern const git_allocator gitmemory_allocator;

#endif
