/* callfilter.h — system calls that no agent needs and that reach what belongs to others: keys of the
 * user, files by their number, a terminal's input. For good, and for all programs that are started
 * from here (seccomp(2)). */
#ifndef RUNTIME_CALLFILTER_H
#define RUNTIME_CALLFILTER_H

#include "common/fail.h"

/* rights_give_up() must have been called. */
bool callfilter_enter(struct fail *);

#endif
