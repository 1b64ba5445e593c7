/* source.c — see source.h. Lines begin at 0 and after each LF; the table of them is made once, so a
 * place is found by halving. */
#include "common/source.h"

#include "common/fail.h"

static size_t count_lines(struct str text)
{
	size_t n = 1;
	for (size_t from = 0, at; (at = str_find(str_slice(text, from, text.n), '\n')) != SIZE_MAX;
	     n++)
		from += at + 1;
	return n;
}

uint32_t source_add(struct sources *sources, struct str path, struct str text)
{
	BUG_IF(text.n > UINT32_MAX / 2, "a source larger than a span can say");
	struct source *source = VEC_ADD(sources->arena, &sources->list);
	*source = (struct source){ .path = path, .text = text, .code = text, .line_n = count_lines(text) };
	source->line = ARENA_MANY(sources->arena, source->line_n, uint32_t);
	size_t from = 0;
	for (size_t i = 1; i < source->line_n; i++) {
		from += str_find(str_slice(text, from, text.n), '\n') + 1;
		source->line[i] = (uint32_t)from;
	}
	return (uint32_t)(sources->list.n - 1);
}

const struct source *source_get(const struct sources *sources, uint32_t index)
{
	BUG_IF(index >= sources->list.n, "a source that was never added");
	return &sources->list.at[index];
}

struct str source_text(const struct sources *sources, struct span span)
{
	return str_slice(source_get(sources, span.source)->text, span.start, span.end);
}

uint32_t source_line_at(const struct source *source, uint32_t offset)
{
	size_t low = 0, high = source->line_n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (source->line[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low + 1;
}

struct place source_place(const struct sources *sources, uint32_t index, uint32_t offset)
{
	const struct source *source = source_get(sources, index);
	BUG_IF(offset > source->text.n, "a place behind the end of its source");
	uint32_t line = source_line_at(source, offset);
	uint32_t column = 1;
	for (uint32_t at = source->line[line - 1]; at < offset; at++)
		column += ((unsigned char)source->text.at[at] & 0xC0) != 0x80;
	return (struct place){ line, column };
}

struct str source_line(const struct source *source, uint32_t line)
{
	BUG_IF(line < 1 || line > source->line_n, "a line that the source does not have");
	size_t start = source->line[line - 1];
	size_t end = line < source->line_n ? source->line[line] - 1 : source->text.n;
	if (line < source->line_n && end > start && source->text.at[end - 1] == '\r')
		end--;
	return str_slice(source->text, start, end);
}
