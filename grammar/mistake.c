/* mistake.c — see mistake.h. */
#include "grammar/mistake.h"

#include "grammar/expect.h"
#include "grammar/flaw.h"
#include "parser.h"

#include <string.h>

/* Whether one more is wanted. The last one tells that there are others. */
static bool hear(struct feed *feed)
{
	if (feed->mistakes++ < FEED_MISTAKES)
		return true;
	if (feed->mistakes == FEED_MISTAKES + 1)
		diag_note(feed->diags, &feed->diags->list.at[feed->diags->list.n - 1],
			  "the file has more mistakes than these %d, which are not shown",
			  FEED_MISTAKES);
	return false;
}

static struct span span_of(const struct feed *feed, uint32_t token)
{
	uint32_t end = (uint32_t)feed->source->text.n;
	if (token >= feed->syntax->tokens.n)
		return (struct span){ feed->syntax->source, end, end };
	return syntax_token_span(feed->syntax, token);
}

static struct str text_of(const struct feed *feed, uint32_t token)
{
	return source_text(feed->sources, span_of(feed, token));
}

static struct span point_behind(const struct feed *feed, uint32_t token)
{
	struct span span = span_of(feed, token);
	return (struct span){ span.source, span.end, span.end };
}

void mistake_flaw(struct feed *feed, const struct flaw *flaw)
{
	if (hear(feed))
		flaw_say(feed->arena, feed->sources, feed->syntax, flaw, feed->diags);
}

static bool is_word(unsigned kind)
{
	return kind == TOKEN_NAME || parser_is_word(kind);
}

/* Around the word and what hangs on it, as in a file's name; as a fix when that is all up to a
 * comma or the line's end. */
static void offer_quotes(struct feed *feed, struct diag *diag, struct span span)
{
	struct str all = feed->source->text;
	uint32_t end = span.end, behind;
	while (end < all.n && !strchr(" \t\r\n,{}\"'", all.at[end]))
		end++;
	for (behind = end; behind < all.n && (all.at[behind] == ' ' || all.at[behind] == '\t' ||
					      all.at[behind] == '\r');)
		behind++;
	struct str text = str_slice(all, span.start, end);
	span.end = end;
	if (behind == all.n || all.at[behind] == '\n' || all.at[behind] == ',')
		diag_fix(feed->diags, diag, DIAG_UNSAFE, span,
			 arena_format(feed->arena, "\"%.*s\"", STR_ARG(text)),
			 "strings stand in quotes: `\"%.*s\"`", STR_ARG(text));
	else
		diag_help(feed->diags, diag, "strings stand in quotes: `\"%.*s\"`", STR_ARG(text));
}

/* How the present statement is written where it stands. */
static void add_form(struct feed *feed, struct diag *diag)
{
	const struct keyword *keyword =
		keyword_of_token(feed_token(feed, feed->statement.keyword)->kind);
	const char *arguments = keyword ? keyword_arguments(keyword, feed_place(feed)) : "";
	if (*arguments)
		diag_note(feed->diags, diag, "it is written `%.*s %s`", STR_ARG(keyword->word),
			  arguments);
}

/* What stands between the quotes, if a name can be that. */
static void offer_name(struct feed *feed, struct diag *diag, uint32_t token)
{
	struct str text = text_of(feed, token), name = str_slice(text, 1, text.n - 1);
	bool good = name.n && !(name.at[0] >= '0' && name.at[0] <= '9') && name.at[0] != '-' &&
		    name.at[name.n - 1] != '-';
	for (size_t i = 0; i < name.n; i++)
		good = good && (lexer_is_word((unsigned char)name.at[i]) || name.at[i] == '-') &&
		       !(name.at[i] == '-' && name.at[i - 1] == '-');
	if (good)
		diag_fix(feed->diags, diag, DIAG_SAFE, span_of(feed, token), name,
			 "names stand without quotes: `%.*s`", STR_ARG(name));
	else
		diag_help(feed->diags, diag, "names stand without quotes");
}

