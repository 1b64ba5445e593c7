/* recover.c — see recover.h.
 *
 * In this order: what is plainly meant is put right and reading goes on (a missing comma, `=`, a bracket, a
 * misspelt keyword); if the statement opens a block on its line, reading goes on in the block; else the
 * statement is passed over to its end at the same depth of braces. `feed->said` keeps what follows from a
 * mistake in the same statement from being said as well. */
#include "grammar/recover.h"

#include "grammar/flaw.h"
#include "grammar/mistake.h"
#include "parser.h"

static unsigned kind_of(const struct feed *feed, uint32_t token)
{
	return token < feed->syntax->tokens.n ? feed_token(feed, token)->kind : 0;
}

static bool begins_statement(const struct feed *feed, uint32_t token)
{
	const struct keyword *keyword = keyword_of_token(kind_of(feed, token));
	return keyword && keyword->places;
}

static struct span span_behind(const struct feed *feed)
{
	uint32_t end = feed_token(feed, feed->last_token)->end;
	return (struct span){ feed->syntax->source, end, end };
}

void recover_say_flaws(struct feed *feed, uint32_t token)
{
	for (; feed->flaw < feed->flaws.list.n; feed->flaw++) {
		const struct flaw *flaw = &feed->flaws.list.at[feed->flaw];
		if (flaw->token > token)
			return;
		mistake_flaw(feed, flaw);
		if (!lexer_is_trivia(kind_of(feed, token)))
			feed->build.spoiled = true;
		if (!feed->at_start && flaw_misleads(flaw->kind))
			feed->said = true;
	}
}

/* Of a token that is passed over, only what has nothing to do with the statement. */
static void pass_flaws(struct feed *feed, uint32_t token)
{
	for (; feed->flaw < feed->flaws.list.n; feed->flaw++) {
		const struct flaw *flaw = &feed->flaws.list.at[feed->flaw];
		if (flaw->token > token)
			return;
		unsigned kind = kind_of(feed, flaw->token);
		if (kind == TRIVIA_COMMENT || kind == TRIVIA_CONFLICT)
			mistake_flaw(feed, flaw);
	}
}

/* A line end at `token` while passing over: does the statement go on? */
static bool goes_on(const struct feed *feed, uint32_t token, unsigned last)
{
	uint32_t next = feed_significant(feed, token);
	return last == TOKEN_COMMA && !begins_statement(feed, next) && kind_of(feed, next) != TOKEN_RBRACE;
}

/* Up to the end of the statement: a line end, brace or statement that is no longer part of it. */
static uint32_t skip_statement(struct feed *feed, uint32_t token)
{
	size_t braces = 0, brackets = feed->bracket != 0;
	uint32_t first = feed->at_start ? token : feed->statement.first;
	size_t indent = feed_indent(feed, first);
	unsigned last = feed->last;
	for (; token < feed->syntax->tokens.n; token++) {
		unsigned kind = kind_of(feed, token);
		bool inside = braces || brackets;
		if (kind == TRIVIA_NEWLINE && !inside && !goes_on(feed, token, last))
			return token;
		pass_flaws(feed, token);
		if (lexer_is_trivia(kind))
			continue;
		if (inside && token != first && (begins_statement(feed, token) || kind == TOKEN_RBRACE) &&
		    feed_is_first_on_line(feed, token)) {
			if (!braces)
				return token;
			/* Where braces are missing, indentation tells where the statement ends. */
			size_t column = feed->unclosed > 0 ? feed_indent(feed, token) : indent + 1;
			if (column < indent || (column == indent && kind != TOKEN_RBRACE))
				return token;
			if (column == indent)
				braces = 1;
		}
		if (kind == TOKEN_RBRACE && !braces)
			return token;
		braces += kind == TOKEN_LBRACE;
		braces -= kind == TOKEN_RBRACE;
		if (kind == TOKEN_LBRACKET || kind == TOKEN_LPAREN)
			brackets = !braces;
		else if (kind == TOKEN_RBRACKET || kind == TOKEN_RPAREN || kind == TOKEN_LBRACE)
			brackets = 0;
		last = kind;
		feed->last_token = token;
	}
	return token;
}

/* What is known of a statement that was not read to its end: its keyword and its name. */
static struct node *make_broken(struct feed *feed, uint32_t first, uint32_t keyword, uint32_t wrong)
{
	struct node *node = build_leaf(&feed->build, NODE_BROKEN, first, feed->last_token);
	uint32_t name = feed_significant(feed, keyword + 1);
	if (!begins_statement(feed, keyword))
		return node;
	node->keyword = (uint16_t)kind_of(feed, keyword);
	while (node->keyword == TOKEN_IMPORT && name < wrong && kind_of(feed, name) != TOKEN_AS)
		name = feed_significant(feed, name + 1);
	if (kind_of(feed, name) == TOKEN_AS)
		name = feed_significant(feed, name + 1);
	bool is_name = kind_of(feed, name) == TOKEN_NAME || parser_is_word(kind_of(feed, name));
	if (name < wrong && is_name)
		node->child = build_leaf(&feed->build, NODE_NAME, name, name);
	return node;
}

