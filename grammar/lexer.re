/* lexer.re — see lexer.h. re2c knows the plain tokens; what is delimited (strings, comments, text blocks) or
 * wrong is read by hand, where guessing what was meant is easier. Nothing is looked at more than a few times,
 * however strange the file. */
#include "grammar/lexer.h"

#include "common/utf8.h"
#include "grammar/foreign.h"
#include "grammar/quoted.h"
#include "grammar/quoted_lines.h"
#include "grammar/textblock.h"
#include "parser.h"

struct lexer {
	struct arena *arena;
	const struct source *source;
	struct str text;
	size_t at;	/* where the next token begins */
	size_t line_next;	/* where the line after some line begins, mostly after the present one */
	size_t no_path;	/* up to here, no path without quotes begins */
	struct flaw scratch;	/* for flaws that nobody will read */
	struct syntax *syntax;
	struct flaws *flaws;
	struct keyword_table keywords;
	struct textblock_lines closings;
	struct foreign foreign;
	bool conflict;	/* inside of one side of a merge conflict */
	bool conflicts_end;	/* whether a >>>>>>> may still follow */
};

static unsigned char peek(const struct lexer *lexer, size_t at)
{
	return at < lexer->text.n ? (unsigned char)lexer->text.at[at] : 0;
}

/* Room for as many tokens as there will be if the rest of the file is like what was read, between a quarter more
 * and four times as many: touching memory is what reading a large file mostly costs. */
static void reserve_tokens(struct lexer *lexer)
{
	struct syntax *syntax = lexer->syntax;
	size_t n = syntax->tokens.n, least = n + n / 4 + 256, most = n * 4 + 256;
	size_t cap = (size_t)((double)n * ((double)lexer->text.n / (double)(lexer->at + 1)) * 1.02);
	cap = cap < least ? least : cap > most ? most : cap;
	struct token *more = ARENA_MANY(lexer->arena, cap, struct token);
	if (n)
		memcpy(more, syntax->tokens.at, n * sizeof *more);
	syntax->tokens.at = more;
	syntax->tokens.cap = cap;
}

static void add_token(struct lexer *lexer, unsigned kind, size_t end)
{
	if (lexer->syntax->tokens.n == lexer->syntax->tokens.cap)
		reserve_tokens(lexer);
	*VEC_ADD(lexer->arena, &lexer->syntax->tokens) =
		(struct token){ (uint16_t)kind, (uint32_t)lexer->at, (uint32_t)end };
	lexer->at = end;
}

/* Of the token that is about to be added. */
static struct flaw *add_flaw(struct lexer *lexer, enum flaw_kind kind, size_t start, size_t end)
{
	enum { ENOUGH = 10000 };	/* a file that is no plan at all */
	struct flaw *flaw = lexer->flaws->list.n < ENOUGH ? VEC_ADD(lexer->arena, &lexer->flaws->list) :
							    &lexer->scratch;
	*flaw = (struct flaw){ kind, (uint32_t)lexer->syntax->tokens.n, (uint32_t)start, (uint32_t)end, 0, false, false };
	return flaw;
}

static struct str slice(const struct lexer *lexer, size_t start, size_t end)
{
	return str_slice(lexer->text, start, end);
}

/* Where the line ends, before its CR or LF. `at` never goes back, so a line is searched once. */
static size_t find_line_end(struct lexer *lexer, size_t at)
{
	if (lexer->line_next <= at) {
		size_t n = str_find(slice(lexer, at, lexer->text.n), '\n');
		lexer->line_next = (n == SIZE_MAX ? lexer->text.n : at + n) + 1;
	}
	size_t end = lexer->line_next - 1;
	return end > at && end < lexer->text.n && lexer->text.at[end - 1] == '\r' ? end - 1 : end;
}