void mistake_syntax(struct feed *feed, uint32_t token, struct span span)
{
	if (!hear(feed))
		return;
	struct str expected = expect_text(feed), found = expect_found(feed, token);
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span, "expected %.*s, found %.*s",
				     STR_ARG(expected), STR_ARG(found));
	unsigned kind = token < feed->syntax->tokens.n ? feed_token(feed, token)->kind : 0;
	if (feed->at_start) {
		if (kind == TOKEN_STRING)
			diag_help(feed->diags, diag,
				  "a list goes on in the next line only behind a comma");
		return;
	}
	if (is_word(kind) && feed_would(feed, TOKEN_STRING))
		offer_quotes(feed, diag, span_of(feed, token));
	else if (kind == TOKEN_STRING && feed_would(feed, TOKEN_NAME))
		offer_name(feed, diag, token);
	add_form(feed, diag);
}

void mistake_crowded(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct span gap = point_behind(feed, feed->last_token);
	if (feed_token(feed, feed->last_token)->kind == TOKEN_COMMA)
		gap.start = gap.end = span_of(feed, feed->last_token).start;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
				     "each statement begins on a line of its own");
	diag_label(feed->diags, diag, gap, "the one before ends here");
	gap.end = span_of(feed, token).start;
	struct str line = source_line(feed->source, source_line_at(feed->source, gap.start));
	uint32_t first = feed->statement.first;
	size_t indent = feed_line_indent(line);
	const char *deeper = feed_is_first_on_line(feed, first) ? "" : "  ";
	diag_fix(feed->diags, diag, DIAG_SAFE, gap,
		 arena_format(feed->arena, "\n%.*s%s", (int)indent, line.at, deeper),
		 "put it on the next line");
}

void mistake_digit(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct span span = span_of(feed, token);
	struct str name = text_of(feed, token);
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span,
				     "a name begins with a letter or `_`, not with a digit");
	for (size_t i = 0; i < name.n; i++)
		if (name.at[i] == '.')
			return;
	diag_fix(feed->diags, diag, DIAG_UNSAFE, span,
		 arena_format(feed->arena, "_%.*s", STR_ARG(name)), "write `_%.*s`", STR_ARG(name));
}

void mistake_equals(struct feed *feed, uint32_t token, bool colon_meant)
{
	if (!hear(feed))
		return;
	struct str text = text_of(feed, token);
	struct diag *diag =
		diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
			 colon_meant ? "an argument is written `name: \"value\"`, not with `%.*s`"
				     : "a keyword is followed by its arguments, without `%.*s`",
			 STR_ARG(text));
	/* `jobs=3` is two words. */
	bool alone = lexer_is_trivia(feed_token(feed, token - 1)->kind);
	diag_fix(feed->diags, diag, DIAG_SAFE, span_of(feed, token),
		 colon_meant ? STR(":")
		 : alone     ? STR("")
			     : STR(" "),
		 colon_meant ? "write `:`" : "leave it out");
}

void mistake_comma(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct span behind = point_behind(feed, feed->last_token);
	struct str word = text_of(feed, token);
	if (str_is(word, "and") || str_is(word, "or") || str_is(word, "then")) {
		struct diag *instead = diag_add(
			feed->diags, DIAG_SYNTAX, span_of(feed, token),
			"between the items of a list stands a comma, not `%.*s`", STR_ARG(word));
		diag_fix(feed->diags, instead, DIAG_UNSAFE, span_of(feed, token), STR(","),
			 "write `,`");
		return;
	}
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, behind,
				     "a comma is missing before %.*s",
				     STR_ARG(expect_found(feed, token)));
	diag_fix(feed->diags, diag, DIAG_SAFE, behind, STR(","), "put a `,`");
}

void mistake_unit(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct span span = span_of(feed, token);
	struct str text = text_of(feed, token);
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span, "a duration needs a unit");
	uint32_t next = feed_significant(feed, token + 1);
	if (next < feed->syntax->tokens.n && is_word(feed_token(feed, next)->kind) &&
	    !feed_is_first_on_line(feed, next)) {
		diag_label(feed->diags, diag, span_of(feed, next), "this is none");
		diag_help(
			feed->diags, diag,
			"units stand right behind the number: `s`, `m`, `h` and `d`, as in `1h30m`");
		return;
	}
	diag_here(feed->diags, diag, "seconds, minutes, hours or days?");
	diag_fix(feed->diags, diag, DIAG_UNSAFE, span,
		 arena_format(feed->arena, "%.*sm", STR_ARG(text)), "write `%.*sm` for minutes",
		 STR_ARG(text));
}

