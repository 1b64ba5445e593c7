/* parse.c — see parse.h. */
#include "grammar/parse.h"

#include "grammar/encoding.h"
#include "grammar/mend.h"
#include "grammar/notice.h"
#include "grammar/recover.h"
#include "parser.h"

/* A file that is not worth reading is one token, so that still nothing is left out. */
static void take_unread(struct feed *feed)
{
	*VEC_ADD(feed->arena, &feed->syntax->tokens) =
		(struct token){ TRIVIA_SPACE, 0, (uint32_t)feed->source->text.n };
}

/* Whether to read the file at all. */
static bool check_bytes(struct feed *feed, uint32_t source)
{
	struct str text = feed->source->code;
	if (text.n > PARSE_LARGEST) {
		struct diag *diag = diag_add(feed->diags, DIAG_TOO_LARGE,
					     (struct span){ source, 0, 0 },
					     "the file has %zu MiB; a plan has %d at most",
					     text.n >> 20, PARSE_LARGEST >> 20);
		diag_help(feed->diags, diag,
			  "split it with `import`, or keep prompts in files of their own");
		return false;
	}
	if (!encoding_check(feed->diags, source, text))
		return false;
	size_t alone = str_find(text, '\n') == SIZE_MAX ? str_find(text, '\r') : SIZE_MAX;
	if (alone == SIZE_MAX)
		return true;
	struct diag *diag = diag_add(feed->diags, DIAG_CHARACTER,
				     (struct span){ source, (uint32_t)alone, (uint32_t)alone + 1 },
				     "the file's lines end in CR alone");
	diag_help(feed->diags, diag, "save it with line ends of LF or CR LF");
	return false;
}

/* Is it in the notation of another tool from its first word on? Then nothing in it is a plan's. */
static bool is_foreign(struct feed *feed)
{
	uint32_t first = feed_significant(feed, 0), next = feed_significant(feed, first + 1);
	size_t n = feed->syntax->tokens.n;
	unsigned kind = first < n ? feed_token(feed, first)->kind : 0,
		 after = next < n ? feed_token(feed, next)->kind : 0;
	uint32_t behind = feed_significant(feed, next + 1);
	bool key = after == TOKEN_COLON && behind < n && feed_is_first_on_line(feed, behind) &&
		   feed_indent(feed, behind) > feed_indent(feed, first);
	bool words = kind == TOKEN_NAME || parser_is_word(kind);
	const char *what = kind == TOKEN_LBRACE     ? "JSON"
			   : kind == TOKEN_LBRACKET ? "TOML"
			   : words && key           ? "YAML"
						    : NULL;
	if (!what)
		return false;
	struct diag *diag =
		diag_add(feed->diags, DIAG_SYNTAX, syntax_token_span(feed->syntax, first),
			 "this looks like %s, and a plan has a notation of its own", what);
	diag_help(
		feed->diags, diag,
		"a plan begins like this: `plan NAME { … }`, and each agent is `agent NAME { … }` with "
		"`owns \"…\"` and `prompt \"…\"` in it");
	return true;
}

static void count_braces(struct feed *feed)
{
	for (size_t i = 0; i < feed->syntax->tokens.n; i++) {
		unsigned kind = feed->syntax->tokens.at[i].kind;
		feed->unclosed += (kind == TOKEN_LBRACE) - (kind == TOKEN_RBRACE);
	}
}

