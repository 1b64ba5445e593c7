/* format_token.c — see format_token.h. */
#include "compiler/format_token.h"

#include "compiler/allow.h"
#include "grammar/lexer.h"
#include "parser.h"

unsigned format_token_kind(const struct format_token *t, uint32_t token)
{
	return t->syntax->tokens.at[token].kind;
}

struct str format_token_text(const struct format_token *t, uint32_t token)
{
	const struct token *at = &t->syntax->tokens.at[token];
	return str_slice(t->text, at->start, at->end);
}

uint32_t format_token_significant(const struct format_token *t, uint32_t token, uint32_t end)
{
	while (token < end && lexer_is_trivia(format_token_kind(t, token)))
		token++;
	return token;
}

/* `#` and a space, but in what is no sentence: `##`, `#!`, `#:`. */
static struct str write_comment(const struct format_token *t, uint32_t token)
{
	struct str text = str_trim(format_token_text(t, token));
	if (text.n < 2 || str_find(STR(" \t#!:"), text.at[1]) != SIZE_MAX)
		return text;
	return arena_format(t->arena, "# %.*s", STR_ARG(str_slice(text, 1, text.n)));
}

bool format_token_gap_next(const struct format_token *t, struct format_token_gap *gap,
			   struct format_token_comment *comment)
{
	while (gap->at < gap->end) {
		uint32_t token = gap->at++;
		struct str name;
		switch (format_token_kind(t, token)) {
		case TRIVIA_SPACE:
		case TRIVIA_BOM:
			break;
		case TRIVIA_NEWLINE:
			gap->lines++;
			break;
		default:
			gap->lines = 0;
			break;
		case TRIVIA_COMMENT:
			*comment = (struct format_token_comment){ write_comment(t, token), !gap->lines, gap->lines > 1 };
			comment->allow = !comment->behind && allow_read(comment->text, &name);
			gap->lines = 0;
			return true;
		}
	}
	return false;
}

bool format_token_find(const struct format_token *t, uint32_t first, uint32_t end, unsigned trivia)
{
	for (; first < end; first++)
		if (format_token_kind(t, first) == trivia)
			return true;
	return false;
}

static bool is_spaced(unsigned left, unsigned right)
{
	switch (right) {
	case TOKEN_COMMA:
	case TOKEN_COLON:
	case TOKEN_DOT:
	case TOKEN_LPAREN:
	case TOKEN_RPAREN:
	case TOKEN_RBRACKET:
		return false;
	case TOKEN_RBRACE:
		return left != TOKEN_LBRACE;
	}
	return left != TOKEN_LPAREN && left != TOKEN_LBRACKET && left != TOKEN_DOT &&
	       left != TOKEN_SLASHDASH;
}

/* The next token that is written, from `token` on: a comma before a closing bracket is not. */
static uint32_t next_written(const struct format_token *t, uint32_t token, uint32_t last)
{
	token = format_token_significant(t, token, last + 1);
	if (token > last || format_token_kind(t, token) != TOKEN_COMMA)
		return token;
	uint32_t next = format_token_significant(t, token + 1, last + 1);
	unsigned kind = next > last ? 0 : format_token_kind(t, next);
	return kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET ? next : token;
}

size_t format_token_width(const struct format_token *t, uint32_t first, uint32_t last)
{
	size_t width = 0;
	unsigned left = 0;
	for (uint32_t token = first; (token = next_written(t, token, last)) <= last; token++) {
		unsigned kind = format_token_kind(t, token);
		width += format_line_columns(format_token_text(t, token)) +
			 (left && is_spaced(left, kind));
		left = kind;
	}
	return width;
}

void format_token_add(const struct format_token *t, struct format_line *line, uint32_t first,
		      uint32_t last)
{
	unsigned left = 0;
	for (uint32_t token = first; (token = next_written(t, token, last)) <= last; token++) {
		unsigned kind = format_token_kind(t, token);
		if (left && is_spaced(left, kind))
			format_line_add(line, STR(" "));
		format_line_add(line, format_token_text(t, token));
		left = kind;
	}
}
