/* mistake.h — the messages about tokens that cannot stand where they are. Each counts against the
 * file's limit; past it nothing is said any more. */
#ifndef GRAMMAR_MISTAKE_H
#define GRAMMAR_MISTAKE_H

#include "grammar/feed.h"
#include "grammar/period.h"
#include "grammar/synonym.h"

void mistake_flaw(struct feed *, const struct flaw *);
/* Something else was expected than `token`, which may be behind the last one; said at `span`. */
void mistake_syntax(struct feed *, uint32_t token, struct span);
void mistake_equals(struct feed *, uint32_t token, bool colon_meant);	/* `=` or `:` that should not be there */
void mistake_comma(struct feed *, uint32_t token);	/* missing before the token */
void mistake_unit(struct feed *, uint32_t token);	/* a bare number for a duration */
/* A duration that is not written as one; the text at `span` is to be replaced. */
void mistake_period(struct feed *, struct span, const struct period *);
void mistake_crowded(struct feed *, uint32_t token);	/* a statement behind another on one line */
void mistake_digit(struct feed *, uint32_t token);	/* a name that begins with one */
void mistake_brace_line(struct feed *, uint32_t token);	/* `{` on a line of its own */
void mistake_bracket(struct feed *, uint32_t token);	/* the open bracket is not closed before the token */
void mistake_block(struct feed *, uint32_t token);	/* the innermost block is not closed before the token */
void mistake_extra_brace(struct feed *, uint32_t token);
void mistake_nesting(struct feed *, uint32_t token);
void mistake_brace_missing(struct feed *, struct span);	/* the block that follows has no `{` */
void mistake_closer(struct feed *, uint32_t token);	/* something else where a `}` is meant */
void mistake_trailing_comma(struct feed *, uint32_t comma);	/* with nothing behind it */
void mistake_repeated(struct feed *, uint32_t token);	/* a keyword within its own list */
void mistake_list(struct feed *, uint32_t bracket);	/* around a list that has none */
void mistake_continued(struct feed *, uint32_t token);	/* a list goes on in the next line without a comma */
/* A word that begins no statement here; `nearest` may be NULL, as may the synonym that led to
 * it. */
void mistake_unknown(struct feed *, uint32_t token, const struct keyword *nearest,
		     const struct synonym *);
void mistake_agent(struct feed *, uint32_t token);	/* the name of an agent without the keyword */
void mistake_misplaced(struct feed *, uint32_t token, const struct keyword *);

#endif
