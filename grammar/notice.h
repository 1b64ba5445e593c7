/* notice.h — what the lexer found wrong is said when the parser comes to it, unless it follows from
 * what was said. */
#ifndef GRAMMAR_NOTICE_H
#define GRAMMAR_NOTICE_H

#include "grammar/feed.h"

/* Says what is wrong with the trivia up to `token`, and with the token itself, which is to be
 * taken. */
void notice_flaws(struct feed *, uint32_t token);
/* Of a token that is passed over, says only what has nothing to do with the statement. */
void notice_passed(struct feed *, uint32_t token);

#endif
