/* expect.c — see expect.h. */
#include "grammar/expect.h"

#include "parser.h"

/* What is no keyword, in the order in which people think of it. */
static const struct {
	uint16_t kind;
	const char *name;
} plain[] = {
	{ TOKEN_NAME, "a name" },
	{ TOKEN_STRING, "a string in quotes" },
	{ TOKEN_TEXT, "a text block (`\"\"\"`)" },
	{ TOKEN_DURATION, "a duration such as `30m`" },
	{ TOKEN_NUMBER, "a number" },
	{ TOKEN_DECIMAL, "an amount such as `12.50`" },
	{ TOKEN_COMPARISON, "`<=`, `>=`, `<` or `>`" },
	{ TOKEN_SIZE, "a size such as `512M`" },
	{ TOKEN_LPAREN, "`(`" },
	{ TOKEN_RPAREN, "`)`" },
	{ TOKEN_LBRACKET, "`[`" },
	{ TOKEN_RBRACKET, "`]`" },
	{ TOKEN_COLON, "`:`" },
	{ TOKEN_DOT, "`.`" },
	{ TOKEN_COMMA, "`,`" },
	{ TOKEN_LBRACE, "`{`" },
	{ TOKEN_EOL, "the end of the line" },
};
enum { PLAIN = sizeof plain / sizeof plain[0] };

static bool would(const struct feed *feed, unsigned kind)
{
	return parser_would_shift(feed->machine, kind, false);
}

static struct str join(struct feed *feed, const struct str *part, size_t n)
{
	struct text text = { 0 };
	for (size_t i = 0; i < n; i++) {
		text_add(&text, str_from(i == 0 ? "" : i + 1 == n ? " or " : ", "));
		text_add(&text, part[i]);
	}
	struct str joined = arena_copy(feed->arena, text_str(&text));
	text_release(&text);
	return joined;
}

struct str expect_text(struct feed *feed)
{
	struct str part[PLAIN + 128];
	size_t n = 0;
	if (feed->at_start)
		return STR("a statement");
	if (feed->last == TOKEN_DECIMAL ||
	    feed_token(feed, feed->statement.keyword)->kind == TOKEN_BUDGET) {
		if (would(feed, TOKEN_NAME))
			return STR("a currency such as `USD`");
	}
	/* Words of their own first: where a name would do as well, they are the less known. */
	for (size_t i = 0; i < keyword_list_n; i++)
		if (would(feed, keyword_list[i].token))
			part[n++] = arena_format(feed->arena, "`%.*s`",
						 STR_ARG(keyword_list[i].word));
	for (size_t i = 0; i < PLAIN; i++)
		if (would(feed, plain[i].kind))
			part[n++] = str_from(plain[i].name);
	return join(feed, part, n);
}

struct str expect_found(struct feed *feed, uint32_t token)
{
	enum { LONGEST = 40 };
	if (token >= feed->syntax->tokens.n)
		return STR("the end of the file");
	const struct token *at = feed_token(feed, token);
	struct str text = str_slice(feed->source->text, at->start, at->end);
	const char *what = at->kind == TOKEN_NAME ? "name " :
			   at->kind == TOKEN_STRING ? "string " :
			   at->kind == TOKEN_NUMBER ? "number " :
			   at->kind == TOKEN_DURATION ? "duration " :
			   at->kind == TOKEN_SIZE ? "size " : "";
	if (at->kind == TRIVIA_NEWLINE)
		return STR("the end of the line");
	if (at->kind == TOKEN_TEXT)
		return STR("a text block");
	if (text.n <= LONGEST)
		return arena_format(feed->arena, "%s`%.*s`", what, STR_ARG(text));
	size_t end = LONGEST;
	while (end && ((unsigned char)text.at[end] & 0xC0) == 0x80)
		end--;
	return arena_format(feed->arena, "%s`%.*s…`", what, (int)end, text.at);
}
