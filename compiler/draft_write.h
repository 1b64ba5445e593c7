/* draft_write.h — a settled draft as the text of a plan, in the canonical form. */
#ifndef COMPILER_DRAFT_WRITE_H
#define COMPILER_DRAFT_WRITE_H

#include "compiler/draft.h"

/* Whatever the draft holds, the text has no mistake of syntax (E01xx). */
void draft_write(const struct draft *, struct text *out);

#endif
