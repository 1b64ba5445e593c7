/* markdown.c — see markdown.h. */
#include "compiler/markdown.h"

#include "common/text.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { FOUND_MOST = 8, INDENT_MOST = 3 };

struct fence {
	char mark;	/* 0: none is open */
	size_t length, indent;
};

static size_t count(struct str line, size_t from, char c)
{
	size_t n = from;
	while (n < line.n && line.at[n] == c)
		n++;
	return n - from;
}

static bool is_white(struct str s)
{
	return !str_trim(s).n;
}

/* Does the line open a fence that is indented by no more than `most`? */
static bool opens(struct str line, size_t most, struct fence *fence)
{
	size_t indent = count(line, 0, ' ');
	char mark = indent < line.n ? line.at[indent] : 0;
	size_t length = mark == '`' || mark == '~' ? count(line, indent, mark) : 0;
	if (indent > most || length < 3)
		return false;
	if (mark == '`' && str_find(str_slice(line, indent + length, line.n), '`') != SIZE_MAX)
		return false;
	*fence = (struct fence){ mark, length, indent };
	return true;
}

static bool closes(struct str line, const struct fence *fence)
{
	size_t indent = count(line, 0, ' ');
	size_t length = count(line, indent, fence->mark);
	size_t most = fence->indent > INDENT_MOST ? fence->indent + INDENT_MOST : INDENT_MOST;
	return indent <= most && length >= fence->length &&
	       is_white(str_slice(line, indent + length, line.n));
}

/* Follows the fences; true when the line is one, or lies in one. */
static bool in_fence(struct str line, struct fence *fence)
{
	if (!fence->mark)
		return opens(line, INDENT_MOST, fence);
	if (closes(line, fence))
		fence->mark = 0;
	return true;
}

static bool read_heading(struct str line, struct markdown_heading *heading)
{
	size_t indent = count(line, 0, ' '), level = count(line, indent, '#'), end = indent + level;
	if (indent > INDENT_MOST || !level || level > 6 ||
	    (end < line.n && line.at[end] != ' ' && line.at[end] != '\t' && line.at[end] != '\r'))
		return false;
	struct str text = str_trim(str_slice(line, end, line.n));
	size_t last = text.n;
	while (last && text.at[last - 1] == '#')
		last--;
	if (!last || text.at[last - 1] == ' ' || text.at[last - 1] == '\t')
		text = str_trim(str_slice(text, 0, last));
	heading->text = text;
	heading->level = (unsigned)level;
	return true;
}

struct named {
	struct str text;
	uint32_t index;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = str_compare(x->text, y->text);
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void sort_headings(struct arena *arena, struct markdown *markdown)
{
	size_t n = markdown->headings.n;
	struct named *named = ARENA_MANY(arena, n, struct named);
	for (size_t i = 0; i < n; i++)
		named[i] = (struct named){ markdown->headings.at[i].text, (uint32_t)i };
	if (n)
		qsort(named, n, sizeof *named, compare_named);
	markdown->sorted = ARENA_MANY(arena, n, uint32_t);
	for (size_t i = 0; i < n; i++)
		markdown->sorted[i] = named[i].index;
}

void markdown_read(struct arena *arena, struct str text, struct markdown *markdown)
{
	*markdown = (struct markdown){ .text = text };
	struct fence fence = { 0 };
	struct str rest = text, line;
	for (uint32_t number = 1; str_split(&rest, '\n', &line); number++) {
		struct markdown_heading heading = { .line = number,
						    .start = (size_t)(line.at - text.at) };
		heading.body = heading.start + line.n + (heading.start + line.n < text.n);
		if (!in_fence(line, &fence) && read_heading(line, &heading))
			*VEC_ADD(arena, &markdown->headings) = heading;
	}
	sort_headings(arena, markdown);
}

/* Letters, digits and `_`; of what is not ASCII, all but punctuation, arrows and other signs. */
static bool is_word(struct str rest)
{
	size_t bytes;
	if (!rest.n)
		return false;
	uint32_t c = utf8_decode(rest, &bytes);
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		       c == '_';
	return c > 0xBF && !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F);
}

static bool ends_word(struct str heading, size_t at)
{
	size_t last = at;
	while (last && ((unsigned char)heading.at[last - 1] & 0xC0) == 0x80)
		last--;
	last -= last > 0;
	return !is_word(str_slice(heading, last, heading.n)) ||
	       !is_word(str_slice(heading, at, heading.n));
}

