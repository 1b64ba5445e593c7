/* textblock.c — see textblock.h.
 *
 * A block without a proper end must not eat the rest of the file. The first line that is not
 * indented deeper than the statement tells: quotes there were meant to close it, and a lone
 * brace closes what is around it. */
#include "grammar/textblock.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t leading(struct str line)
{
	size_t n = 0;
	while (n < line.n && is_blank(line.at[n]))
		n++;
	return n;
}

static struct str without_leading(struct str line)
{
	return str_slice(line, leading(line), line.n);
}

static void collect_lines(struct arena *arena, const struct source *source,
			  struct textblock_lines *lines)
{
	lines->made = true;
	for (uint32_t line = (uint32_t)source->line_n; line > 0; line--) {
		struct str text = source_line(source, line);
		size_t blank = leading(text);
		if (text.n != blank + 3 || !str_ends(text, STR("\"\"\"")))
			continue;
		struct str key = str_slice(text, 0, blank);
		uint32_t *first = map_find(&lines->first, key);
		*VEC_ADD(arena, &lines->list) = (struct textblock_line){ line, first ? *first : 0 };
		if (first)
			*first = (uint32_t)lines->list.n;
		else
			map_add(arena, &lines->first, key, (uint32_t)lines->list.n);
	}
}

/* The first line after `line` that is `blank` and quotes, or 0. */
static uint32_t closing_line(struct textblock_lines *lines, struct str blank, uint32_t line)
{
	uint32_t *first = map_find(&lines->first, blank);
	while (first && *first && lines->list.at[*first - 1].line <= line)
		*first = lines->list.at[*first - 1].next;
	return first && *first ? lines->list.at[*first - 1].line : 0;
}

/* Three quotes and nothing else but white space or a comment: meant to close. */
static bool looks_closing(struct str line)
{
	struct str rest = without_leading(line);
	if (!str_starts(rest, STR("\"\"\"")))
		return false;
	rest = without_leading(str_slice(rest, 3, rest.n));
	return !rest.n || rest.at[0] == '#';
}

static bool looks_conflicting(struct str line)
{
	return str_starts(line, STR("<<<<<<< ")) || str_starts(line, STR(">>>>>>> "));
}

static uint32_t line_end(const struct source *source, uint32_t line)
{
	return source->line[line - 1] + (uint32_t)source_line(source, line).n;
}

static uint32_t quotes_end(const struct source *source, uint32_t line)
{
	return source->line[line - 1] + (uint32_t)leading(source_line(source, line)) + 3;
}

static struct textblock ended(const struct source *source, enum flaw_kind kind, uint32_t line,
			      uint32_t end)
{
	uint32_t start = source->line[line - 1] + (uint32_t)leading(source_line(source, line));
	return (struct textblock){
		end, true, { .kind = kind, .start = start, .end = line_end(source, line) }
	};
}

/* Of a text that is not indented deeper than its statement: the quotes that end it, before anything
 * that looks like the end of what is around it, or like another text. */
static bool find_shallow(const struct source *source, uint32_t line, size_t indent,
			 uint32_t *closing)
{
	for (; line <= source->line_n; line++) {
		struct str text = source_line(source, line);
		*closing = line;
		if (looks_closing(text))
			return true;
		bool brace = leading(text) < indent && str_is(str_trim(text), "}");
		if (brace || str_ends(str_trim(text), STR("\"\"\"")))
			return false;
	}
	return false;
}

struct textblock textblock_find(struct arena *arena, const struct source *source,
				struct textblock_lines *lines, uint32_t opening_line,
				uint32_t opening)
{
	if (!lines->made)
		collect_lines(arena, source, lines);
	struct str blank = source_line(source, opening_line);
	blank = str_slice(blank, 0, leading(blank));
	uint32_t close = closing_line(lines, blank, opening_line);
	uint32_t last = close ? close - 1 : (uint32_t)source->line_n;
	uint32_t shallow, wrong = 0, deep_quotes = 0, full = opening_line, line;
	struct str prefix = { NULL, 0 };
	bool conflict = false;
	for (line = opening_line + 1; line <= last; line++) {
		struct str text = source_line(source, line);
		size_t indent = leading(text);
		if (indent == text.n)
			continue;
		if (indent > blank.n && str_starts(text, blank)) {
			if (!prefix.at)
				prefix = str_slice(text, 0, indent);
			if (!wrong && !str_starts(text, prefix))
				wrong = line;
			if (looks_closing(text))
				deep_quotes = line;
			full = line;
			continue;
		}
		if (looks_closing(text) && wrong)
			return ended(source, FLAW_TEXT_INDENT, wrong, quotes_end(source, line));
		if (looks_closing(text))
			return ended(source, FLAW_TEXT_CLOSE, line, quotes_end(source, line));
		if (!close && find_shallow(source, line, blank.n, &shallow))
			return ended(source, FLAW_TEXT_INDENT, line, quotes_end(source, shallow));
		if (!close || (!wrong && indent < blank.n && str_is(without_leading(text), "}"))) {
			close = 0;
			break;
		}
		/* Of a conflict, its first line. */
		if (!wrong || (looks_conflicting(text) && !conflict))
			wrong = line;
		conflict = conflict || looks_conflicting(text);
		full = line;
	}
	if (close) {
		uint32_t end = quotes_end(source, close);
		if (!wrong)
			return (struct textblock){ .end = end };
		struct str text = source_line(source, wrong);
		return ended(source, looks_conflicting(text) ? FLAW_CONFLICT : FLAW_TEXT_INDENT,
			     wrong, end);
	}
	if (deep_quotes)
		return ended(source, FLAW_TEXT_CLOSE, deep_quotes, quotes_end(source, deep_quotes));
	struct textblock open = { full == opening_line ? opening : line_end(source, full),
				  true,
				  { 0 } };
	open.flaw = (struct flaw){ .kind = FLAW_TEXT_OPEN, .start = opening, .end = opening };
	return open;
}
