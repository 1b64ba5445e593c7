/* shown.c — see shown.h. */
#include "common/shown.h"

#include "common/utf8.h"

enum { TAB = 4, JOINER = 0x200D };

static size_t add_tab(struct text *out, size_t column)
{
	size_t blanks = TAB - column % TAB;
	for (size_t i = 0; i < blanks; i++)
		text_add_byte(out, ' ');
	return blanks;
}

/* Unicode has pictures of these: U+2400 and on. */
static size_t add_picture(struct text *out, uint32_t control)
{
	char picture[4];
	size_t bytes;
	utf8_encode(control == 0x7F ? 0x2421 : 0x2400 + control, picture, &bytes);
	text_add(out, (struct str){ picture, bytes });
	return 1;
}

/* A joiner inside of a grapheme, as families of emoji have them, is seen by what it does. */
static bool is_seen(struct str grapheme)
{
	size_t n = grapheme.n;
	for (size_t bytes; grapheme.n; grapheme = str_slice(grapheme, bytes, grapheme.n)) {
		uint32_t c = utf8_decode(grapheme, &bytes);
		if (c == UTF8_INVALID ||
		    (utf8_class(c) != UTF8_PLAIN && (c != JOINER || n == bytes)))
			return false;
	}
	return true;
}

size_t shown_add_grapheme(struct text *out, struct str grapheme, unsigned width, size_t column)
{
	size_t bytes, before = out->n;
	uint32_t c = utf8_decode(grapheme, &bytes);
	if (c == '\t')
		return add_tab(out, column);
	if (c < 0x20 || c == 0x7F)
		return add_picture(out, c);
	if (width && is_seen(grapheme)) {
		text_add(out, grapheme);
		return width;
	}
	for (; grapheme.n; grapheme = str_slice(grapheme, bytes, grapheme.n)) {
		c = utf8_decode(grapheme, &bytes);
		if (c == UTF8_INVALID)
			text_addf(out, "\\x%02x", (unsigned char)grapheme.at[0]);
		else
			text_addf(out, "\\u{%x}", c);
	}
	return out->n - before;
}

void shown_add(struct text *out, struct str s)
{
	size_t column = 0;
	unsigned width;
	for (size_t bytes; s.n; s = str_slice(s, bytes, s.n)) {
		bytes = utf8_grapheme(s, &width);
		column += shown_add_grapheme(out, str_slice(s, 0, bytes), width, column);
	}
}