void mistake_period(struct feed *feed, struct span span, const struct period *period)
{
	if (!hear(feed))
		return;
	struct str written = source_text(feed->sources, span);
	struct diag *diag = diag_add(
		feed->diags, DIAG_SYNTAX, span,
		str_starts(written, STR("\""))
			? "a duration stands without quotes"
			: "a duration is one word, of whole numbers with `s`, `m`, `h` or `d` behind each");
	diag_fix(feed->diags, diag, period->sure ? DIAG_SAFE : DIAG_UNSAFE, span, period->ours,
		 "write `%.*s`", STR_ARG(period->ours));
}

void mistake_brace_line(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
				     "the `{` stands on the line of its statement");
	struct span gap = point_behind(feed, feed->last_token);
	diag_label(feed->diags, diag, gap, "here");
	gap.end = span_of(feed, token).start;
	/* With a comment between them, there are two ways to do it. */
	if (!str_trim(source_text(feed->sources, gap)).n)
		diag_fix(feed->diags, diag, DIAG_SAFE, gap, STR(" "), "put it there");
}

void mistake_bracket(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	uint32_t opener = feed->bracket - 1;
	struct diag *diag = diag_add(feed->diags, DIAG_UNCLOSED, span_of(feed, opener),
				     "this `%.*s` is not closed", STR_ARG(text_of(feed, opener)));
	if (token < feed->syntax->tokens.n)
		diag_label(feed->diags, diag, span_of(feed, token), "this cannot be inside of it");
	diag_help(feed->diags, diag, "put a `%s`",
		  feed_token(feed, opener)->kind == TOKEN_LPAREN ? ")" : "]");
}

void mistake_block(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	const struct feed_block *block = &feed->block[feed->depth - 1];
	uint32_t keyword = block->statement.keyword, name = feed_significant(feed, keyword + 1);
	struct diag *diag;
	if (name < block->brace && is_word(feed_token(feed, name)->kind))
		diag = diag_add(feed->diags, DIAG_UNCLOSED, span_of(feed, block->brace),
				"the block of `%.*s %.*s` is not closed",
				STR_ARG(text_of(feed, keyword)), STR_ARG(text_of(feed, name)));
	else
		diag = diag_add(feed->diags, DIAG_UNCLOSED, span_of(feed, block->brace),
				"the block is not closed");
	if (token < feed->syntax->tokens.n)
		diag_label(feed->diags, diag, span_of(feed, token), "a `}` is missing before this");
	else
		diag_help(feed->diags, diag, "put a `}` at the end of the block");
}

void mistake_extra_brace(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
				     feed->depth ? "one `}` too many" : "this `}` closes nothing");
	diag_fix(feed->diags, diag, DIAG_UNSAFE, span_of(feed, token), STR(""), "leave it out");
}

void mistake_nesting(struct feed *feed, uint32_t token)
{
	if (hear(feed))
		diag_add(feed->diags, DIAG_NESTING, span_of(feed, token),
			 "blocks are nested more than %d deep", FEED_NESTING);
}

static void add_places(struct feed *feed, struct diag *diag, const struct keyword *keyword)
{
	struct text places = { 0 };
	keyword_places_text(keyword->places, &places);
	diag_help(feed->diags, diag, "`%.*s` stands %.*s", STR_ARG(keyword->word),
		  STR_ARG(text_str(&places)));
	text_release(&places);
}

void mistake_brace_missing(struct feed *feed, struct span span)
{
	if (!hear(feed))
		return;
	uint32_t keyword = feed->statement.keyword;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span,
				     "the `{` of this %.*s is missing",
				     STR_ARG(text_of(feed, keyword)));
	diag_help(feed->diags, diag,
		  "what belongs to it stands between `{` at the end of its line and `}`");
}

void mistake_closer(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	const struct feed_block *block = &feed->block[feed->depth - 1];
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
				     "a block is closed by `}`, not by `%.*s`",
				     STR_ARG(text_of(feed, token)));
	diag_label(feed->diags, diag, span_of(feed, block->brace), "the block begins here");
	diag_fix(feed->diags, diag, DIAG_UNSAFE, span_of(feed, token), STR("}"), "write `}`");
}

