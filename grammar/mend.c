/* mend.c — see mend.h. */
#include "grammar/mend.h"

#include "grammar/mistake.h"
#include "grammar/notice.h"
#include "parser.h"

static unsigned kind_of(const struct feed *feed, uint32_t token)
{
	return token < feed->syntax->tokens.n ? feed_token(feed, token)->kind : 0;
}

static bool is_word(unsigned kind)
{
	return kind == TOKEN_NAME || parser_is_word(kind);
}

static bool begins_statement(const struct feed *feed, uint32_t token)
{
	const struct keyword *keyword = keyword_of_token(kind_of(feed, token));
	return keyword && keyword->places;
}

static bool is_flawed(const struct feed *feed, uint32_t token)
{
	return feed->flaw < feed->flaws.list.n && feed->flaws.list.at[feed->flaw].token == token;
}

static struct str text_of(const struct feed *feed, uint32_t token)
{
	return source_text(feed->sources, syntax_token_span(feed->syntax, token));
}

static bool ends_line(const struct feed *feed, uint32_t token)
{
	uint32_t next = feed_significant(feed, token + 1);
	return !kind_of(feed, next) || kind_of(feed, next) == TOKEN_RBRACE ||
	       feed_is_first_on_line(feed, next);
}

/* `owns "x" prompt "y"`: does the second word of a line begin another statement? By what follows: it may
 * be a name as well. */
static bool begins_another(const struct feed *feed, uint32_t token)
{
	const struct keyword *keyword = keyword_of_token(kind_of(feed, token));
	uint32_t behind = feed_significant(feed, token + 1);
	unsigned next = kind_of(feed, behind);
	bool value = next == TOKEN_STRING || next == TOKEN_TEXT || next == TOKEN_LBRACKET ||
		     next == TOKEN_NUMBER || next == TOKEN_DURATION || next == TOKEN_DECIMAL ||
		     next == TOKEN_EQUALS || next == TOKEN_COLON;
	bool word = is_word(next) && !(feed->last == TOKEN_COMMA && feed_would(feed, TOKEN_NAME));
	return keyword && (keyword->places & feed_place(feed)) && (value || word) &&
	       !feed->bracket && !feed_is_first_on_line(feed, token) &&
	       !feed_is_first_on_line(feed, behind);
}

/* Ends the statement before it, and goes on with this one. */
static uint32_t mend_crowded(struct feed *feed, uint32_t token)
{
	uint32_t line = source_line_at(feed->source, feed_token(feed, token)->start);
	if (!feed->said && feed->crowded != line)
		mistake_crowded(feed, token);
	feed->crowded = line;
	feed_line_end(feed);
	return token;
}

/* The comma that was fed last is taken back. */
static void forget_comma(struct feed *feed)
{
	parser_cut(feed->machine, parser_settle(feed->machine) - 1);
	feed->last = TOKEN_STRING;
}

bool mend_comma(struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	if (feed->last != TOKEN_COMMA || feed->bracket)
		return false;
	uint32_t comma = feed->last_token;
	if (begins_another(feed, token)) {
		forget_comma(feed);
		if (feed_would(feed, TOKEN_EOL))
			mend_crowded(feed, token);
		return true;
	}
	if (kind && kind != TOKEN_RBRACE) {
		const struct keyword *keyword = keyword_of_token(kind);
		uint32_t next = feed_significant(feed, token + 1);
		unsigned after = kind_of(feed, next);
		bool names = feed_would(feed, TOKEN_NAME);
		bool alone = ends_line(feed, token) || after == TOKEN_COMMA || after == TOKEN_DOT;
		bool here = keyword ? (keyword->places & feed_place(feed)) != 0
				    : kind == TOKEN_NAME && !names;
		if (!here || !feed_is_first_on_line(feed, token) || (names && alone))
			return false;
	}
	forget_comma(feed);
	if (!feed_would(feed, TOKEN_EOL))
		return true;
	if (!feed->said)
		mistake_trailing_comma(feed, comma);
	feed_line_end(feed);
	return true;
}

bool mend_repeated(struct feed *feed, uint32_t token)
{
	unsigned next = kind_of(feed, feed_significant(feed, token + 1));
	if (feed->last != TOKEN_COMMA || feed->bracket || ends_line(feed, token) ||
	    kind_of(feed, token) != kind_of(feed, feed->statement.keyword) ||
	    !(is_word(next) || next == TOKEN_STRING))
		return false;
	if (!feed->said)
		mistake_repeated(feed, token);
	feed->said = true;
	return true;
}

