/* flaw.c — see flaw.h. */
#include "grammar/flaw.h"

#include "common/text.h"
#include "common/utf8.h"
#include "grammar/quoted.h"
#include "grammar/quoted_lines.h"

struct saying {
	struct arena *arena;
	const struct sources *sources;
	const struct syntax *syntax;
	const struct flaw *flaw;
	struct diags *diags;
	struct span span;
	struct str text; /* what is at the span */
};

static struct diag *say(const struct saying *s, enum diag_code code, const char *message)
{
	return diag_add(s->diags, code, s->span, "%s", message);
}

static void say_string_open(const struct saying *s)
{
	struct diag *diag = say(s, DIAG_UNCLOSED, "the string is not closed");
	diag_here(s->diags, diag, "no `\"` up to the end of the line");
	diag_help(s->diags, diag,
		  "a string ends on its line; text of several lines stands in a block of `\"\"\"`");
	uint32_t end = s->span.start + (uint32_t)str_trim(s->text).n;
	diag_fix(s->diags, diag, DIAG_UNSAFE, (struct span){ s->span.source, end, end }, STR("\""),
		 "put a `\"` at the end of the line");
}

/* Safe to rewrite when there is no doubt about its end nor about what stands in it: a backslash may
 * be meant as itself, and blanks may belong to the quotes. */
static enum diag_applicability how_safe(const struct saying *s, struct str ours)
{
	struct str inside = str_slice(ours, 1, ours.n - 1);
	bool escapes = str_find(s->text, '\\') != SIZE_MAX, blanks = str_trim(inside).n < inside.n;
	return s->flaw->doubtful || escapes || blanks ? DIAG_UNSAFE : DIAG_SAFE;
}

static void say_quotes(const struct saying *s)
{
	struct str ours = quoted_rewrite(s->arena, s->text);
	struct diag *diag =
		say(s, DIAG_CHARACTER,
		    s->flaw->kind == FLAW_QUOTES
			    ? "a string stands in plain double quotes, not in typographic ones"
			    : "a string stands in double quotes");
	if (s->flaw->doubtful && !s->flaw->apostrophes)
		diag_help(
			s->diags, diag,
			"put `\"` where it begins and where it ends; a `\"` in its text is written `\\\"`");
	else
		diag_fix(s->diags, diag, how_safe(s, ours), s->span, ours, "write `%.*s`",
			 STR_ARG(ours));
}

/* What to do instead: a block, where the statement takes one. */
static void offer_block(const struct saying *s, struct diag *diag, struct span whole)
{
	const struct source *source = source_get(s->sources, whole.source);
	struct str line = source_line(source, source_line_at(source, whole.start)),
		   string = source_text(s->sources, whole), block;
	size_t blank = 0;
	while (blank < line.n && (line.at[blank] == ' ' || line.at[blank] == '\t'))
		blank++;
	struct str statement = str_slice(line, blank, line.n);
	if (!str_starts(statement, STR("prompt")) && !str_starts(statement, STR("test")) &&
	    !str_starts(statement, STR("setup"))) {
		diag_help(s->diags, diag,
			  "close it on its line; each item of a list has quotes of its own");
		return;
	}
	diag_help(
		s->diags, diag,
		"end the line with `\"\"\"`, indent the text deeper than the statement, and close it "
		"with `\"\"\"` on a line of its own, right under the statement's beginning");
	if (str_starts(statement, STR("prompt ")) && !str_starts(string, STR("'''")) &&
	    quoted_lines_block(s->arena, string, str_slice(line, 0, blank), &block))
		diag_fix(s->diags, diag, DIAG_UNSAFE, whole, block, "make it a block");
}

static void say_foreign_quotes(const struct saying *s)
{
	bool ours = str_starts(s->text, STR("\""));
	struct span whole = syntax_token_span(s->syntax, s->flaw->token);
	struct diag *diag = say(
		s, ours ? DIAG_UNCLOSED : DIAG_CHARACTER,
		ours ? "a string ends on its line; text of several lines stands in a block of `\"\"\"`"
		     : "a text of several lines stands in a block of `\"\"\"`");
	if (ours)
		diag_label(s->diags, diag, (struct span){ whole.source, whole.end - 1, whole.end },
			   "it is closed here");
	offer_block(s, diag, whole);
}

