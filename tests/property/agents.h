/* agents.h — a random agent: does to its work tree whatever comes to its mind.
 *
 * What it does follows from the seed, its name and what it finds, and from nothing else: not from
 * the time, nor from the order in which a folder is listed. A tidy one changes only what it owns,
 * by any means; another does anything. */
#ifndef TESTS_PROPERTY_AGENTS_H
#define TESTS_PROPERTY_AGENTS_H

#include "tests/property/plans.h"

/* In the tree's folder, which is the current one. Returns how many things it did. */
size_t agents_act(const struct plans *, size_t agent);

#endif