/* Of what may be seen in strings and comments, the first character of each kind that must not be there. */
static void check_characters(struct lexer *lexer, size_t start, size_t end)
{
	static const enum flaw_kind flaw_of[] = {
		[UTF8_CONTROL] = FLAW_CONTROL, [UTF8_BIDI] = FLAW_BIDI, [UTF8_INVISIBLE] = FLAW_INVISIBLE,
	};
	bool seen[UTF8_INVISIBLE + 1] = { false }, ascii = true;
	for (size_t at = start, bytes; at < end; at += bytes) {
		unsigned char c = (unsigned char)lexer->text.at[at];
		bytes = 1;
		if (c >= 0x20 && c < 0x7F)
			continue;
		uint32_t character = c < 0x80 ? c : utf8_decode(slice(lexer, at, end), &bytes);
		ascii = ascii && c < 0x80;
		enum utf8_class class = character == '\r' ? UTF8_CONTROL : utf8_class(character);
		if (character == UTF8_INVALID || class == UTF8_PLAIN || seen[class])
			continue;
		seen[class] = true;
		add_flaw(lexer, flaw_of[class], at, at + bytes);
	}
	if (!ascii && !utf8_is_nfc(slice(lexer, start, end)))
		add_flaw(lexer, FLAW_NFC, start, end);
}

static void lex_comment(struct lexer *lexer)
{
	size_t end = find_line_end(lexer, lexer->at);
	if (lexer->text.at[lexer->at] == '/')
		add_flaw(lexer, FLAW_SLASHES, lexer->at, lexer->at + 2);
	check_characters(lexer, lexer->at, end);
	add_token(lexer, TRIVIA_COMMENT, end);
}

static bool is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* From the backslash; the end of the escape. */
static size_t check_escape(struct lexer *lexer, size_t at, size_t limit)
{
	unsigned char c = peek(lexer, at + 1);
	if (c == '"' || c == '\\' || c == 'n' || c == 't')
		return at + 2;
	size_t end = at + 2;
	if (c == 'u' && peek(lexer, end) == '{') {
		uint32_t character = 0;
		size_t digits = 0;
		for (end++; end < limit && is_hex(peek(lexer, end)); end++, digits++) {
			unsigned char d = peek(lexer, end);
			if (character < 0x110000)
				character = character * 16 + (uint32_t)(d <= '9' ? d - '0' : (d | 32) - 'a' + 10);
		}
		if (digits && end < limit && peek(lexer, end) == '}') {
			end++;
			if (!utf8_is_character(character))
				add_flaw(lexer, FLAW_ESCAPE_CHARACTER, at, end);
			return end;
		}
	} else {
		while (end < limit && (peek(lexer, end) & 0xC0) == 0x80)
			end++;
	}
	add_flaw(lexer, FLAW_ESCAPE, at, end < limit ? end : limit);
	return end < limit ? end : limit;
}

/* Is the string that begins here one of the paths of its statement? */
static bool is_path_here(const struct lexer *lexer)
{
	enum { FURTHEST = 400 };	/* tokens of a list */
	size_t n = lexer->syntax->tokens.n;
	for (size_t i = 0; i < n && i < FURTHEST; i++) {
		unsigned kind = lexer->syntax->tokens.at[n - 1 - i].kind;
		if (!lexer_is_trivia(kind) && kind != TOKEN_STRING && kind != TOKEN_COMMA)
			return kind == TOKEN_OWNS || kind == TOKEN_CREATES || kind == TOKEN_READS ||
			       kind == TOKEN_REQUIRES || kind == TOKEN_COPY || kind == TOKEN_LINK ||
			       kind == TOKEN_IMPORT;
	}
	return false;
}

/* A backslash that begins no escape, in a path: then none of the others was meant as one. */
static bool has_backslashes(const struct lexer *lexer, size_t at, size_t end)
{
	for (; at + 1 < end; at++) {
		unsigned char next = peek(lexer, at + 1);
		if (peek(lexer, at) != '\\')
			continue;
		if (next == 0 || (!strchr("\\\"nt", next) &&
				  !(next == 'u' && peek(lexer, at + 2) == '{')))
			return is_path_here(lexer);
		at++;
	}
	return false;
}

static bool is_trailing(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '{';
}

/* In quotes of whatever kind, over several lines. */
static bool lex_string_of_lines(struct lexer *lexer)
{
	size_t end;
	if (!quoted_lines_find(lexer->text, lexer->at, &end))
		return false;
	add_flaw(lexer, FLAW_FOREIGN_QUOTES, lexer->at, find_line_end(lexer, lexer->at));
	add_token(lexer, TOKEN_TEXT, end);
	return true;
}

