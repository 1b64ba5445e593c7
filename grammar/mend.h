/* mend.h — slips whose meaning is plain: they are said, and reading goes on as if it had been
 * written well, so that the statement counts and what else is wrong with it is found. */
#ifndef GRAMMAR_MEND_H
#define GRAMMAR_MEND_H

#include "grammar/feed.h"

/* `token` would not be taken inside of a statement. The token with which to go on; `token` when
 * nothing is plain. */
uint32_t mend_token(struct feed *, uint32_t token);
/* A list ends in a comma, and `token`, in a line below or a brace, is no item: the comma is said
 * and forgotten, and the statement has ended; unless more is needed, which is then to be said. */
bool mend_comma(struct feed *, uint32_t token);
/* `after a, after b`: the keyword once more behind a comma, which is said; the token is to be
 * passed over. */
bool mend_repeated(struct feed *, uint32_t token);
/* Does a word begin this line that was meant to be one more item of the statement before, which
 * lacks a comma? */
bool mend_continues(const struct feed *, uint32_t token);

#endif