bool mend_continues(const struct feed *feed, uint32_t token)
{
	unsigned keyword = kind_of(feed, feed->statement.keyword);
	uint32_t first = feed->statement.first;
	return (keyword == TOKEN_AFTER || keyword == TOKEN_MERGE) && feed->last == TOKEN_EOL &&
	       first < token && feed_is_first_on_line(feed, token) &&
	       feed_indent(feed, token) > feed_indent(feed, first);
}

static bool lacks_comma(const struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	bool word = kind == TOKEN_NAME || (parser_is_word(kind) && !begins_statement(feed, token));
	bool last_word = feed->last == TOKEN_NAME || parser_is_word(feed->last);
	bool argument = feed->bracket && kind_of(feed, feed->bracket - 1) == TOKEN_LPAREN;
	if (!feed_would(feed, TOKEN_COMMA))
		return false;
	if (argument)
		return word &&
		       (last_word || feed->last == TOKEN_STRING || feed->last == TOKEN_TEXT);
	return (kind == TOKEN_STRING && feed->last == TOKEN_STRING) || (word && last_word);
}

/* `a and b`: the word that stands for a comma. */
static bool is_and(const struct feed *feed, uint32_t token)
{
	struct str text = text_of(feed, token);
	unsigned next = kind_of(feed, feed_significant(feed, token + 1));
	return (str_is(text, "and") || str_is(text, "or") || str_is(text, "then")) &&
	       feed_would(feed, TOKEN_COMMA) && (is_word(next) || next == TOKEN_STRING) &&
	       !ends_line(feed, token);
}

static uint32_t mend_equals(struct feed *feed, uint32_t token)
{
	bool colon = feed_would(feed, TOKEN_COLON);
	if (!feed->said)
		mistake_equals(feed, token, colon);
	if (colon)
		feed_take(feed, TOKEN_COLON, token);
	else
		feed->said = true;
	return token + 1;
}

static uint32_t mend_missing_comma(struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	if (!feed->said)
		mistake_comma(feed, token);
	feed_take(feed, TOKEN_COMMA, feed->last_token);
	feed_take(feed, kind, token);
	notice_flaws(feed, token);
	return token + 1;
}

/* Where a number or a string stands for a duration, or a second word follows one: what all of it says.
 * `*first`: the token that it begins with. */
static bool find_period(struct feed *feed, uint32_t token, uint32_t *first, struct period *period)
{
	unsigned kind = kind_of(feed, token);
	bool number = kind == TOKEN_NUMBER || kind == TOKEN_DECIMAL || kind == TOKEN_SIZE;
	bool string = kind == TOKEN_STRING && !is_flawed(feed, token);
	bool more = feed->last == TOKEN_DURATION;
	*first = more ? feed->last_token : token;
	*period = (struct period){ 0 };
	if (!more && (!(number || string) || !feed_would(feed, TOKEN_DURATION)))
		return false;
	uint32_t start = feed_token(feed, *first)->start,
		 line = source_line_at(feed->source, start);
	struct str text = source_line(feed->source, line);
	text = str_slice(text, start - feed->source->line[line - 1], text.n);
	if (string && !more) {
		struct str whole = text_of(feed, token);
		struct str inside = str_slice(whole, 1, whole.n - 1);
		bool good = period_read(feed->arena, inside, period) && period->end == inside.n;
		period->end = whole.n;
		return good;
	}
	/* `2-3 hours`: the larger one. */
	struct str number_text = text_of(feed, *first);
	size_t dash = is_flawed(feed, *first) ? str_find(number_text, '-') : SIZE_MAX;
	size_t from = dash != SIZE_MAX && dash ? dash + 1 : 0;
	bool good = period_read(feed->arena, str_slice(text, from, text.n), period);
	period->end += from;
	period->sure = period->sure && !from;
	return good && (!more || start + period->end > feed_token(feed, token)->start);
}

/* Takes all that says it as one duration. */
static uint32_t mend_period(struct feed *feed, uint32_t token, uint32_t first,
			    const struct period *period)
{
	uint32_t start = feed_token(feed, first)->start, last = first;
	struct span span = { feed->syntax->source, start, start + (uint32_t)period->end };
	while (last + 1 < feed->syntax->tokens.n && feed_token(feed, last + 1)->start < span.end)
		last++;
	if (!feed->said)
		mistake_period(feed, span, period);
	while (feed->flaw < feed->flaws.list.n && feed->flaws.list.at[feed->flaw].token <= last)
		feed->flaw++;
	if (first == token)
		feed_take(feed, TOKEN_DURATION, token);
	feed->last_token = last;
	feed->said = feed->build.spoiled = true;
	return last + 1;
}

