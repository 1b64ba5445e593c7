/* clean.h — text that is not what its author sees: damaged by a wrong encoding, or with characters
 * in it that are not seen. What code may not have at all is said by the parser; this is about
 * prompts. */
#ifndef COMPILER_CLEAN_H
#define COMPILER_CLEAN_H

#include "compiler/plan.h"

void clean_check(struct load *, const struct plan *);

#endif
