/* foreign.h — texts and comments as other languages write them, so that one who brings a habit
 * along hears of it once, and not of every line of the text. */
#ifndef GRAMMAR_FOREIGN_H
#define GRAMMAR_FOREIGN_H

#include "grammar/lexer.h"

/* Of a file, what is known not to follow any more, so that a file is not searched through again and
 * again. */
struct foreign {
	bool no_quotes, no_backtick, no_star, no_arrow;
};
/* What begins at `at` in the way of another language: where it ends, and which flaw it is. False
 * when it is nothing of the kind, or has no end. `line`: where its line begins. */
bool foreign_text(struct foreign *, struct str, size_t line, size_t at, enum flaw_kind *,
		  size_t *end);
bool foreign_comment(struct foreign *, struct str, size_t line, size_t at, size_t *end);

#endif
