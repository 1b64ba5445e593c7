/* edit.h — changes to the plan's text that a fix proposes. */
#ifndef COMPILER_EDIT_H
#define COMPILER_EDIT_H

#include "compiler/plan.h"

/* The edit that lets `agent` come after `before`, as the author would have written it. False when there is none in
 * one file: an agent of another file cannot be named. In the arena. */
bool edit_after(struct load *, const struct plan *, uint32_t agent, uint32_t before, struct diag_edit *);

#endif
