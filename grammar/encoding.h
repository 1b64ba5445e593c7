/* encoding.h — are the bytes of a plan or a document text, and in UTF-8? */
#ifndef GRAMMAR_ENCODING_H
#define GRAMMAR_ENCODING_H

#include "common/diag.h"

bool encoding_is_wide(struct str);	/* UTF-16? */
/* So full of NUL, or of NUL and what is no UTF-8, that nothing in it could be shown to anybody. A
 * text with a NUL in it is still text, and UTF-16 is as well. */
bool encoding_is_binary(struct str);
/* False when it is not UTF-8, which is said then, with the encoding that it most likely has. */
bool encoding_check(struct diags *, uint32_t source, struct str text);

#endif