static void lex_string(struct lexer *lexer)
{
	size_t end = lexer->at + 1;
	bool plain = true, escapes = false;
	unsigned char c = 0;
	for (; end < lexer->text.n; end++) {
		c = (unsigned char)lexer->text.at[end];
		if (c == '"' || c == '\n')
			break;
		if (c == '\\') {
			escapes = true;
			unsigned char next = peek(lexer, end + 1);
			end += next == '"' || next == '\\';
		} else if (c < 0x20 || c >= 0x7F) {
			plain = false;
		}
	}
	bool closed = end < lexer->text.n && c == '"';
	if (end > lexer->text.n)
		end = lexer->text.n;
	if (!closed && lex_string_of_lines(lexer))
		return;
	/* White space at the end of the line is not meant to be in it, nor is the brace of a block. */
	while (!closed && end > lexer->at + 1 && is_trailing(lexer->text.at[end - 1])) {
		end--;
		if (lexer->text.at[end] == '{')
			break;
	}
	if (!closed)
		add_flaw(lexer, FLAW_STRING_OPEN, lexer->at, end);
	if (closed && escapes && has_backslashes(lexer, lexer->at + 1, end)) {
		add_flaw(lexer, FLAW_BACKSLASHES, lexer->at, end + 1);
		escapes = false;
	}
	for (size_t at = lexer->at + 1; escapes && at < end;) {
		if (lexer->text.at[at] == '\\')
			at = check_escape(lexer, at, end);
		else
			at++;
	}
	if (!plain)
		check_characters(lexer, lexer->at, end);
	add_token(lexer, TOKEN_STRING, closed ? end + 1 : end);
}

/* A string in quotes that are not ours, up to the closing ones on the same line, if there are any. */
static bool lex_foreign_string(struct lexer *lexer, enum flaw_kind kind)
{
	struct quoted quoted;
	if (!quoted_find(slice(lexer, lexer->at, find_line_end(lexer, lexer->at)), &quoted))
		return false;
	struct flaw *flaw = add_flaw(lexer, kind, lexer->at, lexer->at + quoted.end);
	flaw->doubtful = quoted.doubtful;
	flaw->apostrophes = quoted.apostrophes;
	add_token(lexer, TOKEN_STRING, lexer->at + quoted.end);
	return true;
}

/* A text or a comment of another language. */
static bool lex_foreign(struct lexer *lexer)
{
	enum flaw_kind kind;
	size_t end, line = lexer->source->line[source_line_at(lexer->source, (uint32_t)lexer->at) - 1];
	unsigned char c = peek(lexer, lexer->at);
	if (str_starts(slice(lexer, lexer->at, lexer->text.n), STR("```")) || c == '/' || c == ';' || c == '-' ||
	    c == '<') {
		if (foreign_comment(&lexer->foreign, lexer->text, line, lexer->at, &end)) {
			add_flaw(lexer, FLAW_FOREIGN_COMMENT, lexer->at, end);
			add_token(lexer, TRIVIA_COMMENT, end);
			return true;
		}
	}
	bool triple = str_starts(slice(lexer, lexer->at, lexer->text.n), STR("'''"));
	if ((c == '`' || c == '\'') && !triple && lex_foreign_string(lexer, FLAW_SINGLE_QUOTES))
		return true;
	if (!foreign_text(&lexer->foreign, lexer->text, line, lexer->at, &kind, &end))
		return c == '\'' && lex_string_of_lines(lexer);
	size_t shown = find_line_end(lexer, lexer->at);
	add_flaw(lexer, kind, lexer->at, shown < end ? shown : end);
	add_token(lexer, TOKEN_TEXT, end);
	return true;
}

