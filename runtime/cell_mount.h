/* cell_mount.h — the file system that a process in a cell sees. */
#ifndef RUNTIME_CELL_MOUNT_H
#define RUNTIME_CELL_MOUNT_H

#include "runtime/boundary.h"

/* In a mount namespace of its own, with all rights in its user namespace. */
bool cell_mount(const struct boundary *, struct fail *);

#endif
