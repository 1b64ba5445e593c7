/* overlaps.h — a plan that the compiler refused for an overlap: is that so? */
#ifndef TESTS_PROPERTY_OVERLAPS_H
#define TESTS_PROPERTY_OVERLAPS_H

#include "tests/property/inside.h"

/* Reads from the first message who clashes at which path, and runs the two with the proof left out:
 * their results must conflict. sooner < later: the pair. False when the message makes no sense. */
bool overlaps_show(struct inside *, const struct compile *, size_t *sooner, size_t *later);

#endif
