/* whole.h — what holds for a plan as a whole: its own block, and what may be said in which file. */
#ifndef COMPILER_WHOLE_H
#define COMPILER_WHOLE_H

#include "compiler/layer.h"

/* Reads the plan's block into source->plan, and the defaults that it has for agents into
 * `defaults`, which is zeroed. Its `merge` statement, or NULL. Also checks every file's version,
 * and what libraries have. */
const struct node *whole_read(struct layer_source *, struct layer *defaults);

#endif
