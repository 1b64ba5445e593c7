/* recover.c — see recover.h.
 *
 * In this order: what is plainly meant is put right and reading goes on (a missing comma, `=`, a
 * bracket, a misspelt keyword); if the statement opens a block on its line, reading goes on in the
 * block; else the statement is passed over to its end at the same depth of braces. `feed->said`
 * keeps what follows from a mistake in the same statement from being said as well. */
#include "grammar/recover.h"

#include "grammar/flaw.h"
#include "grammar/mend.h"
#include "grammar/mistake.h"
#include "grammar/notice.h"
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

/* A line end at `token` while passing over: does the statement go on? */
static bool goes_on(const struct feed *feed, uint32_t token, unsigned last)
{
	uint32_t next = feed_significant(feed, token);
	return last == TOKEN_COMMA && !begins_statement(feed, next) &&
	       kind_of(feed, next) != TOKEN_RBRACE;
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
		notice_passed(feed, token);
		if (lexer_is_trivia(kind))
			continue;
		if (inside && token != first &&
		    (begins_statement(feed, token) || kind == TOKEN_RBRACE) &&
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

static bool is_name(unsigned kind)
{
	return kind == TOKEN_NAME || parser_is_word(kind);
}

/* The names that the rest of the line may declare: all words before the brace that ends it, or the
 * one behind `as`. Of a statement that is no declaration, none. */
static void add_names(struct feed *feed, struct node *node, uint32_t token, bool import)
{
	struct nodes names = build_none();
	uint32_t last = token, before = token;
	for (uint32_t at = token;
	     at < feed->syntax->tokens.n && kind_of(feed, at) != TRIVIA_NEWLINE; at++) {
		if (lexer_is_trivia(kind_of(feed, at)))
			continue;
		bool wanted = !import || kind_of(feed, before) == TOKEN_AS ||
			      kind_of(feed, before) == TOKEN_IMPORT || !names.first;
		bool marks = import &&
			     (kind_of(feed, at) == TOKEN_AS || kind_of(feed, at) == TOKEN_IMPORT);
		if (is_name(kind_of(feed, at)) && !marks && wanted) {
			struct nodes name = build_one(build_leaf(&feed->build, NODE_NAME, at, at));
			names = import ? name : build_join(names, name);
		}
		before = last = at;
	}
	if (import || kind_of(feed, last) == TOKEN_LBRACE)
		node->child = names.first;
}

/* What is known of a statement that was not read to its end: its keyword and its name. */
static struct node *make_broken(struct feed *feed, uint32_t first, uint32_t keyword, uint32_t wrong)
{
	struct node *node = build_leaf(&feed->build, NODE_BROKEN, first, feed->last_token);
	uint32_t name = feed_significant(feed, keyword + 1);
	bool known = begins_statement(feed, keyword);
	unsigned kind = kind_of(feed, keyword);
	node->keyword = known ? (uint16_t)kind : 0;
	if (!known || kind == TOKEN_IMPORT)
		add_names(feed, node, known ? name : keyword, known);
	else if (name < wrong && is_name(kind_of(feed, name)))
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
	feed->loose = false;
	feed->last = TOKEN_EOL;
	feed->at_start = true;
	feed_take(feed, TOKEN_BROKEN, first);
	feed->last_token = last;
	feed_line_end(feed);
}

/* Might one of the tokens begin a statement? */
static bool has_statement(const struct feed *feed, uint32_t token, uint32_t end)
{
	for (; token < end; token++) {
		const struct keyword *keyword = keyword_of_token(kind_of(feed, token));
		if (keyword && (keyword->places & feed_place(feed)))
			return true;
	}
	return false;
}

/* Passes over the rest of the statement. What was complete before it is kept, though it counts for
 * nothing unless it has a block. */
static uint32_t abandon(struct feed *feed, uint32_t token)
{
	uint32_t end = skip_statement(feed, token);
	if (!feed->at_start && feed_would(feed, TOKEN_EOL)) {
		feed->build.spoiled = true;
		feed_line_end(feed);
		if (has_statement(feed, token, end) && feed_would(feed, TOKEN_BROKEN))
			end_broken(feed, token);
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

/* An unclosed string later in this line: then the quotes do not pair up, whatever is found
 * first. */
static const struct flaw *find_open_string(const struct feed *feed, uint32_t token)
{
	uint32_t line = source_line_at(feed->source, feed_token(feed, token)->start);
	uint32_t end = feed->source->line[line - 1] + (uint32_t)source_line(feed->source, line).n;
	for (size_t i = feed->flaw; i < feed->flaws.list.n && feed->flaws.list.at[i].start < end;
	     i++)
		if (feed->flaws.list.at[i].kind == FLAW_STRING_OPEN)
			return &feed->flaws.list.at[i];
	return NULL;
}

static bool lacks_bracket(const struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	bool list = feed->bracket && kind_of(feed, feed->bracket - 1) == TOKEN_LBRACKET;
	return feed->bracket &&
	       (kind == TOKEN_LBRACE || kind == TOKEN_RBRACE || (list && kind == TOKEN_IN) ||
		(begins_statement(feed, token) && feed_is_first_on_line(feed, token)));
}

static uint32_t close_bracket(struct feed *feed, uint32_t token)
{
	unsigned closer = kind_of(feed, feed->bracket - 1) == TOKEN_LPAREN ? TOKEN_RPAREN
									   : TOKEN_RBRACKET;
	if (!feed->said)
		mistake_bracket(feed, token);
	feed->said = feed->build.spoiled = true;
	if (!feed_would(feed, closer)) {
		end_broken(feed, token);
		return token;
	}
	feed_take(feed, closer, feed->last_token);
	if (kind_of(feed, token) != TOKEN_RBRACE && !feed_is_first_on_line(feed, token) &&
	    feed_would(feed, kind_of(feed, token)))
		return token;
	if (feed_would(feed, TOKEN_EOL))
		feed_line_end(feed);
	else
		end_broken(feed, token);
	return token;
}

/* Is the block around it to be closed before this statement, as it is written further out? */
static bool lacks_brace(const struct feed *feed, uint32_t token)
{
	const struct keyword *keyword = keyword_of_token(kind_of(feed, token));
	if (feed->unclosed <= 0 || !feed->depth || !feed->at_start ||
	    feed->last == TOKEN_SLASHDASH || !keyword || !feed_is_first_on_line(feed, token) ||
	    feed_indent(feed, token) >
		    feed_indent(feed, feed->block[feed->depth - 1].statement.first))
		return false;
	unsigned outer = IN_FILE;
	for (size_t i = 0; i + 1 < feed->depth; i++)
		outer |= feed->block[i].place;
	return keyword->places & outer;
}

static void close_unclosed(struct feed *feed, uint32_t token)
{
	if (!feed->block[feed->depth - 1].invented)
		mistake_block(feed, token);
	feed->unclosed--;
	feed_close_block(feed);
}

bool recover_outside(struct feed *feed, uint32_t token)
{
	if (!lacks_brace(feed, token))
		return false;
	close_unclosed(feed, token);
	return true;
}

/* The block is opened although its brace is not there, or is something else. */
static void invent_brace(struct feed *feed)
{
	feed_take(feed, TOKEN_LBRACE, feed->last_token);
	feed->block[feed->depth - 1].invented = true;
	feed->unclosed++;
}

static bool is_alone(const struct feed *feed, uint32_t token)
{
	uint32_t next = feed_significant(feed, token + 1);
	return feed_is_first_on_line(feed, token) &&
	       (!kind_of(feed, next) || feed_is_first_on_line(feed, next));
}

/* `)`, `]` or `end` where a block is to be closed? */
static bool closes_otherwise(const struct feed *feed, uint32_t token)
{
	static const char *const words[] = { "end", "done", "fi", "endif" };
	struct str text = source_text(feed->sources, syntax_token_span(feed->syntax, token));
	bool word = kind_of(feed, token) == TOKEN_RPAREN || kind_of(feed, token) == TOKEN_RBRACKET;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		word = word || str_is(text, words[i]);
	return word && feed->depth && feed->unclosed > 0 && feed->last != TOKEN_SLASHDASH &&
	       is_alone(feed, token);
}

static uint32_t close_otherwise(struct feed *feed, uint32_t token)
{
	if (!feed->block[feed->depth - 1].invented)
		mistake_closer(feed, token);
	feed->unclosed--;
	feed->last_token = token;
	feed_close_block(feed);
	return token + 1;
}

/* Goes on as if the token were the word of that statement, which it is near to, or means
 * elsewhere. */
static uint32_t take_as(struct feed *feed, uint32_t token, const struct keyword *keyword,
			bool named)
{
	feed->syntax->tokens.at[token].kind = keyword->token;
	feed_take(feed, keyword->token, token);
	if (named)
		feed_take(feed, TOKEN_NAME, token);
	feed->said = feed->build.spoiled = true;
	return token + 1;
}

/* `web "The pages" {`: a name, a block, and no `agent` before them. */
static bool lacks_agent(const struct feed *feed, uint32_t token)
{
	unsigned next = kind_of(feed, feed_significant(feed, token + 1));
	return (next == TOKEN_STRING || next == TOKEN_LBRACE) && find_block(feed, token) != token &&
	       feed_would(feed, TOKEN_AGENT);
}

static uint32_t recover_unknown(struct feed *feed, uint32_t token)
{
	struct str word = source_text(feed->sources, syntax_token_span(feed->syntax, token));
	const struct synonym *synonym = synonym_find(word);
	const struct keyword *keyword = synonym ? keyword_of_token(synonym->token)
						: keyword_nearest(word, feed_place(feed));
	bool agent = !keyword && !synonym && lacks_agent(feed, token);
	if (feed->statement.first != token && mend_continues(feed, token)) {
		mistake_continued(feed, token);
		return abandon(feed, token);
	}
	if (agent) {
		mistake_agent(feed, token);
		return take_as(feed, token, keyword_of_token(TOKEN_AGENT), true);
	}
	mistake_unknown(feed, token, keyword, synonym);
	/* What another tool calls its whole file may have anything in it. */
	if (!keyword || (synonym && keyword->token == TOKEN_PLAN) ||
	    !feed_would(feed, keyword->token))
		return abandon(feed, token);
	return take_as(feed, token, keyword, false);
}

/* `writes` of an agent is `owns`, though runners have a statement of that name; and `run`, which metrics have,
 * is nothing there. */
static bool means_otherwise(const struct feed *feed, uint32_t token, const struct keyword *keyword)
{
	const struct synonym *synonym = synonym_find(
		source_text(feed->sources, syntax_token_span(feed->syntax, token)));
	return keyword->places && synonym &&
	       (!synonym->token ||
		(keyword_of_token(synonym->token)->places & feed_place(feed)));
}

/* A token with which no statement begins here. */
static uint32_t recover_start(struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token);
	const struct keyword *keyword = keyword_of_token(kind);
	if (closes_otherwise(feed, token))
		return close_otherwise(feed, token);
	if (keyword && means_otherwise(feed, token, keyword))
		return recover_unknown(feed, token);
	if (keyword && keyword->places) {
		mistake_misplaced(feed, token, keyword);
		return abandon(feed, token);
	}
	if (kind == TOKEN_NAME || keyword)
		return recover_unknown(feed, token);
	const struct flaw *open = find_open_string(feed, token);
	if (open)
		mistake_flaw(feed, open);
	else
		mistake_syntax(feed, token, syntax_token_span(feed->syntax, token));
	return abandon(feed, token);
}

/* Something else in the brace's place, at the end of the line. */
static bool opens_otherwise(const struct feed *feed, uint32_t token)
{
	unsigned kind = kind_of(feed, token),
		 next = kind_of(feed, feed_significant(feed, token + 1));
	return (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_COLON) &&
	       feed_would(feed, TOKEN_LBRACE) && feed->depth < FEED_NESTING && next &&
	       feed_is_first_on_line(feed, feed_significant(feed, token + 1));
}

uint32_t recover_token(struct feed *feed, uint32_t token)
{
	if (kind_of(feed, token) == TOKEN_LBRACE && feed->depth == FEED_NESTING &&
	    !feed->at_start && feed_would(feed, TOKEN_LBRACE)) {
		mistake_nesting(feed, token);
		return abandon(feed, token);
	}
	if (feed->at_start)
		return recover_start(feed, token);
	if (lacks_bracket(feed, token))
		return close_bracket(feed, token);
	if (opens_otherwise(feed, token)) {
		if (!feed->said)
			mistake_syntax(feed, token, syntax_token_span(feed->syntax, token));
		feed->last_token = token;
		invent_brace(feed);
		return token + 1;
	}
	uint32_t next = mend_token(feed, token);
	if (next != token || feed->at_start)
		return next;
	if (!feed->said) {
		const struct flaw *flaw = find_open_string(feed, token);
		if (!flaw && feed->flaw < feed->flaws.list.n &&
		    feed->flaws.list.at[feed->flaw].token == token)
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
	notice_passed(feed, brace);
	return brace;
}

/* Is what stands in the lines below the block of the statement? */
static bool goes_on_inside(const struct feed *feed, uint32_t next)
{
	const struct keyword *keyword = keyword_of_token(kind_of(feed, next));
	if (!feed_would(feed, TOKEN_LBRACE) || feed->depth == FEED_NESTING || !keyword ||
	    !keyword->places)
		return false;
	return feed_indent(feed, next) > feed_indent(feed, feed->statement.first) ||
	       !(keyword->places & feed_place(feed));
}

/* The lines below that are indented deeper than the statement, or are items with a dash: what was
 * meant to be its argument. */
static uint32_t skip_deeper(struct feed *feed, uint32_t token)
{
	size_t indent = feed_indent(feed, feed->statement.first);
	while (token < feed->syntax->tokens.n) {
		uint32_t below = source_line_at(feed->source, feed_token(feed, token)->start) + 1;
		struct str text = below <= feed->source->line_n ? source_line(feed->source, below)
								: STR("");
		size_t own = feed_line_indent(text);
		bool dash = own == indent && str_starts(str_trim(text), STR("- "));
		if (own == text.n || !(own > indent || dash))
			return token;
		for (token++;
		     token < feed->syntax->tokens.n && kind_of(feed, token) != TRIVIA_NEWLINE;
		     token++) {
			notice_passed(feed, token);
			feed->unclosed -= (kind_of(feed, token) == TOKEN_LBRACE) -
					  (kind_of(feed, token) == TOKEN_RBRACE);
			feed->last_token = token;
		}
	}
	return token;
}

uint32_t recover_line_end(struct feed *feed, uint32_t token)
{
	uint32_t next = feed_significant(feed, token);
	unsigned kind = kind_of(feed, next);
	if (kind == TOKEN_LBRACE && feed_would(feed, TOKEN_LBRACE)) {
		if (!feed->said)
			mistake_brace_line(feed, next);
		notice_flaws(feed, next);
		return next;
	}
	bool dash = kind &&
		    str_starts(str_trim(source_line(feed->source,
						    source_line_at(feed->source,
								   feed_token(feed, next)->start))),
			       STR("- "));
	bool deeper = kind && !dash &&
		      feed_indent(feed, next) > feed_indent(feed, feed->statement.first);
	bool statement = begins_statement(feed, next) || kind == TOKEN_RBRACE;
	if (goes_on_inside(feed, next)) {
		if (!feed->said)
			mistake_brace_missing(feed, span_behind(feed));
		invent_brace(feed);
		return token;
	}
	if (!feed->said)
		mistake_syntax(feed, token, span_behind(feed));
	if (deeper && !statement && feed_would(feed, kind) &&
	    kind_of(feed, token) == TRIVIA_NEWLINE) {
		feed->said = true;
		notice_flaws(feed, next - 1);
		return next;
	}
	uint32_t end = kind_of(feed, token) != TRIVIA_NEWLINE || statement
			       ? token
			       : skip_deeper(feed, token);
	end_broken(feed, token);
	return end;
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
		close_unclosed(feed, token);
		own = feed_indent(feed, feed->block[feed->depth - 1].statement.first);
	}
	return true;
}

/* What would have followed is not known, in every block that is open. */
static void end_block(struct feed *feed, uint32_t end)
{
	if (!feed->block[feed->depth - 1].invented) {
		feed->build.broken = build_leaf(&feed->build, NODE_BROKEN, end - 1, end - 1);
		feed_take(feed, TOKEN_BROKEN, end - 1);
		feed_line_end(feed);
	}
	feed_close_block(feed);
}

void recover_file_end(struct feed *feed)
{
	uint32_t end = (uint32_t)feed->syntax->tokens.n;
	/* A text block that is not closed has eaten the braces as well. */
	const struct flaw *last = feed->flaws.list.n ? &feed->flaws.list.at[feed->flaws.list.n - 1]
						     : NULL;
	bool said = feed->syntax->cut ||
		    (last && last->token == feed->last_token &&
		     (last->kind == FLAW_TEXT_OPEN || last->kind == FLAW_STRING_OPEN));
	if (!feed->at_start || feed->last == TOKEN_SLASHDASH) {
		said = true;
		if (feed->bracket)
			mistake_bracket(feed, end);
		else
			mistake_syntax(feed, end, span_behind(feed));
		end_broken(feed, end);
	}
	while (feed->depth && feed->block[feed->depth - 1].invented)
		feed_close_block(feed);
	if (feed->depth && !said)
		mistake_block(feed, end);
	feed->syntax->cut = feed->depth || said;
	while (feed->depth)
		end_block(feed, end);
}