static void say_foreign_text(const struct saying *s)
{
	bool here = str_starts(s->text, STR("<<"));
	struct diag *diag = say(
		s, DIAG_SYNTAX,
		here ? "there are no here-documents; text stands in a block of `\"\"\"`"
		     : "a text does not go by its indentation alone; it stands in a block of `\"\"\"`");
	diag_here(s->diags, diag, "write `\"\"\"` here%s", here ? "" : ", without the `|` or `>`");
	diag_help(
		s->diags, diag,
		"the text follows, indented deeper than the statement, and a line with `\"\"\"` alone, "
		"right under the statement's beginning, closes it");
}

static void say_foreign_comment(const struct saying *s)
{
	if (str_starts(s->text, STR("```"))) {
		struct diag *fence = say(s, DIAG_SYNTAX,
					 "a fence of Markdown cannot stand in a plan");
		diag_help(
			s->diags, fence,
			"take out the lines that begin with ```; only the text of a prompt has them");
		return;
	}
	struct diag *diag = say(s, DIAG_SYNTAX, "comments begin with `#`");
	diag_help(s->diags, diag,
		  "a comment runs from `#` to the end of its line; each line has its own `#`");
}

static void say_bare(const struct saying *s)
{
	bool closed = str_ends(s->text, STR("\""));
	struct str path = str_slice(s->text, 0, s->text.n - closed);
	struct diag *diag = say(s, DIAG_SYNTAX,
				closed ? "the string has no `\"` at its beginning"
				       : "paths and patterns stand in quotes");
	diag_fix(s->diags, diag, DIAG_SAFE, s->span,
		 arena_format(s->arena, "\"%.*s\"", STR_ARG(path)), "write `\"%.*s\"`",
		 STR_ARG(path));
}

static void say_escape(const struct saying *s)
{
	struct diag *diag = diag_add(s->diags, DIAG_ESCAPE, s->span, "there is no escape `%.*s`",
				     STR_ARG(s->text));
	diag_help(s->diags, diag, "escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{e9}`");
	if (s->text.n > 1 && s->text.at[1] != 'u')
		diag_fix(s->diags, diag, DIAG_UNSAFE,
			 (struct span){ s->span.source, s->span.start, s->span.start }, STR("\\"),
			 "write `\\%.*s` for a backslash", STR_ARG(s->text));
}

static void say_backslashes(const struct saying *s)
{
	struct text path = { 0 };
	for (size_t i = 0; i < s->text.n; i++) {
		bool doubled = s->text.at[i] == '\\' && s->text.at[i + 1] == '\\';
		text_add_byte(&path, s->text.at[i] == '\\' ? '/' : s->text.at[i]);
		i += doubled;
	}
	struct diag *diag = say(s, DIAG_PATTERN, "paths use `/`");
	diag_fix(s->diags, diag, DIAG_UNSAFE, s->span, arena_copy(s->arena, text_str(&path)),
		 "write `%.*s`", STR_ARG(text_str(&path)));
	text_release(&path);
}

static void say_escape_character(const struct saying *s)
{
	struct diag *diag = diag_add(s->diags, DIAG_ESCAPE, s->span, "`%.*s` is no character",
				     STR_ARG(s->text));
	diag_note(s->diags, diag, "characters go up to 10ffff, without d800 to dfff");
}

static void say_name(const struct saying *s)
{
	struct diag *diag = diag_add(s->diags, DIAG_CHARACTER, s->span,
				     "`%.*s` cannot be in a name", STR_ARG(s->text));
	diag_help(s->diags, diag,
		  "names are letters a to z, digits and `_`, in parts joined by `-`: "
		  "they become branches and folders");
}

static void say_slashes(const struct saying *s)
{
	struct diag *diag = say(s, DIAG_SYNTAX, "comments begin with `#`");
	diag_fix(s->diags, diag, DIAG_SAFE, s->span, STR("#"), "write `#`");
}

