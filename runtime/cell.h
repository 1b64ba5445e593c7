/* cell.h — a process in user, mount, process, IPC and host name namespaces of its own: the strongest
 * jail (user_namespaces(7), mount_namespaces(7), pid_namespaces(7)). Linux 5.12.
 *
 * The first process in there, which the kernel calls init, makes the jail and then only waits: for
 * the program's end, and for TERM, at which it asks the program to end. When it ends, be it killed, the kernel ends
 * all others in there, whatever they did to get away; and it is killed when its parent dies. */
#ifndef RUNTIME_CELL_H
#define RUNTIME_CELL_H

#include "runtime/boundary.h"
#include "runtime/limit.h"

#include <sys/types.h>

/* In memory that is shared with init. */
struct cell_end {
	int status;	/* of the program, as of waitpid(2) */
	bool ended;	/* it has ended by itself */
	bool counted;	/* the kernel holds how many processes there are */
	int ask;	/* the signal that the program is asked to end with, set before it starts */
};
struct cell_end *cell_share(void);	/* NULL with errno */
void cell_unshare(struct cell_end *);

/* Like fork(2): the number of init; 0 in the program's process, which is in the jail and is to call
 * exec; -1. Where the jail cannot be made, it is 0 with the failure written, and the process is to
 * tell so through `report`, a pipe that the parent reads, and end. The limit, of processes, may be
 * NULL. */
pid_t cell_start(const struct boundary *, const struct limit *, const int report[2],
		 struct cell_end *, struct fail *);

#endif
