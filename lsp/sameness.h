/* sameness.h — does a plan say the same after a change that is only to change how it says it? */
#ifndef LSP_SAMENESS_H
#define LSP_SAMENESS_H

#include "compiler/compile.h"

/* The same agents in the same order, but for their names: what each owns, waits for, holds, is told and is run with, in
 * plans that name the same things in the same order. With no more errors than before. */
bool sameness_holds(const struct compile *before, const struct compile *after);

#endif
