/* twins.h — paths that are different here, and one and the same on a file system that takes upper and lower case, or
 * composed and decomposed characters, for the same (macOS and Windows do). */
#ifndef COMPILER_TWINS_H
#define COMPILER_TWINS_H

#include "compiler/order.h"
#include "compiler/tracked.h"

/* The pattern of all paths that, folded (utf8_fold), are equal to the folding of a path that `pattern` matches; and of
 * others that are folded themselves no path of `pattern` is. In the arena. Sets of characters in brackets are folded for ASCII. */
struct str twins_fold(struct arena *, struct str pattern);

/* Warns of patterns of agents that may run at the same time, and of files to be created and files at the base. */
void twins_check(struct load *, const struct plan *, const struct order *, struct tracked *);

#endif
