/* recover.h — what happens when a token cannot stand where it is: it is said once, what was meant
 * is guessed where it can be, and reading goes on as near behind it as nothing follows from it. */
#ifndef GRAMMAR_RECOVER_H
#define GRAMMAR_RECOVER_H

#include "grammar/feed.h"

/* `token` would not be taken. The token with which to go on. */
uint32_t recover_token(struct feed *, uint32_t token);
/* The end of a line or, with `token` behind the last, of the file would not be taken. The same. */
uint32_t recover_line_end(struct feed *, uint32_t token);
/* The statement at `token` stands further out than the block around it, whose end is missing: said,
 * and the block is closed. To be asked again, as there may be others. */
bool recover_outside(struct feed *, uint32_t token);
/* A brace closes; is it one too many, or is one missing before it? Said and dealt with.
 * False when it is to be passed over. */
bool recover_brace(struct feed *, uint32_t token);
void recover_file_end(struct feed *);	/* blocks are open at the end of the file */

#endif
