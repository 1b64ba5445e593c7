/* beneath.h — opening what lies in a folder that somebody else writes to, and nothing outside of
 * it.
 *
 * openat2(2) with RESOLVE_BENEATH, _NO_SYMLINKS, _NO_MAGICLINKS and _NO_XDEV: the kernel refuses a
 * path that leaves the folder, at the moment of opening, whatever is renamed meanwhile. Linux
 * 5.6. */
#ifndef RUNTIME_BENEATH_H
#define RUNTIME_BENEATH_H

#include "common/fail.h"

#include <sys/types.h>

/* Opens a folder by its absolute path, and makes sure that the kernel has openat2. -1 on
 * failure. */
int beneath_root(const char *folder, struct fail *);
/* Like openat(root, path, flags, mode), always with O_CLOEXEC and O_NOFOLLOW; -1 with errno. */
int beneath_open(int root, const char *path, int flags, mode_t mode);
/* The folder that `path` lies in (`root` itself, opened again, for a path without a slash). */
int beneath_parent(int root, const char *path, const char **name);

#endif
