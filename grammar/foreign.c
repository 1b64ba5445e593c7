/* foreign.c — see foreign.h. */
#include "grammar/foreign.h"

enum {
	LONGEST = 2000
}; /* lines of a here-document: a file full of them must not be searched through for each */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_blank(struct str text, size_t at)
{
	while (at < text.n && is_blank(text.at[at]))
		at++;
	return at;
}

static size_t line_end(struct str text, size_t at)
{
	size_t n = str_find(str_slice(text, at, text.n), '\n');
	size_t end = n == SIZE_MAX ? text.n : at + n;
	return end > at && end < text.n && text.at[end - 1] == '\r' ? end - 1 : end;
}

/* Where the line behind the one of `at` begins; the end of the text when there is none. */
static size_t next_line(struct str text, size_t at)
{
	size_t n = str_find(str_slice(text, at, text.n), '\n');
	return n == SIZE_MAX ? text.n : at + n + 1;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* `<<EOF`, `<<-'EOF'`, `<<~EOF`: up to the line that is the word. */
static bool here_document(struct str text, size_t at, size_t *end)
{
	at += 2;
	while (at < text.n && (text.at[at] == '-' || text.at[at] == '~' || text.at[at] == '\'' ||
			       text.at[at] == '"'))
		at++;
	size_t word = at;
	while (at < text.n && is_word(text.at[at]))
		at++;
	struct str closing = str_slice(text, word, at);
	if (!closing.n)
		return false;
	size_t lines = 0;
	for (size_t line = next_line(text, at); line < text.n && lines < LONGEST;
	     line = next_line(text, line), lines++) {
		*end = line_end(text, line);
		if (str_equal(str_trim(str_slice(text, line, *end)), closing))
			return true;
	}
	*end = line_end(text, at);
	return true;
}

/* `|` or `>` at the end of a line: the lines below that are indented deeper. */
static bool block_scalar(struct str text, size_t line, size_t at, size_t *end)
{
	size_t indent = skip_blank(text, line) - line, behind = at + 1;
	while (behind < text.n && (text.at[behind] == '-' || text.at[behind] == '+'))
		behind++;
	size_t rest = skip_blank(text, behind);
	if (rest < text.n && text.at[rest] != '\n' && text.at[rest] != '\r')
		return false;
	*end = behind;
	for (size_t next = next_line(text, at); next < text.n; next = next_line(text, next)) {
		size_t first = skip_blank(text, next), last = line_end(text, next);
		if (first < last && first - next <= indent)
			break;
		*end = first < last ? last : *end;
	}
	return true;
}

/* `none`: it is known that no closing follows. */
static bool up_to(struct str text, size_t at, struct str closing, bool *none, size_t *end)
{
	size_t found = *none ? SIZE_MAX : str_find_text(str_slice(text, at, text.n), closing);
	*end = found == SIZE_MAX ? at : at + found + closing.n;
	*none = found == SIZE_MAX;
	return !*none;
}

bool foreign_text(struct foreign *foreign, struct str text, size_t line, size_t at,
		  enum flaw_kind *kind, size_t *end)
{
	struct str rest = str_slice(text, at, text.n);
	*kind = FLAW_FOREIGN_TEXT;
	if (str_starts(rest, STR("<<")))
		return here_document(text, at, end);
	if (str_starts(rest, STR("|")) || str_starts(rest, STR(">")))
		return block_scalar(text, line, at, end);
	*kind = FLAW_FOREIGN_QUOTES;
	if (str_starts(rest, STR("'''")))
		return up_to(text, at + 3, STR("'''"), &foreign->no_quotes, end);
	return str_starts(rest, STR("`")) &&
	       up_to(text, at + 1, STR("`"), &foreign->no_backtick, end);
}

bool foreign_comment(struct foreign *foreign, struct str text, size_t line, size_t at, size_t *end)
{
	struct str rest = str_slice(text, at, text.n);
	if (str_starts(rest, STR("/*")))
		return up_to(text, at + 2, STR("*/"), &foreign->no_star, end);
	if (skip_blank(text, line) != at)
		return false;
	if (str_starts(rest, STR("; ")) || str_starts(rest, STR("-- ")) ||
	    str_starts(rest, STR("```"))) {
		*end = line_end(text, at);
		return true;
	}
	return str_starts(rest, STR("<!--")) &&
	       up_to(text, at, STR("-->"), &foreign->no_arrow, end);
}
