/* openfiles.h — how many files this process may have open, made sure of before they are needed: in the
 * middle of a run there is no good way to go on without one. */
#ifndef RUNTIME_OPENFILES_H
#define RUNTIME_OPENFILES_H

#include "common/fail.h"

/* Raises the limit as far as it has to and may be. `what` they are for is said when it is not enough:
 * "a run with 3 agents at once". */
bool openfiles_reserve(unsigned long needed, const char *what, struct fail *);

#endif
