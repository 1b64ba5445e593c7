/* quoted_lines.c — see quoted_lines.h.
 *
 * Prose may begin a line with any word, keywords too, so a line counts as a statement only by what
 * follows the keyword; and prose has quotes in pairs, so one that ends a line closes only when an
 * even number of them came before it. */
#include "grammar/quoted_lines.h"

#include "common/text.h"
#include "common/utf8.h"
#include "grammar/keyword.h"
#include "grammar/quoted.h"

#include <string.h>

enum { FURTHEST = 16000, LINES = 200 }; /* bytes and lines: no text of more is meant as a string */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str without_blank(struct str text)
{
	size_t n = 0;
	while (n < text.n && is_blank(text.at[n]))
		n++;
	return str_slice(text, n, text.n);
}

static struct str first_word(struct str text)
{
	size_t n = 0;
	while (n < text.n && ((text.at[n] >= 'a' && text.at[n] <= 'z')))
		n++;
	return str_slice(text, 0, n);
}

/* `owns "…"`, `command [`, `estimate 30m`, `agent a {`, `}`: not part of anybody's prose. */
static bool is_statement(struct str line)
{
	struct str text = str_trim(line), word = first_word(text);
	struct str rest = without_blank(str_slice(text, word.n, text.n));
	const struct keyword *keyword = NULL;
	if (str_is(text, "}"))
		return true;
	for (size_t i = 0; i < keyword_list_n && !keyword; i++)
		if (keyword_list[i].places && str_equal(keyword_list[i].word, word))
			keyword = &keyword_list[i];
	if (!keyword || !rest.n)
		return false;
	bool value = strchr("\"[$0123456789", rest.at[0]) != NULL;
	return value || str_ends(text, STR("{")) || str_starts(rest, STR("sh \"")) ||
	       str_starts(rest, STR("file \""));
}

/* Nothing of the line is left behind a closing quote but what may stand there. */
static bool ends_line(struct str behind)
{
	behind = without_blank(behind);
	return !behind.n || behind.at[0] == '#' || behind.at[0] == '\r' || behind.at[0] == ']' ||
	       str_is(str_trim(behind), "{") || str_is(str_trim(behind), "}");
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* In one line, the closing quote; `*open` counts `"` so far. */
static bool find_in_line(struct str line, uint32_t quote, size_t *open, size_t *end)
{
	for (size_t at = 0, bytes; at < line.n; at += bytes) {
		uint32_t c = utf8_decode(str_slice(line, at, line.n), &bytes);
		bool escaped = at && line.at[at - 1] == '\\';
		struct str behind = str_slice(line, at + bytes, line.n);
		if (escaped || !quoted_closes(quote, c))
			continue;
		*end = at + bytes;
		if (quote == '"' && ++*open % 2 == 1 && ends_line(behind))
			return true;
		bool between = at && is_letter(line.at[at - 1]) && behind.n &&
			       is_letter(behind.at[0]);
		if (quote != '"' && !between && ends_line(behind))
			return true;
	}
	return false;
}

bool quoted_lines_find(struct str text, size_t at, size_t *end)
{
	size_t bytes, open = 0, limit = at + FURTHEST, within;
	struct str rest = str_slice(text, at, text.n < limit ? text.n : limit), line;
	uint32_t quote = utf8_decode(rest, &bytes);
	for (size_t i = 0; i < LINES && str_split(&rest, '\n', &line); i++) {
		if (i && is_statement(line))
			return false;
		if (i && find_in_line(line, quote, &open, &within)) {
			*end = (size_t)(line.at - text.at) + within;
			return true;
		}
	}
	return false;
}

/* What all lines but the first, and but blank ones, begin with. */
static size_t common_indent(struct str string)
{
	struct str line, rest = string;
	size_t least = SIZE_MAX;
	str_split(&rest, '\n', &line);
	while (str_split(&rest, '\n', &line)) {
		size_t own = line.n - without_blank(line).n;
		if (str_trim(line).n && own < least)
			least = own;
	}
	return least == SIZE_MAX ? 0 : least;
}

static void add_line(struct text *out, struct str indent, struct str line)
{
	if (line.n)
		text_addf(out, "%.*s%s", STR_ARG(indent),
			  str_find(indent, '\t') != SIZE_MAX ? "\t" : "  ");
	for (size_t i = 0; i < line.n; i++)
		if (line.at[i] != '\\' || i + 1 == line.n || line.at[i + 1] != '"')
			text_add_byte(out, line.at[i]);
	text_add_byte(out, '\n');
}

/* White space at the end of a line is nothing that anybody meant. */
static struct str without_end(struct str line)
{
	size_t n = line.n;
	while (n && (is_blank(line.at[n - 1]) || line.at[n - 1] == '\r'))
		n--;
	return str_slice(line, 0, n);
}

bool quoted_lines_block(struct arena *arena, struct str string, struct str indent,
			struct str *block)
{
	size_t bytes, last = string.n - 1;
	utf8_decode(string, &bytes);
	while (last > bytes && ((unsigned char)string.at[last] & 0xC0) == 0x80)
		last--;
	struct str rest = str_slice(string, bytes, last), line;
	for (size_t i = 0; i < rest.n; i++)
		if (rest.at[i] == '\\' && (i + 1 == rest.n || rest.at[i + 1] != '"'))
			return false;
	size_t shared = common_indent(rest);
	struct text out = { 0 };
	bool begun = false;
	text_add(&out, STR("\"\"\"\n"));
	for (size_t i = 0; str_split(&rest, '\n', &line); i++) {
		line = without_end(i ? str_slice(line, shared < line.n ? shared : line.n, line.n)
				     : without_blank(line));
		begun = begun || line.n;
		if (begun && (line.n || rest.n))
			add_line(&out, indent, line);
	}
	text_addf(&out, "%.*s\"\"\"", STR_ARG(indent));
	*block = arena_copy(arena, text_str(&out));
	text_release(&out);
	return true;
}
