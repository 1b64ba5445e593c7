/* drawing_text.c — see drawing_text.h. */
#include "compiler/drawing_text.h"

#include "common/utf8.h"

#include <string.h>

/* Thousandths of the font's size for what takes this many columns of a terminal. */
enum { MONO = 615, MONO_WIDE = 1300, SANS_OTHER = 1020, SANS_WIDE = 1300, BOLD_MORE = 80 };

static int sans_width(char c)
{
	if (strchr("iljI.,:;'|!` ", c))
		return 340;
	if (strchr("ftr()[]{}/\\-\"", c))
		return 430;
	if (strchr("mwMW@%", c))
		return 1000;
	return c >= 'A' && c <= 'Z'                                       ? 780
	       : c == '+' || c == '=' || c == '<' || c == '>' || c == '~' ? 840
									  : 640;
}

/* Of the first grapheme, whose length goes to *bytes. */
static int first_width(struct drawing_font font, struct str text, size_t *bytes)
{
	unsigned columns;
	*bytes = utf8_grapheme(text, &columns);
	bool ascii = *bytes == 1 && (unsigned char)text.at[0] < 0x80;
	int width = columns > 1 ? font.mono ? MONO_WIDE : SANS_WIDE :
		    !ascii	? font.mono ? MONO_WIDE / 2 + MONO / 2 : SANS_OTHER :
		    font.mono	? MONO : sans_width(text.at[0]) + (font.bold ? BOLD_MORE : 0);
	return (width * font.size + 999) / 1000;
}

int drawing_text_width(struct drawing_font font, struct str text)
{
	int width = 0;
	for (size_t at = 0, bytes; at < text.n; at += bytes)
		width += first_width(font, str_slice(text, at, text.n), &bytes);
	return width;
}

struct str drawing_text_cut(struct arena *arena, struct drawing_font font, struct str text,
			    int width)
{
	int room = width - drawing_text_width(font, STR("…")), used = 0;
	size_t at = 0, bytes;
	if (drawing_text_width(font, text) <= width)
		return text;
	for (; at < text.n; at += bytes) {
		used += first_width(font, str_slice(text, at, text.n), &bytes);
		if (used > room)
			break;
	}
	struct str kept = str_trim(str_slice(text, 0, at));
	return room < 0 ? STR("") : arena_format(arena, "%.*s…", STR_ARG(kept));
}

struct str drawing_text_cut_front(struct arena *arena, struct drawing_font font, struct str text,
				  int width)
{
	int over = drawing_text_width(font, text) - width;
	size_t at = 0, bytes;
	if (over <= 0)
		return text;
	over += drawing_text_width(font, STR("…"));
	for (; at < text.n && over > 0; at += bytes)
		over -= first_width(font, str_slice(text, at, text.n), &bytes);
	return over > 0 ? STR("")
			: arena_format(arena, "…%.*s", STR_ARG(str_slice(text, at, text.n)));
}
