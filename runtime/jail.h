/* jail.h — this process gives up all that it does not need, for good.
 *
 * What may be read is kept by Landlock (landlock(7), Linux 5.13); which system calls
 * there are, by seccomp (seccomp(2)). The list of calls says what is allowed, not what is
 * forbidden: what a later kernel invents is shut out, too, and is answered as a kernel that does
 * not know it would, with ENOSYS, from which the C library knows how to go on. On kernels that have
 * one of the two only, or neither, and on processors other than x86-64 and ARM64, what is not there
 * is left out: the program then keeps to its word by itself.
 *
 * Nothing can be written, made or removed (writer.h), nothing be run, nobody be connected to or
 * signalled, no memory made executable; what is open stays open. */
#ifndef RUNTIME_JAIL_H
#define RUNTIME_JAIL_H

#include "common/str.h"

struct jail {
	bool files, calls;	/* what the kernel keeps from now on */
};

/* For all of the process, which has one thread. What may be read: files, and folders with what is
 * in and below them; each NUL-terminated. One that is not there is passed over. */
struct jail jail_begin(struct str_list readable);

#endif
