/* draft_conflict.h — orders of a document that contradict one another. */
#ifndef COMPILER_DRAFT_CONFLICT_H
#define COMPILER_DRAFT_CONFLICT_H

#include "compiler/draft.h"

/* Of a settled draft; both places of each are named. */
void draft_conflict_check(const struct draft *);

#endif