void mistake_trailing_comma(struct feed *feed, uint32_t comma)
{
	if (!hear(feed))
		return;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, comma),
				     "nothing follows this comma");
	diag_fix(feed->diags, diag, DIAG_SAFE, span_of(feed, comma), STR(""), "leave it out");
	diag_note(feed->diags, diag,
		  "statements end with their line; commas stand between the items of a list");
}

void mistake_repeated(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
				     "`%.*s` is said once for the whole list",
				     STR_ARG(text_of(feed, token)));
	diag_fix(feed->diags, diag, DIAG_SAFE, span_of(feed, token), STR(""), "leave it out");
}

void mistake_list(struct feed *feed, uint32_t bracket)
{
	if (!hear(feed))
		return;
	uint32_t keyword = feed->statement.keyword;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, bracket),
				     "what `%.*s` lists stands without brackets",
				     STR_ARG(text_of(feed, keyword)));
	add_form(feed, diag);
}

void mistake_continued(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct diag *diag = diag_add(feed->diags, DIAG_SYNTAX, span_of(feed, token),
				     "a list goes on in the next line only behind a comma");
	struct span behind = point_behind(feed, feed->last_token);
	diag_label(feed->diags, diag, behind, "there is none here");
	diag_fix(feed->diags, diag, DIAG_UNSAFE, behind, STR(","),
		 "put a `,` at the end of the line before");
}

void mistake_agent(struct feed *feed, uint32_t token)
{
	if (!hear(feed))
		return;
	struct span span = span_of(feed, token);
	struct str name = text_of(feed, token);
	struct diag *diag = diag_add(feed->diags, DIAG_UNKNOWN_STATEMENT, span,
				     "no statement begins with `%.*s`", STR_ARG(name));
	diag_fix(feed->diags, diag, DIAG_UNSAFE,
		 (struct span){ span.source, span.start, span.start }, STR("agent "),
		 "an agent is declared by `agent %.*s`", STR_ARG(name));
}

void mistake_unknown(struct feed *feed, uint32_t token, const struct keyword *nearest,
		     const struct synonym *synonym)
{
	if (!hear(feed))
		return;
	struct span span = span_of(feed, token);
	struct str word = text_of(feed, token);
	struct diag *diag = diag_add(feed->diags, DIAG_UNKNOWN_STATEMENT, span,
				     "no statement begins with `%.*s`", STR_ARG(word));
	if (synonym && !synonym->token)
		diag_help(feed->diags, diag, "%s", synonym->advice);
	if (!nearest)
		return;
	if (synonym)
		diag_here(feed->diags, diag, "this is `%.*s` here", STR_ARG(nearest->word));
	if (synonym && *nearest->arguments)
		diag_note(feed->diags, diag, "it is written `%.*s %s`: %s", STR_ARG(nearest->word),
			  keyword_arguments(nearest, feed_place(feed)), nearest->help);
	diag_fix(feed->diags, diag, DIAG_UNSAFE, span, nearest->word,
		 synonym ? "write `%.*s`" : "did you mean `%.*s`?", STR_ARG(nearest->word));
	if (!(nearest->places & feed_place(feed)))
		add_places(feed, diag, nearest);
}

void mistake_misplaced(struct feed *feed, uint32_t token, const struct keyword *keyword)
{
	static const char *const place[] = {
		"at the top of a file", "in a plan",     "in a group",
		"in an agent",          "in a template", "in a runner",
		"in a runner's events", "in a metric"
	};
	if (!hear(feed))
		return;
	unsigned here = 0;
	while (feed_place(feed) >> (here + 1))
		here++;
	struct diag *diag = diag_add(feed->diags, DIAG_MISPLACED, span_of(feed, token),
				     "`%.*s` cannot stand %s", STR_ARG(keyword->word), place[here]);
	add_places(feed, diag, keyword);
	if (feed->depth)
		diag_label(feed->diags, diag,
			   span_of(feed, feed->block[feed->depth - 1].statement.keyword),
			   "inside of this");
}