static void say_number(const struct saying *s)
{
	struct str text = s->text;
	size_t dash = str_find(str_slice(text, 1, text.n), '-');
	if (text.at[0] == '-') {
		say(s, DIAG_SYNTAX, "there are no numbers below 0");
		return;
	}
	if (text.at[0] == '$') {
		struct str amount = str_slice(text, 1, text.n);
		struct diag *diag =
			say(s, DIAG_SYNTAX,
			    "an amount of money is written with its currency behind it");
		diag_fix(s->diags, diag, DIAG_DISPLAY, s->span,
			 arena_format(s->arena, "%.*s USD", STR_ARG(amount)), "write `%.*s USD`",
			 STR_ARG(amount));
		return;
	}
	if (dash != SIZE_MAX) {
		struct str most = str_slice(text, dash + 2, text.n);
		struct diag *diag = diag_add(s->diags, DIAG_SYNTAX, s->span,
					     "`%.*s` is a range; one value is needed",
					     STR_ARG(text));
		diag_fix(s->diags, diag, DIAG_UNSAFE, s->span, most, "write the larger one, `%.*s`",
			 STR_ARG(most));
		return;
	}
	struct diag *diag = diag_add(s->diags, DIAG_SYNTAX, s->span, "`%.*s` is not a number",
				     STR_ARG(text));
	diag_help(s->diags, diag,
		  "durations are written `90s`, `30m` or `1h30m`, sizes `512M`, money `12.50 USD`");
}

/* Is the first character of the flaw the last of its line? */
static bool ends_line(const struct saying *s)
{
	const struct source *source = source_get(s->sources, s->span.source);
	uint32_t line = source_line_at(source, s->span.start);
	struct str text = source_line(source, line);
	return !str_trim(str_slice(text, s->span.start + 1 - source->line[line - 1], text.n)).n;
}

static void say_character(const struct saying *s)
{
	size_t bytes;
	uint32_t c = utf8_decode(s->text, &bytes);
	struct str shown = str_slice(s->text, 0, bytes);
	if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000) {
		struct diag *diag = diag_add(s->diags, DIAG_CHARACTER, s->span,
					     "this is not a plain space, but U+%04X", c);
		diag_fix(s->diags, diag, DIAG_SAFE, s->span, STR(" "), "put a plain space");
		return;
	}
	struct diag *diag = diag_add(s->diags, DIAG_CHARACTER, s->span, "`%.*s` cannot stand here",
				     STR_ARG(shown));
	if (c == '\\')
		diag_help(
			s->diags, diag,
			"no mark is needed for it: a list goes on in the next line behind its comma");
	if (c == ';')
		diag_help(s->diags, diag,
			  "a statement ends with its line; nothing is put between statements");
	if (c == ';' && ends_line(s))
		diag_fix(s->diags, diag, DIAG_SAFE,
			 (struct span){ s->span.source, s->span.start, s->span.start + 1 }, STR(""),
			 "leave it out");
}

static void say_unseen(const struct saying *s)
{
	static const char *const what[] = {
		[FLAW_CONTROL] = "a control character",
		[FLAW_BIDI] = "a character that turns the direction of text",
		[FLAW_INVISIBLE] = "an invisible character",
	};
	size_t bytes;
	uint32_t c = utf8_decode(s->text, &bytes);
	struct diag *diag = diag_add(s->diags, DIAG_CHARACTER, s->span, "%s, U+%04X",
				     what[s->flaw->kind], c);
	diag_fix(s->diags, diag, DIAG_UNSAFE, s->span, STR(""), "leave it out");
	if (s->flaw->kind != FLAW_CONTROL)
		diag_note(s->diags, diag,
			  "what is read and what is seen must be the same; in a string, `\\u{%x}` "
			  "says it openly",
			  c);
}

static void say_nfc(const struct saying *s)
{
	struct diag *diag = say(s, DIAG_NORMALISATION, "this text is not in composed form (NFC)");
	diag_note(s->diags, diag, "it looks like its composed form, and is not equal to it");
	/* A file's name may be meant as it is. */
	diag_fix(s->diags, diag, DIAG_UNSAFE, s->span, utf8_compose(s->arena, s->text),
		 "compose it");
}

/* The quotes that open the block, as a place. */
static struct span opening(const struct saying *s)
{
	uint32_t start = s->syntax->tokens.at[s->flaw->token].start;
	return (struct span){ s->span.source, start, s->flaw->other };
}

static void say_text_inline(const struct saying *s)
{
	struct diag *diag = say(s, DIAG_TEXT_BLOCK,
				"the text of a block begins on the line after its `\"\"\"`");
	diag_help(s->diags, diag, "text of one line can stand in plain quotes, `\"…\"`");
}

/* Is the line of the flaw the first of the text? */
static bool begins_text(const struct saying *s)
{
	struct span between = { s->span.source, s->flaw->other, s->span.start };
	return !str_trim(source_text(s->sources, between)).n;
}