static int compare_indices(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

struct markdown_found markdown_find(struct arena *arena, const struct markdown *markdown,
				    struct str name)
{
	struct markdown_found found = { 0 };
	size_t low = 0, high = markdown->headings.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(markdown->headings.at[markdown->sorted[middle]].text, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < markdown->headings.n; low++) {
		uint32_t index = markdown->sorted[low];
		struct str text = markdown->headings.at[index].text;
		if (!str_starts(text, name))
			break;
		if (!ends_word(text, name.n))
			continue;
		if (found.n++ < FOUND_MOST)
			*VEC_ADD(arena, &found.headings) = index;
	}
	if (found.headings.n)
		qsort(found.headings.at, found.headings.n, sizeof *found.headings.at,
		      compare_indices);
	return found;
}

/* Without the blank lines at both ends and without the last line end; indentation stays. */
static struct str trim_lines(struct str text)
{
	size_t from = 0, at = 0;
	struct str rest = text, line;
	while (str_split(&rest, '\n', &line)) {
		at = (size_t)(line.at - text.at) + line.n + 1;
		if (!is_white(line))
			break;
		from = at < text.n ? at : text.n;
	}
	size_t to = text.n;
	while (to > from && (text.at[to - 1] == '\n' || text.at[to - 1] == '\r' ||
			     text.at[to - 1] == ' ' || text.at[to - 1] == '\t'))
		to--;
	return str_slice(text, from, to);
}

/* The lines inside of the fence, without its indentation. */
static struct str fenced(struct arena *arena, struct str inside, size_t indent)
{
	struct text out = { 0 };
	struct str rest = inside, line;
	for (bool first = true; str_split(&rest, '\n', &line); first = false) {
		size_t white = count(line, 0, ' ');
		if (!first)
			text_add_byte(&out, '\n');
		text_add(&out, str_slice(line, white < indent ? white : indent, line.n));
	}
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

struct str markdown_section(struct arena *arena, const struct markdown *markdown, uint32_t index,
			    struct str *raw)
{
	const struct markdown_heading *heading = &markdown->headings.at[index];
	size_t end = markdown->text.n;
	for (size_t i = index + (size_t)1; i < markdown->headings.n; i++)
		if (markdown->headings.at[i].level <= heading->level) {
			end = markdown->headings.at[i].start;
			break;
		}
	struct str body = str_slice(markdown->text, heading->body, end), rest = body, line;
	struct fence fence = { 0 }, first = { 0 };
	size_t blocks = 0, from = 0, to = 0;
	while (str_split(&rest, '\n', &line)) {
		bool was = fence.mark != 0;
		size_t start = (size_t)(line.at - body.at);
		in_fence(line, &fence);
		if (!was && fence.mark && !blocks++) {
			first = fence;
			from = to = start + line.n + 1 < body.n ? start + line.n + 1 : body.n;
		} else if (was && blocks == 1) {
			to = fence.mark ? start + line.n : start > from ? start - 1 : from;
		}
	}
	struct str part = blocks == 1 ? str_slice(body, from, to) : trim_lines(body);
	if (raw)
		*raw = part;
	return blocks == 1 ? fenced(arena, part, first.indent) : part;
}

/* The first word behind an opening fence. */
static struct str info(struct str line, const struct fence *fence)
{
	struct str rest = str_trim(str_slice(line, fence->indent + fence->length, line.n)), word;
	return str_split(&rest, ' ', &word) ? word : rest;
}

struct str markdown_code(struct arena *arena, struct str text, struct str language)
{
	char *code = ARENA_MANY(arena, text.n + 1, char);
	struct fence fence = { 0 };
	struct str rest = text, line;
	bool kept = false;
	while (str_split(&rest, '\n', &line)) {
		size_t start = (size_t)(line.at - text.at), end = start + line.n;
		struct fence deep;
		bool was = fence.mark != 0, inside = in_fence(line, &fence) && was && fence.mark;
		/* In a list, a fence is deeper than elsewhere; lists are not followed. */
		if (!was && !fence.mark && opens(line, SIZE_MAX, &deep) &&
		    str_equal(info(line, &deep), language))
			fence = deep;
		if (!was && fence.mark)
			kept = str_equal(info(line, &fence), language);
		memcpy(code + start, line.at, line.n);
		for (size_t i = start; i < end && !(inside && kept); i++)
			if (code[i] != '\r')
				code[i] = ' ';
		if (end < text.n)
			code[end] = '\n';
	}
	return (struct str){ code, text.n };
}