static void lex_text(struct lexer *lexer, size_t quotes_end)
{
	struct str rest = slice(lexer, quotes_end, find_line_end(lexer, quotes_end));
	bool inline_text = str_trim(rest).n > 0;
	size_t again = inline_text ? str_find_text(rest, STR("\"\"\"")) : SIZE_MAX;
	if (inline_text)
		add_flaw(lexer, FLAW_TEXT_INLINE, quotes_end, quotes_end + rest.n);
	if (again != SIZE_MAX) {
		add_token(lexer, TOKEN_TEXT, quotes_end + again + 3);
		return;
	}
	uint32_t line = source_line_at(lexer->source, (uint32_t)lexer->at);
	struct textblock block = textblock_find(lexer->arena, lexer->source, &lexer->closings, line,
						(uint32_t)(quotes_end + (inline_text ? rest.n : 0)));
	if (block.flawed && !inline_text) {
		struct flaw *flaw = add_flaw(lexer, block.flaw.kind, block.flaw.start, block.flaw.end);
		flaw->other = (uint32_t)quotes_end;
	}
	add_token(lexer, TOKEN_TEXT, block.end);
}

/* What a path without quotes may consist of, as far as it can be told. */
static bool is_bare(unsigned char c)
{
	return lexer_is_word(c) || c == '/' || c == '*' || c == '.' || c == '-' || c == '?' || c == '~' || c == '@' ||
	       c == '+' || c == '\\' || c >= 0x80;
}

/* The end of a path without quotes that begins here, or of nothing: it has a slash or a star. */
static size_t find_bare_end(struct lexer *lexer, size_t at)
{
	bool path = false;
	size_t end = at;
	if (at < lexer->no_path)
		return at;
	for (; is_bare(peek(lexer, end)); end++)
		path = path || lexer->text.at[end] == '/' || lexer->text.at[end] == '*' ||
		       lexer->text.at[end] == '\\';
	if (!path)
		lexer->no_path = end;
	return path ? end : at;
}

static void lex_bare(struct lexer *lexer, size_t end)
{
	/* A closing quote without an opening one. */
	if (peek(lexer, end) == '"' &&
	    str_find(slice(lexer, end + 1, find_line_end(lexer, end)), '"') == SIZE_MAX)
		end++;
	add_flaw(lexer, FLAW_BARE, lexer->at, end);
	add_token(lexer, TOKEN_STRING, end);
}

/* Not in ASCII, and neither white space nor punctuation as far as people write them around names. */
static bool is_letter(uint32_t c)
{
	return c != UTF8_INVALID && c > 0xBF && !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F) &&
	       !(c >= 0xFF00 && c <= 0xFF20) && !(c >= 0xFF3B && c <= 0xFF40) && c < 0xFF5B &&
	       utf8_class(c) == UTF8_PLAIN;
}

static size_t find_name_end(const struct lexer *lexer, size_t end)
{
	for (;;) {
		size_t bytes;
		if (lexer_is_word(peek(lexer, end)) || peek(lexer, end) == '-') {
			end++;
			continue;
		}
		if (peek(lexer, end) < 0x80)
			return end;
		uint32_t c = utf8_decode(slice(lexer, end, lexer->text.n), &bytes);
		if (!is_letter(c) && utf8_class(c) != UTF8_INVISIBLE)
			return end;
		end += bytes;
	}
}

static void lex_word(struct lexer *lexer, size_t end)
{
	unsigned char next = peek(lexer, end);
	if (next == '/' || next == '*' || next == '\\' || next == '.') {
		size_t bare = find_bare_end(lexer, lexer->at);
		if (bare > lexer->at) {
			lex_bare(lexer, bare);
			return;
		}
	}
	if (next >= 0x80) {
		size_t bytes;
		uint32_t c = utf8_decode(slice(lexer, end, lexer->text.n), &bytes);
		bool unseen = utf8_class(c) == UTF8_INVISIBLE && lexer_is_word(peek(lexer, end + bytes));
		if (unseen || is_letter(c)) {
			add_flaw(lexer, unseen ? FLAW_INVISIBLE : FLAW_NAME, end, end + bytes);
			end = find_name_end(lexer, end + bytes);
		}
	}
	const struct keyword *keyword = keyword_look(&lexer->keywords, slice(lexer, lexer->at, end));
	add_token(lexer, keyword ? keyword->token : TOKEN_NAME, end);
}