/* Ends the present statement as a broken one; it was read up to the token `wrong`. */
static void end_broken(struct feed *feed, uint32_t wrong)
{
	bool fresh = feed->at_start && feed->last != TOKEN_SLASHDASH;
	uint32_t first = fresh ? wrong : feed->statement.first;
	uint32_t keyword = feed->at_start ? wrong : feed->statement.keyword;
	uint32_t last = feed->last_token > first ? feed->last_token : first;
	if (!fresh)
		parser_cut(feed->machine, feed->statement.height);
	feed->last_token = last;
	feed->build.broken = make_broken(feed, first, keyword, wrong);
	feed->bracket = 0;
	feed->last = TOKEN_EOL;
	feed->at_start = true;
	feed_take(feed, TOKEN_BROKEN, first);
	feed->last_token = last;
	feed_line_end(feed);
}

/* Passes over the rest of the statement. What was complete before it is kept, though it counts for nothing
 * unless it has a block. */
static uint32_t abandon(struct feed *feed, uint32_t token)
{
	uint32_t end = skip_statement(feed, token);
	if (!feed->at_start && feed_would(feed, TOKEN_EOL)) {
		feed->build.spoiled = true;
		feed_line_end(feed);
	} else {
		end_broken(feed, token);
	}
	return end;
}

/* The brace that ends this line and opens the block of the statement, or `token`. */
static uint32_t find_block(const struct feed *feed, uint32_t token)
{
	uint32_t last = token, at = token;
	for (; at < feed->syntax->tokens.n && kind_of(feed, at) != TRIVIA_NEWLINE; at++)
		if (!lexer_is_trivia(kind_of(feed, at)))
			last = at;
	return kind_of(feed, last) == TOKEN_LBRACE ? last : token;
}

/* An unclosed string later in this line: then the quotes do not pair up, whatever is found first. */
static const struct flaw *find_open_string(const struct feed *feed, uint32_t token)
{
	uint32_t line = source_line_at(feed->source, feed_token(feed, token)->start);
	uint32_t end = feed->source->line[line - 1] + (uint32_t)source_line(feed->source, line).n;
	for (size_t i = feed->flaw; i < feed->flaws.list.n && feed->flaws.list.at[i].start < end; i++)
		if (feed->flaws.list.at[i].kind == FLAW_STRING_OPEN)
			return &feed->flaws.list.at[i];
	return NULL;
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
		return word && (last_word || feed->last == TOKEN_STRING || feed->last == TOKEN_TEXT);
	return (kind == TOKEN_STRING && feed->last == TOKEN_STRING) || (word && last_word);
}

static bool lacks_bracket(const struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	return feed->bracket && (kind == TOKEN_LBRACE || kind == TOKEN_RBRACE ||
				 (begins_statement(feed, token) && feed_is_first_on_line(feed, token)));
}

static uint32_t close_bracket(struct feed *feed, uint32_t token)
{
	unsigned closer = kind_of(feed, feed->bracket - 1) == TOKEN_LPAREN ? TOKEN_RPAREN : TOKEN_RBRACKET;
	if (!feed->said)
		mistake_bracket(feed, token);
	feed->said = feed->build.spoiled = true;
	if (!feed_would(feed, closer)) {
		end_broken(feed, token);
		return token;
	}
	feed_take(feed, closer, feed->last_token);
	if (kind_of(feed, token) == TOKEN_LBRACE && feed_would(feed, TOKEN_LBRACE))
		return token;
	if (feed_would(feed, TOKEN_EOL))
		feed_line_end(feed);
	else
		end_broken(feed, token);
	return token;
}

/* What is plainly meant is done. The token with which to go on, or `token` itself for "nothing was". */
static uint32_t put_right(struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	if (kind == TOKEN_EQUALS || (kind == TOKEN_COLON && feed->last_token == feed->statement.keyword)) {
		bool colon = feed_would(feed, TOKEN_COLON);
		if (!feed->said)
			mistake_equals(feed, token, colon);
		if (colon)
			feed_take(feed, TOKEN_COLON, token);
		return token + 1;
	}
	if (lacks_comma(feed, token)) {
		if (!feed->said)
			mistake_comma(feed, token);
		feed_take(feed, TOKEN_COMMA, feed->last_token);
		feed_take(feed, kind, token);
		recover_say_flaws(feed, token);
		return token + 1;
	}
	if (kind == TOKEN_NUMBER && (feed_would(feed, TOKEN_DURATION))) {
		bool flawed = feed->flaw < feed->flaws.list.n && feed->flaws.list.at[feed->flaw].token == token;
		if (flawed)
			recover_say_flaws(feed, token);
		else if (!feed->said)
			mistake_unit(feed, token);
		feed_take(feed, TOKEN_DURATION, token);
		feed->said = feed->build.spoiled = true;
		return token + 1;
	}
	return token;
}

