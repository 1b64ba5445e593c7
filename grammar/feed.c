/* feed.c — see feed.h.
 *
 * A line end counts unless nothing of a statement is there yet, a list goes on behind its comma, or
 * a bracket is open; and where a block ends on the line of its last statement, a line end is put
 * in. */
#include "grammar/feed.h"

#include "common/fail.h"
#include "parser.h"

const struct token *feed_token(const struct feed *feed, uint32_t token)
{
	return &feed->syntax->tokens.at[token];
}

bool feed_would(const struct feed *feed, unsigned kind)
{
	return parser_would_shift(feed->machine, kind, true);
}

static unsigned place_of_keyword(unsigned keyword)
{
	switch (keyword) {
	case TOKEN_PLAN: return IN_PLAN;
	case TOKEN_GROUP: return IN_GROUP;
	case TOKEN_AGENT: return IN_AGENT;
	case TOKEN_TEMPLATE: return IN_TEMPLATE;
	case TOKEN_RUNNER: return IN_RUNNER;
	case TOKEN_EVENTS: return IN_EVENTS;
	case TOKEN_METRIC: return IN_METRIC;
	}
	BUG_IF(true, "a block behind a statement that has none");
	return 0;
}

unsigned feed_place(const struct feed *feed)
{
	return feed->depth ? feed->block[feed->depth - 1].place : IN_FILE;
}

static void open_block(struct feed *feed, uint32_t brace)
{
	BUG_IF(feed->depth == FEED_NESTING, "a block too deep");
	unsigned place = place_of_keyword(feed_token(feed, feed->statement.keyword)->kind);
	feed->block[feed->depth++] = (struct feed_block){ brace, feed->statement, place, false };
	feed->at_start = true;
	feed->said = feed->build.spoiled = false;
}

void feed_take(struct feed *feed, unsigned kind, uint32_t token)
{
	if (feed->at_start && kind != TOKEN_RBRACE) {
		if (feed->last != TOKEN_SLASHDASH) {
			feed->statement = (struct feed_statement){ .first = token };
			feed->statement.height = parser_settle(feed->machine);
			feed->said = feed->build.spoiled = false;
		}
		feed->statement.keyword = token;
		feed->at_start = kind == TOKEN_SLASHDASH;
	}
	parser_feed(feed->machine, kind, token);
	feed->last = kind;
	feed->last_token = token;
	switch (kind) {
	case TOKEN_LPAREN:
	case TOKEN_LBRACKET:
		feed->bracket = token + 1;
		break;
	case TOKEN_RPAREN:
	case TOKEN_RBRACKET:
		feed->bracket = 0;
		break;
	case TOKEN_LBRACE:
		open_block(feed, token);
		break;
	case TOKEN_RBRACE:
		feed->statement = feed->block[--feed->depth].statement;
		feed->at_start = feed->said = feed->build.spoiled = false;
		break;
	case TOKEN_EOL:
		feed->at_start = true;
		feed->said = feed->build.spoiled = false;
		break;
	}
}

bool feed_needs_line_end(const struct feed *feed)
{
	switch (feed->last) {
	case 0:
	case TOKEN_LBRACE:
	case TOKEN_COMMA:
	case TOKEN_EOL:
	case TOKEN_SLASHDASH:
		return false;
	}
	return !feed->bracket;
}

void feed_line_end(struct feed *feed)
{
	feed_take(feed, TOKEN_EOL, feed->last_token);
}

void feed_close_block(struct feed *feed)
{
	feed_take(feed, TOKEN_RBRACE, feed->last_token);
	feed_line_end(feed);
}

uint32_t feed_significant(const struct feed *feed, uint32_t token)
{
	while (token < feed->syntax->tokens.n && lexer_is_trivia(feed_token(feed, token)->kind))
		token++;
	return token;
}

bool feed_is_first_on_line(const struct feed *feed, uint32_t token)
{
	if (token && feed_token(feed, token - 1)->kind == TRIVIA_SPACE)
		token--;
	return !token || feed_token(feed, token - 1)->kind >= TRIVIA_NEWLINE;
}

size_t feed_line_indent(struct str line)
{
	size_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return n;
}

size_t feed_indent(const struct feed *feed, uint32_t token)
{
	uint32_t line = source_line_at(feed->source, feed_token(feed, token)->start);
	return feed_line_indent(source_line(feed->source, line));
}