/* A backslash before a line end: what follows belongs to the line. */
static bool lex_continued(struct lexer *lexer)
{
	size_t end = lexer->at + 1;
	end += peek(lexer, end) == '\r';
	if (peek(lexer, end) != '\n')
		return false;
	add_flaw(lexer, FLAW_CHARACTER, lexer->at, lexer->at + 1);
	add_token(lexer, TRIVIA_SPACE, end + 1);
	return true;
}

/* A character that begins no token: said, and passed over as if it were white space. */
static void lex_stray(struct lexer *lexer)
{
	size_t bytes;
	size_t bare = find_bare_end(lexer, lexer->at);
	uint32_t c = utf8_decode(slice(lexer, lexer->at, lexer->text.n), &bytes);
	if (c == 0xFEFF && lexer->at == 0) {
		add_token(lexer, TRIVIA_BOM, bytes);
	} else if (c == '\\' && lex_continued(lexer)) {
		return;
	} else if (lex_foreign(lexer) || (quoted_by(c) && (lex_foreign_string(lexer, FLAW_QUOTES) ||
							    lex_string_of_lines(lexer)))) {
		return;
	} else if (is_letter(c)) {
		add_flaw(lexer, FLAW_NAME, lexer->at, lexer->at + bytes);
		add_token(lexer, TOKEN_NAME, find_name_end(lexer, lexer->at + bytes));
	} else if (c < 0x80 && bare > lexer->at && c != '-') {
		lex_bare(lexer, bare);
	} else if (c == UTF8_INVALID) {
		add_token(lexer, TRIVIA_SPACE, lexer->at + 1);	/* said once for the whole file */
	} else {
		enum utf8_class class = c == '\r' ? UTF8_CONTROL : utf8_class(c);
		enum flaw_kind kind = class == UTF8_CONTROL ? FLAW_CONTROL :
				      class == UTF8_BIDI ? FLAW_BIDI :
				      class == UTF8_INVISIBLE ? FLAW_INVISIBLE : FLAW_CHARACTER;
		size_t end = lexer->at + bytes;
		/* A row of the same is one mistake. */
		while (end + bytes <= lexer->text.n &&
		       str_equal(slice(lexer, end, end + bytes), slice(lexer, lexer->at, lexer->at + bytes)))
			end += bytes;
		add_flaw(lexer, kind, lexer->at, end);
		add_token(lexer, TRIVIA_SPACE, end);
	}
}

static bool at_marker(const struct lexer *lexer, size_t at, const char *marker)
{
	unsigned char after = peek(lexer, at + 7);
	return (at == 0 || lexer->text.at[at - 1] == '\n') &&
	       str_starts(slice(lexer, at, lexer->text.n), str_from(marker)) &&
	       (at + 7 == lexer->text.n || after == ' ' || after == '\r' || after == '\n');
}

/* The beginning of the next line with that marker, or SIZE_MAX. */
static size_t find_marker(const struct lexer *lexer, const char *marker)
{
	for (size_t at = lexer->at, n;; at += n + 1) {
		n = str_find(slice(lexer, at, lexer->text.n), '\n');
		if (n == SIZE_MAX)
			return SIZE_MAX;
		if (at_marker(lexer, at + n + 1, marker))
			return at + n + 1;
	}
}

/* Our side of a conflict is read, the other is passed over, so that nothing is there twice. */
static bool lex_conflict(struct lexer *lexer)
{
	size_t line = find_line_end(lexer, lexer->at);
	bool ours = at_marker(lexer, lexer->at, "<<<<<<<");
	bool base = at_marker(lexer, lexer->at, "|||||||");
	bool middle = at_marker(lexer, lexer->at, "=======");
	bool end = at_marker(lexer, lexer->at, ">>>>>>>");
	if (!ours && !base && !middle && !end)
		return false;
	if (!lexer->conflict)
		add_flaw(lexer, FLAW_CONFLICT, lexer->at, line);
	lexer->conflict = !end;
	if ((base || middle) && lexer->conflicts_end) {
		size_t last = find_marker(lexer, ">>>>>>>");
		lexer->conflicts_end = last != SIZE_MAX;
		if (lexer->conflicts_end) {
			add_token(lexer, TRIVIA_CONFLICT, last);
			return true;
		}
	}
	add_token(lexer, TRIVIA_CONFLICT, line);
	return true;
}

