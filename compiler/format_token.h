/* format_token.h — the tokens of a plan as the formatter takes them: what stands between two of
 * them that count (line ends, comments), and how they stand beside one another on one line. */
#ifndef COMPILER_FORMAT_TOKEN_H
#define COMPILER_FORMAT_TOKEN_H

#include "compiler/format_line.h"
#include "grammar/syntax.h"

struct format_token {
	struct arena *arena;	/* borrowed, as are the others */
	const struct syntax *syntax;
	struct str text;	/* the source's */
};
/* A run of tokens, to be begun with `at`, `end` and, at the beginning of the file, one line end. */
struct format_token_gap {
	uint32_t at, end;
	unsigned lines;		/* line ends since the last token that counts, or comment */
};
struct format_token_comment {
	struct str text;	/* as it is to be written */
	bool behind;		/* something stands before it in its line */
	bool apart;		/* an empty line is before it */
	bool allow;		/* silences a warning of the next line */
};

unsigned format_token_kind(const struct format_token *, uint32_t token);
struct str format_token_text(const struct format_token *, uint32_t token);
/* The first token from `token` on that is no trivia, or `end`. */
uint32_t format_token_significant(const struct format_token *, uint32_t token, uint32_t end);

/* The next comment; at the end false, and `lines` are those before what follows. Other tokens are
 * passed over. */
bool format_token_gap_next(const struct format_token *, struct format_token_gap *,
			   struct format_token_comment *);
/* Is any trivia of that kind from `first` up to `end`? */
bool format_token_find(const struct format_token *, uint32_t first, uint32_t end, unsigned trivia);

/* The tokens from `first` to `last` on one line: how wide that is, and added. */
size_t format_token_width(const struct format_token *, uint32_t first, uint32_t last);
void format_token_add(const struct format_token *, struct format_line *, uint32_t first,
		      uint32_t last);

#endif
