/* twins.h — paths that are different here, and one and the same on a file system that takes upper
 * and lower case, or composed and decomposed characters, for the same (macOS and Windows do). */
#ifndef COMPILER_TWINS_H
#define COMPILER_TWINS_H

#include "compiler/order.h"
#include "compiler/tracked.h"

/* A pattern that matches the folding (utf8_fold) of whatever `pattern` matches, but where `?` or a
 * set takes one character that folds to several. Sets are folded for ASCII. In the arena. */
struct str twins_fold(struct arena *, struct str pattern);

/* Warns of patterns of agents that may run at the same time, and of files to be created and files
 * at the base. */
void twins_check(struct load *, const struct plan *, struct tracked *);

#endif
