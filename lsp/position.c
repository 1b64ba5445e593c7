/* position.c — see position.h. */
#include "lsp/position.h"

#include "common/utf8.h"

/* Bytes of the character at the beginning, and how many units it counts. */
static size_t step(struct str text, enum position_encoding encoding, uint32_t *units)
{
	size_t bytes = 1;
	uint32_t character = (unsigned char)text.at[0] < 0x80 ? 0 : utf8_decode(text, &bytes);
	if (encoding == POSITION_UTF8)
		*units = (uint32_t)bytes;
	else
		*units = character != UTF8_INVALID && character > 0xFFFF ? 2 : 1;
	return bytes;
}

struct position position_after(const struct source *source, uint32_t known, struct position at,
			       uint32_t offset, enum position_encoding encoding)
{
	uint32_t line = source_line_at(source, offset), units;
	if (line - 1 != at.line) {
		known = source->line[line - 1];
		at = (struct position){ line - 1, 0 };
	}
	while (known < offset) {
		known += (uint32_t)step(str_slice(source->text, known, source->text.n), encoding,
					&units);
		at.character += units;
	}
	return at;
}

struct position position_of(const struct source *source, uint32_t offset,
			    enum position_encoding encoding)
{
	return position_after(source, 0, (struct position){ 0, 0 }, offset, encoding);
}

uint32_t position_offset(const struct source *source, struct position position,
			 enum position_encoding encoding)
{
	uint32_t units;
	if (position.line >= source->line_n)
		return (uint32_t)source->text.n;
	struct str line = source_line(source, position.line + 1);
	size_t at = 0;
	while (at < line.n && position.character) {
		size_t bytes = step(str_slice(line, at, line.n), encoding, &units);
		if (units > position.character)
			break;
		position.character -= units;
		at += bytes;
	}
	return source->line[position.line] + (uint32_t)at;
}

static bool read_number(const struct json *json, const char *key, uint32_t *number)
{
	const struct json *found = json_find(json, key, JSON_IS_NUMBER);
	if (!found || found->number < 0)
		return false;
	*number = found->number > UINT32_MAX ? UINT32_MAX : (uint32_t)found->number;
	return true;
}

bool position_read(const struct json *json, struct position *position)
{
	return json && read_number(json, "line", &position->line) &&
	       read_number(json, "character", &position->character);
}

void position_write(struct text *out, const char *key, struct position position)
{
	json_open(out, key, '{');
	json_write_number(out, "line", position.line);
	json_write_number(out, "character", position.character);
	json_close(out, '}');
}

void position_write_range(struct text *out, const char *key, const struct source *source,
			  uint32_t start, uint32_t end, enum position_encoding encoding)
{
	json_open(out, key, '{');
	position_write(out, "start", position_of(source, start, encoding));
	position_write(out, "end", position_of(source, end, encoding));
	json_close(out, '}');
}