/* Where something is compared; anywhere else it is nothing of the language. */
static void lex_comparison(struct lexer *lexer, size_t end)
{
	size_t n = lexer->syntax->tokens.n;
	while (n && lexer_is_trivia(lexer->syntax->tokens.at[n - 1].kind))
		n--;
	if (n && lexer->syntax->tokens.at[n - 1].kind == TOKEN_GOAL)
		add_token(lexer, TOKEN_COMPARISON, end);
	else
		lex_stray(lexer);
}

#define YYCTYPE unsigned char
#define YYPEEK() peek(lexer, at)
#define YYSKIP() (void)++at
#define YYBACKUP() (void)(marker = at)
#define YYRESTORE() (void)(at = marker)
#define YYSHIFT(shift) (void)(at += (size_t)(shift))

static void lex_token(struct lexer *lexer)
{
	size_t at = lexer->at, marker = at;
	/*!re2c
	re2c:api = custom;
	re2c:yyfill:enable = 0;

	word = [A-Za-z_] [A-Za-z0-9_]* ("-" [A-Za-z0-9_]+)*;
	digits = [0-9]+;

	[ \t]+			{ add_token(lexer, TRIVIA_SPACE, at); return; }
	"\r"? "\n"		{ add_token(lexer, TRIVIA_NEWLINE, at); return; }
	"#" | "//"		{ lex_comment(lexer); return; }
	word			{ lex_word(lexer, at); return; }
	digits			{ add_token(lexer, TOKEN_NUMBER, at); return; }
	(digits [smhd])+	{ add_token(lexer, TOKEN_DURATION, at); return; }
	digits [KMGT]		{ add_token(lexer, TOKEN_SIZE, at); return; }
	digits "." digits	{ add_token(lexer, TOKEN_DECIMAL, at); return; }
	number = [0-9] [A-Za-z0-9_.]*;
	name = [0-9] [A-Za-z0-9_]* ("-" [A-Za-z0-9_]+)* "-" [A-Za-z_] [A-Za-z0-9_]* ("-" [A-Za-z0-9_]+)*;
	fraction = [0-9]+ ("\xc2" [\xbc-\xbe]) [a-z]*;
	"$" number | "-" number | number | number "-" number | name | fraction	{
		add_flaw(lexer, FLAW_NUMBER, lexer->at, at);
		add_token(lexer, TOKEN_NUMBER, at);
		return;
	}
	"\""			{ lex_string(lexer); return; }
	"$"{0,2} "\"\"\""	{ lex_text(lexer, at); return; }
	"{"			{ add_token(lexer, TOKEN_LBRACE, at); return; }
	"}"			{ add_token(lexer, TOKEN_RBRACE, at); return; }
	"["			{ add_token(lexer, TOKEN_LBRACKET, at); return; }
	"]"			{ add_token(lexer, TOKEN_RBRACKET, at); return; }
	"("			{ add_token(lexer, TOKEN_LPAREN, at); return; }
	")"			{ add_token(lexer, TOKEN_RPAREN, at); return; }
	","			{ add_token(lexer, TOKEN_COMMA, at); return; }
	":"			{ add_token(lexer, TOKEN_COLON, at); return; }
	"." / [^/*.]		{ add_token(lexer, TOKEN_DOT, at); return; }
	"/*"			{ lex_stray(lexer); return; }
	"/-"			{ add_token(lexer, TOKEN_SLASHDASH, at); return; }
	[<=>|]{7}		{
		if (!lex_conflict(lexer))
			lex_stray(lexer);
		return;
	}
	"<=" | ">=" | "<" | ">"	{ lex_comparison(lexer, at); return; }
	"="			{ add_token(lexer, TOKEN_EQUALS, at); return; }
	*			{ lex_stray(lexer); return; }
	*/
}

void lexer_run(struct arena *arena, const struct source *source, struct syntax *syntax, struct flaws *flaws)
{
	struct lexer lexer = {
		.arena = arena, .source = source, .text = source->code, .syntax = syntax, .flaws = flaws,
		.conflicts_end = true,
	};
	keyword_table_init(&lexer.keywords);
	while (lexer.at < lexer.text.n)
		lex_token(&lexer);
}