static uint32_t mend_unit(struct feed *feed, uint32_t token)
{
	if (is_flawed(feed, token))
		notice_flaws(feed, token);
	else if (!feed->said)
		mistake_unit(feed, token);
	feed_take(feed, TOKEN_DURATION, token);
	feed->said = feed->build.spoiled = true;
	return token + 1;
}

/* `owns ["a"]`, `after [a]`: brackets around a list that has none. */
static uint32_t mend_bracket(struct feed *feed, uint32_t token)
{
	if (kind_of(feed, token) == TOKEN_LBRACKET) {
		if (!feed->said)
			mistake_list(feed, token);
		feed->loose = feed->said = true;
		feed->bracket = token + 1;
	} else {
		if (feed->last == TOKEN_COMMA)
			forget_comma(feed);
		feed->loose = false;
		feed->bracket = 0;
	}
	feed->last_token = token;
	return token + 1;
}

/* A name in quotes. */
static uint32_t mend_quoted(struct feed *feed, uint32_t token)
{
	if (!feed->said && !is_flawed(feed, token))
		mistake_syntax(feed, token, syntax_token_span(feed->syntax, token));
	feed->said = feed->said || !is_flawed(feed, token);
	feed_take(feed, TOKEN_NAME, token);
	notice_flaws(feed, token);
	feed->said = true;
	return token + 1;
}

/* Written where a name is to be, and fit to be taken for one. */
static bool is_quoted_name(const struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	bool bare = is_flawed(feed, token) && feed->flaws.list.at[feed->flaw].kind == FLAW_BARE;
	if (!feed_would(feed, TOKEN_NAME) || feed_would(feed, kind))
		return false;
	return kind == TOKEN_STRING && (bare || !is_flawed(feed, token));
}

/* `2fast`, `3d-model`, `007`: taken for the name that it was meant to be. */
static bool begins_with_digit(const struct feed *feed, uint32_t token)
{
	struct str text = text_of(feed, token);
	unsigned kind = kind_of(feed, token), last = feed->last;
	bool flawed = is_flawed(feed, token) && feed->flaws.list.at[feed->flaw].kind != FLAW_NUMBER;
	return (kind == TOKEN_NUMBER || kind == TOKEN_DURATION || kind == TOKEN_SIZE) && !flawed &&
	       text.at[0] >= '0' && text.at[0] <= '9' && last != TOKEN_NUMBER &&
	       last != TOKEN_DECIMAL && feed_would(feed, TOKEN_NAME) && !feed_would(feed, kind);
}

static uint32_t mend_digit(struct feed *feed, uint32_t token)
{
	if (!feed->said)
		mistake_digit(feed, token);
	if (is_flawed(feed, token))
		feed->flaw++;
	feed_take(feed, TOKEN_NAME, token);
	feed->said = true;
	return token + 1;
}

uint32_t mend_token(struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	bool first = feed->last_token == feed->statement.keyword;
	bool list = feed_would(feed, TOKEN_STRING) || feed_would(feed, TOKEN_NAME);
	struct period period;
	uint32_t period_first;
	if (kind == TOKEN_EQUALS || (kind == TOKEN_COLON && first && !feed->loose))
		return mend_equals(feed, token);
	if (kind == TOKEN_COMMA && ends_line(feed, token) && feed_would(feed, TOKEN_EOL)) {
		if (!feed->said)
			mistake_trailing_comma(feed, token);
		feed->last_token = token;
		feed->said = true;
		return token + 1;
	}
	if ((kind == TOKEN_LBRACKET && !feed->bracket && list && !feed_would(feed, TOKEN_LBRACE)) ||
	    (kind == TOKEN_RBRACKET && feed->loose))
		return mend_bracket(feed, token);
	if (is_word(kind) && is_and(feed, token)) {
		if (!feed->said)
			mistake_comma(feed, token);
		feed->said = true;
		feed_take(feed, TOKEN_COMMA, token);
		return token + 1;
	}
	if (lacks_comma(feed, token))
		return mend_missing_comma(feed, token);
	if (find_period(feed, token, &period_first, &period))
		return mend_period(feed, token, period_first, &period);
	if (kind == TOKEN_NUMBER && feed_would(feed, TOKEN_DURATION))
		return mend_unit(feed, token);
	if (begins_with_digit(feed, token))
		return mend_digit(feed, token);
	if (is_quoted_name(feed, token))
		return mend_quoted(feed, token);
	uint32_t behind = kind == TOKEN_COMMA ? feed_significant(feed, token + 1) : token;
	if (feed_would(feed, TOKEN_EOL) && begins_another(feed, behind)) {
		feed->last_token = kind == TOKEN_COMMA ? token : feed->last_token;
		return mend_crowded(feed, behind);
	}
	return token;
}
