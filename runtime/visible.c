/* visible.c — see visible.h. */
#include "runtime/visible.h"

#include "common/utf8.h"

void visible_add(struct text *out, struct str text, bool lines)
{
	while (text.n) {
		size_t bytes;
		uint32_t character = utf8_decode(text, &bytes);
		if (character == UTF8_INVALID)
			text_addf(out, "\\x%02x", (unsigned char)*text.at);
		else if (character == '\n' || character == '\t')
			text_add_byte(out, lines ? *text.at : ' ');
		else if (character < 0x20 || character == 0x7f)
			text_addf(out, "\\x%02x", (unsigned)character);
		else if (utf8_class(character) != UTF8_PLAIN)
			text_addf(out, "\\u{%x}", (unsigned)character);
		else
			text_add(out, str_slice(text, 0, bytes));
		text = str_slice(text, bytes, text.n);
	}
}
