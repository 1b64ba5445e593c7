/* feed.h — the tokens of a file on their way into lemon's machine: which line ends count, which
 * blocks and brackets are open, where the present statement began. What to do about mistakes is
 * recover.c's. */
#ifndef GRAMMAR_FEED_H
#define GRAMMAR_FEED_H

#include "grammar/automaton.h"
#include "grammar/lexer.h"

enum { FEED_NESTING = 64, FEED_MISTAKES = 1000 };

struct feed_statement {
	uint32_t first;	/* its first token, the slash-dash included */
	uint32_t keyword;	/* the token that names it */
	size_t height;	/* of the machine's stack before it */
};
struct feed_block {
	uint32_t brace;	/* token */
	struct feed_statement statement;	/* whose block it is */
	unsigned place;	/* of enum keyword_place */
	bool invented;	/* the brace is missing, which was said; nothing is said about its end */
};
struct feed {
	struct arena *arena;
	const struct sources *sources;
	const struct source *source;
	struct syntax *syntax;
	struct diags *diags;
	struct flaws flaws;
	size_t flaw;	/* the first that was not come to yet */
	size_t mistakes;	/* said so far in this file */

	struct build build;
	struct yyParser *machine;
	unsigned last;	/* the kind that was fed last; 0 at first */
	uint32_t last_token;	/* the last token that was fed or passed over */
	uint32_t bracket;	/* token of the open ( or [, plus 1; they do not nest */
	bool loose;	/* that bracket should not be there, and its end will be passed over as well */
	struct feed_block block[FEED_NESTING];
	size_t depth;
	long unclosed;	/* braces that open less those that close, in all that is left of the file */

	bool at_start;	/* the next token begins a statement */
	struct feed_statement statement;
	uint32_t crowded;	/* the line of which it was said that it has several statements; 0: none */
	bool said;	/* a mistake of this statement was said from which others may follow */
};

const struct token *feed_token(const struct feed *, uint32_t token);
bool feed_would(const struct feed *, unsigned kind);	/* would be taken as the next one */
/* Feeds that token as one of that kind, which must be one that would be taken. */
void feed_take(struct feed *, unsigned kind, uint32_t token);
bool feed_needs_line_end(const struct feed *);	/* a line end now would end a statement */
void feed_line_end(struct feed *);	/* must be one that would be taken */
void feed_close_block(struct feed *);	/* as if there had been a brace and the line ends around it */
unsigned feed_place(const struct feed *);	/* of the statement that is being read */

/* The next token that is no trivia, from `token` on; the number of tokens when there is none. */
uint32_t feed_significant(const struct feed *, uint32_t token);
bool feed_is_first_on_line(const struct feed *, uint32_t token);
size_t feed_line_indent(struct str line);	/* bytes of white space at its beginning */
size_t feed_indent(const struct feed *, uint32_t token);	/* bytes of white space before that token's line */

#endif