static void say_text_indent(const struct saying *s)
{
	bool first = begins_text(s);
	struct diag *diag =
		say(s, DIAG_TEXT_BLOCK,
		    first ? "the text of a block is indented deeper than its statement"
			  : "this line of a text block is indented less than its first line");
	diag_label(s->diags, diag, opening(s), "the block begins here");
	if (first)
		diag_help(
			s->diags, diag,
			"move the whole text to the right, by two spaces more than the statement; only "
			"the closing `\"\"\"` stands right under its beginning");
	else
		diag_help(
			s->diags, diag,
			"all lines of the text begin with the white space of its first line, which is "
			"more than the statement's, tabs and spaces being different");
}

static void say_text_close(const struct saying *s)
{
	struct str line = str_trim(s->text);
	bool behind = line.n > 3 || s->text.n > line.n;
	struct diag *diag = say(
		s, DIAG_TEXT_BLOCK,
		behind ? "nothing may follow the quotes that close a text block, not even white space"
		       : "the quotes that close a text block are indented exactly as its statement");
	diag_label(s->diags, diag, opening(s), "the block begins here");
}

static void say_text_open(const struct saying *s)
{
	struct saying at_quotes = *s;
	at_quotes.span = opening(s);
	struct diag *diag = say(&at_quotes, DIAG_UNCLOSED, "the text block is not closed");
	diag_help(s->diags, diag,
		  "it is closed by a line with `\"\"\"` alone, indented exactly as its statement");
}

static void say_conflict(const struct saying *s)
{
	struct diag *diag = say(s, DIAG_CONFLICT_MARKER, "a merge conflict was left in the file");
	diag_help(s->diags, diag,
		  "choose a side, and remove the lines of `<<<<<<<`, `=======` and `>>>>>>>`");
}

void flaw_say(struct arena *arena, const struct sources *sources, const struct syntax *syntax,
	      const struct flaw *flaw, struct diags *diags)
{
	static void (*const how[])(const struct saying *) = {
		[FLAW_STRING_OPEN] = say_string_open,
		[FLAW_QUOTES] = say_quotes,
		[FLAW_SINGLE_QUOTES] = say_quotes,
		[FLAW_FOREIGN_QUOTES] = say_foreign_quotes,
		[FLAW_FOREIGN_TEXT] = say_foreign_text,
		[FLAW_FOREIGN_COMMENT] = say_foreign_comment,
		[FLAW_BARE] = say_bare,
		[FLAW_NAME] = say_name,
		[FLAW_SLASHES] = say_slashes,
		[FLAW_ESCAPE] = say_escape,
		[FLAW_BACKSLASHES] = say_backslashes,
		[FLAW_ESCAPE_CHARACTER] = say_escape_character,
		[FLAW_NUMBER] = say_number,
		[FLAW_CHARACTER] = say_character,
		[FLAW_CONTROL] = say_unseen,
		[FLAW_BIDI] = say_unseen,
		[FLAW_INVISIBLE] = say_unseen,
		[FLAW_NFC] = say_nfc,
		[FLAW_TEXT_INLINE] = say_text_inline,
		[FLAW_TEXT_INDENT] = say_text_indent,
		[FLAW_TEXT_CLOSE] = say_text_close,
		[FLAW_TEXT_OPEN] = say_text_open,
		[FLAW_CONFLICT] = say_conflict,
	};
	struct span span = { syntax->source, flaw->start, flaw->end };
	struct saying saying = {
		arena, sources, syntax, flaw, diags, span, source_text(sources, span)
	};
	how[flaw->kind](&saying);
}

bool flaw_misleads(enum flaw_kind kind)
{
	return kind == FLAW_STRING_OPEN || kind == FLAW_TEXT_INLINE || kind == FLAW_TEXT_CLOSE ||
	       kind == FLAW_TEXT_OPEN || kind == FLAW_CHARACTER || kind == FLAW_QUOTES ||
	       kind == FLAW_SINGLE_QUOTES || kind == FLAW_FOREIGN_QUOTES ||
	       kind == FLAW_FOREIGN_TEXT || kind == FLAW_BARE || kind == FLAW_NUMBER;
}

bool flaw_is_quotes(enum flaw_kind kind)
{
	return kind == FLAW_QUOTES || kind == FLAW_SINGLE_QUOTES || kind == FLAW_BARE;
}
