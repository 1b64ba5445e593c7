/* race.h — agents that rely on what an agent which may run at the same time owns. */
#ifndef COMPILER_RACE_H
#define COMPILER_RACE_H

#include "compiler/order.h"

/* One warning for each pattern that is read, with the first owner that is in its way. */
void race_check(struct load *, const struct plan *, const struct order *);

#endif
