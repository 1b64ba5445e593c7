/* lexer.h — from bytes to tokens, all of them: every byte is in exactly one token.
 *
 * The lexer never fails. What is wrong with a token is a flaw beside it, so that the parser can go
 * on with what was meant (an unclosed string is still a string) and say it only where it does not
 * follow from another mistake. */
#ifndef GRAMMAR_LEXER_H
#define GRAMMAR_LEXER_H

#include "grammar/keyword.h"
#include "grammar/syntax.h"

/* Kinds of trivia, beside the TOKEN_… of the parser. */
enum trivia {
	TRIVIA_SPACE = 0x1000,	/* spaces and tabs */
	TRIVIA_NEWLINE,		/* one LF or CR LF */
	TRIVIA_COMMENT,		/* from # up to the line end, not included */
	TRIVIA_BOM,		/* the mark that some editors write at the beginning */
	TRIVIA_CONFLICT,	/* a line of a merge conflict's markers, or its other side with its markers */
};

enum flaw_kind {
	FLAW_STRING_OPEN,	/* no quote at its end */
	FLAW_QUOTES,		/* typographic quotes around a string */
	FLAW_SINGLE_QUOTES,	/* '…' or `…` */
	FLAW_FOREIGN_QUOTES,	/* a text of several lines in quotes, ours or not */
	FLAW_FOREIGN_TEXT,	/* a here-document, or a text by its indentation */
	FLAW_ESCAPE,		/* the escape that does not exist */
	FLAW_BACKSLASHES,	/* a path with backslashes for slashes */
	FLAW_ESCAPE_CHARACTER,	/* \u{…} with a number that is no character's */
	FLAW_BARE,		/* a path without quotes, read as a string */
	FLAW_NAME,		/* a letter that names do not have */
	FLAW_SLASHES,		/* a comment that begins with two slashes */
	FLAW_FOREIGN_COMMENT,	/* one as other languages write them */
	FLAW_NUMBER,		/* begins like a number and is none */
	FLAW_CHARACTER,		/* a character that begins nothing */
	FLAW_CONTROL,		/* a control character */
	FLAW_BIDI,
	FLAW_INVISIBLE,
	FLAW_NFC,		/* not composed */
	FLAW_TEXT_INLINE,	/* text behind the opening quotes of a text block */
	FLAW_TEXT_INDENT,	/* a line that is not indented as it must be */
	FLAW_TEXT_CLOSE,	/* closing quotes that are not where they must be */
	FLAW_TEXT_OPEN,		/* no closing quotes */
	FLAW_CONFLICT,		/* a merge conflict */
};
struct flaw {
	enum flaw_kind kind;
	uint32_t token;		/* index */
	uint32_t start, end;	/* the bytes in question */
	uint32_t other;		/* of text blocks: where the opening quotes end */
	bool doubtful, apostrophes;	/* of foreign quotes: see quoted.h */
};
struct flaws {
	VEC(struct flaw) list;	/* by token */
};

/* All tokens of the source, and what is wrong with them. */
void lexer_run(struct arena *, const struct source *, struct syntax *, struct flaws *);

/* Of names: a letter of ASCII, a digit or `_`. */
static inline bool lexer_is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static inline bool lexer_is_trivia(unsigned kind)
{
	return kind >= TRIVIA_SPACE;
}

#endif
