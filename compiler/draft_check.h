/* draft_check.h — where a document contradicts itself, is too vague to hold anyone to, or lacks
 * what a plan needs. */
#ifndef COMPILER_DRAFT_CHECK_H
#define COMPILER_DRAFT_CHECK_H

#include "compiler/draft.h"

/* Adds to the diagnostics of the draft, which is settled. */
void draft_check(const struct draft *);

#endif
