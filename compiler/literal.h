/* literal.h — a text as it is written in a plan, so that reading it gives the same text again. */
#ifndef COMPILER_LITERAL_H
#define COMPILER_LITERAL_H

#include "common/text.h"

/* In quotes. What the lexer would not take as it is, or would compose with what stands before it,
 * is escaped. Bytes that are not UTF-8 have no such form, and are left as they are. */
void literal_add(struct text *, struct str);
/* Does a text block come out as this again? It takes the first line's indentation from all, has
 * nothing on blank lines, and knows no escapes. */
bool literal_fits_block(struct str);
/* Between `"""`, its lines two columns deeper than the statement, which is `indent` columns deep.
 * Only what fits. No line end behind it. */
void literal_add_block(struct text *, size_t indent, struct str);

#endif