/* The token with which to go on. */
static uint32_t step(struct feed *feed, uint32_t token)
{
	unsigned kind = feed_token(feed, token)->kind;
	bool ends = kind == TRIVIA_NEWLINE || kind == TOKEN_RBRACE;
	if (kind == TOKEN_RBRACE && mend_comma(feed, token))
		return feed->at_start ? token : recover_line_end(feed, token);
	if (ends && feed_needs_line_end(feed)) {
		if (!feed_would(feed, TOKEN_EOL))
			return recover_line_end(feed, token);
		feed_line_end(feed);
	}
	if (lexer_is_trivia(kind)) {
		notice_flaws(feed, token);
		return token + 1;
	}
	if (feed->last == TOKEN_COMMA && mend_comma(feed, token))
		return feed->at_start ? token : recover_line_end(feed, token);
	if (feed->last == TOKEN_COMMA && mend_repeated(feed, token))
		return token + 1;
	while (recover_outside(feed, token))
		;
	if (kind == TOKEN_RBRACE && !recover_brace(feed, token))
		return token + 1;
	if (!feed_would(feed, kind) || (kind == TOKEN_LBRACE && feed->depth == FEED_NESTING))
		return recover_token(feed, token);
	feed_take(feed, kind, token);
	if (feed->flaw < feed->flaws.list.n)
		notice_flaws(feed, token);
	return token + 1;
}

static void check_version_first(struct feed *feed)
{
	const struct node *first = feed->build.file;
	for (const struct node *node = first ? first->next : NULL; node; node = node->next)
		if (node->kind == NODE_STATEMENT && node->keyword == TOKEN_ORCH)
			diag_add(feed->diags, DIAG_MISPLACED, syntax_span(feed->syntax, node),
				 "`orch` stands before every other statement");
}

static void read_tokens(struct feed *feed)
{
	uint32_t n = (uint32_t)feed->syntax->tokens.n, token = 0;
	while (token < n || feed_needs_line_end(feed)) {
		if (token < n) {
			token = step(feed, token);
		} else if (feed_would(feed, TOKEN_EOL)) {
			feed_line_end(feed);
		} else {
			feed->syntax->cut = true;
			token = recover_line_end(feed, token);
		}
	}
	recover_file_end(feed);
	parser_feed(feed->machine, 0, 0);
}

static void begin(struct feed *feed, struct arena *arena, const struct sources *sources,
		  uint32_t source, struct diags *diags, struct syntax *syntax)
{
	*feed = (struct feed){
		.arena = arena,
		.sources = sources,
		.source = source_get(sources, source),
		.syntax = syntax,
		.diags = diags,
		.build = { .arena = arena, .syntax = syntax },
		.at_start = true,
	};
	*syntax = (struct syntax){ .source = source };
	syntax->cut = !check_bytes(feed, source);
	if (syntax->cut)
		take_unread(feed);
	else
		lexer_run(arena, feed->source, syntax, &feed->flaws);
	count_braces(feed);
	feed->machine = parser_open(&feed->build);
}

void parse_source(struct arena *arena, const struct sources *sources, uint32_t source,
		  struct diags *diags, struct syntax *syntax)
{
	struct feed feed;
	begin(&feed, arena, sources, source, diags, syntax);
	syntax->cut = syntax->cut || is_foreign(&feed);
	if (syntax->cut)
		parser_feed(feed.machine, 0, 0);
	else
		read_tokens(&feed);
	parser_close(feed.machine);
	uint32_t last = syntax->tokens.n ? (uint32_t)syntax->tokens.n - 1 : 0;
	syntax->root = build_branch(&feed.build, NODE_FILE, 0, last, build_one(feed.build.file));
	check_version_first(&feed);
}

void parse_next(struct arena *arena, const struct sources *sources, uint32_t source,
		struct syntax *syntax, struct parse_next *next)
{
	struct diags diags = { .arena = arena, .sources = sources };
	struct feed feed;
	begin(&feed, arena, sources, source, &diags, syntax);
	for (uint32_t token = 0; !syntax->cut && token < syntax->tokens.n;)
		token = step(&feed, token);
	*next = (struct parse_next){ .place = feed_place(&feed), .last = (uint16_t)feed.last,
				     .last_token = feed.last_token };
	if (!feed.at_start)
		next->statement = feed_token(&feed, feed.statement.keyword)->kind;
	next->takes = ARENA_MANY(arena, parser_token_count(), bool);
	for (unsigned kind = 1; kind < parser_token_count(); kind++)
		next->takes[kind] = parser_would_shift(feed.machine, kind, false);
	parser_close(feed.machine);
}