/* Is the block around it to be closed before this statement, as it is written further out? */
static bool lacks_brace(const struct feed *feed, uint32_t token, const struct keyword *keyword)
{
	if (feed->unclosed <= 0 || !feed->depth || feed->last == TOKEN_SLASHDASH ||
	    !feed_is_first_on_line(feed, token) ||
	    feed_indent(feed, token) > feed_indent(feed, feed->block[feed->depth - 1].statement.first))
		return false;
	unsigned outer = IN_FILE;
	for (size_t i = 0; i + 1 < feed->depth; i++)
		outer |= feed->block[i].place;
	return keyword->places & outer;
}

/* A token with which no statement begins here. */
static uint32_t recover_start(struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	const struct keyword *keyword = keyword_of_token(kind);
	if (keyword && keyword->places) {
		if (lacks_brace(feed, token, keyword)) {
			mistake_block(feed, token);
			feed->unclosed--;
			feed_close_block(feed);
			return token;
		}
		mistake_misplaced(feed, token, keyword);
		return abandon(feed, token);
	}
	if (kind != TOKEN_NAME && !keyword) {
		const struct flaw *open = find_open_string(feed, token);
		if (open)
			mistake_flaw(feed, open);
		else
			mistake_syntax(feed, token, syntax_token_span(feed->syntax, token));
		return abandon(feed, token);
	}
	struct token *at = &feed->syntax->tokens.at[token];
	const struct keyword *nearest = keyword_nearest(str_slice(feed->source->text, at->start, at->end),
							feed_place(feed));
	mistake_unknown(feed, token, nearest);
	if (!nearest || !feed_would(feed, nearest->token))
		return abandon(feed, token);
	at->kind = nearest->token;
	feed_take(feed, nearest->token, token);
	feed->said = feed->build.spoiled = true;
	return token + 1;
}

uint32_t recover_token(struct feed *feed, uint32_t token)
{
	if (kind_of(feed, token) == TOKEN_LBRACE && feed->depth == FEED_NESTING && !feed->at_start &&
	    feed_would(feed, TOKEN_LBRACE)) {
		mistake_nesting(feed, token);
		return abandon(feed, token);
	}
	if (feed->at_start)
		return recover_start(feed, token);
	if (lacks_bracket(feed, token))
		return close_bracket(feed, token);
	uint32_t next = put_right(feed, token);
	if (next != token)
		return next;
	if (!feed->said) {
		const struct flaw *flaw = find_open_string(feed, token);
		if (!flaw && feed->flaw < feed->flaws.list.n && feed->flaws.list.at[feed->flaw].token == token)
			flaw = &feed->flaws.list.at[feed->flaw];
		if (flaw)
			mistake_flaw(feed, flaw);
		else
			mistake_syntax(feed, token, syntax_token_span(feed->syntax, token));
	}
	feed->said = feed->build.spoiled = true;
	uint32_t brace = find_block(feed, token);
	if (brace == token || !feed_would(feed, TOKEN_LBRACE) || feed->depth == FEED_NESTING)
		return abandon(feed, token);
	pass_flaws(feed, brace);
	return brace;
}

uint32_t recover_line_end(struct feed *feed, uint32_t token)
{
	uint32_t next = feed_significant(feed, token);
	if (kind_of(feed, next) == TOKEN_LBRACE && feed_would(feed, TOKEN_LBRACE)) {
		if (!feed->said)
			mistake_brace_line(feed, next);
		recover_say_flaws(feed, next);
		return next;
	}
	if (!feed->said)
		mistake_syntax(feed, token, span_behind(feed));
	end_broken(feed, token);
	return token;
}

bool recover_brace(struct feed *feed, uint32_t token)
{
	if (feed->bracket || !feed->at_start || feed->last == TOKEN_SLASHDASH)
		return true;
	if (!feed->depth) {
		mistake_extra_brace(feed, token);
		feed->unclosed++;
		return false;
	}
	if (!feed->unclosed || !feed_is_first_on_line(feed, token))
		return true;
	size_t indent = feed_indent(feed, token);
	size_t own = feed_indent(feed, feed->block[feed->depth - 1].statement.first);
	if (feed->unclosed < 0 && indent > own) {
		mistake_extra_brace(feed, token);
		feed->unclosed++;
		return false;
	}
	while (feed->unclosed > 0 && feed->depth > 1 && indent < own) {
		mistake_block(feed, token);
		feed->unclosed--;
		feed_close_block(feed);
		own = feed_indent(feed, feed->block[feed->depth - 1].statement.first);
	}
	return true;
}

void recover_file_end(struct feed *feed)
{
	uint32_t end = (uint32_t)feed->syntax->tokens.n;
	/* A text block that is not closed has eaten the braces as well. */
	const struct flaw *last = feed->flaws.list.n ? &feed->flaws.list.at[feed->flaws.list.n - 1] : NULL;
	bool said = last && last->kind == FLAW_TEXT_OPEN && last->token == feed->last_token;
	if (!feed->at_start || feed->last == TOKEN_SLASHDASH) {
		said = true;
		if (feed->bracket)
			mistake_bracket(feed, end);
		else
			mistake_syntax(feed, end, span_behind(feed));
		end_broken(feed, end);
	}
	if (feed->depth && !said)
		mistake_block(feed, end);
	while (feed->depth)
		feed_close_block(feed);
}
