/* outside.h — the same plan by orch itself: real processes, real kills, and whatever order comes of
 * it. What inside.h came to is what it has to come to. */
#ifndef TESTS_PROPERTY_OUTSIDE_H
#define TESTS_PROPERTY_OUTSIDE_H

#include "tests/property/inside.h"

/* By the path this program was started by: orch lies two folders above it. */
bool outside_find_programs(const char *self);
void outside_run(struct inside *);
/* As an agent of such a run: the file says of which seed. */
int outside_act(const char *file);

#endif
