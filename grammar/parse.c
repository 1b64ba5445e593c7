/* parse.c — see parse.h. */
#include "grammar/parse.h"

#include "common/utf8.h"
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
		struct diag *diag = diag_add(feed->diags, DIAG_TOO_LARGE, (struct span){ source, 0, 0 },
					     "the file has %zu MiB; a plan has %d at most", text.n >> 20,
					     PARSE_LARGEST >> 20);
		diag_help(feed->diags, diag, "split it with `import`, or keep prompts in files of their own");
		return false;
	}
	size_t invalid = utf8_invalid(text);
	if (invalid == SIZE_MAX)
		return true;
	struct span span = { source, (uint32_t)invalid, (uint32_t)invalid + 1 };
	struct diag *diag = diag_add(feed->diags, DIAG_ENCODING, span, "byte %zu (0x%02x) is not valid UTF-8",
				     invalid, (unsigned char)text.at[invalid]);
	bool wide = str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff"));
	if (wide)
		diag_help(feed->diags, diag, "the file is UTF-16: save it as UTF-8");
	else
		diag_help(feed->diags, diag, "save the file as UTF-8; only the first such byte is shown");
	return !wide;
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
	if (ends && feed_needs_line_end(feed)) {
		if (!feed_would(feed, TOKEN_EOL))
			return recover_line_end(feed, token);
		feed_line_end(feed);
	}
	if (lexer_is_trivia(kind)) {
		recover_say_flaws(feed, token);
		return token + 1;
	}
	if (kind == TOKEN_RBRACE && !recover_brace(feed, token))
		return token + 1;
	if (!feed_would(feed, kind) || (kind == TOKEN_LBRACE && feed->depth == FEED_NESTING))
		return recover_token(feed, token);
	feed_take(feed, kind, token);
	if (feed->flaw < feed->flaws.list.n)
		recover_say_flaws(feed, token);
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
		if (token < n)
			token = step(feed, token);
		else if (feed_would(feed, TOKEN_EOL))
			feed_line_end(feed);
		else
			token = recover_line_end(feed, token);
	}
	recover_file_end(feed);
	parser_feed(feed->machine, 0, 0);
}

void parse_source(struct arena *arena, const struct sources *sources, uint32_t source, struct diags *diags,
		  struct syntax *syntax)
{
	struct feed feed = {
		.arena = arena, .sources = sources, .source = source_get(sources, source), .syntax = syntax,
		.diags = diags, .build = { .arena = arena, .syntax = syntax }, .at_start = true,
	};
	*syntax = (struct syntax){ .source = source };
	if (check_bytes(&feed, source))
		lexer_run(arena, feed.source, syntax, &feed.flaws);
	else
		take_unread(&feed);
	count_braces(&feed);
	feed.machine = parser_open(&feed.build);
	read_tokens(&feed);
	parser_close(feed.machine);
	uint32_t last = syntax->tokens.n ? (uint32_t)syntax->tokens.n - 1 : 0;
	syntax->root = build_branch(&feed.build, NODE_FILE, 0, last, build_one(feed.build.file));
	check_version_first(&feed);
}
