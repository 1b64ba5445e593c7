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

struct str visible_name(struct arena *arena, struct str name)
{
	struct text out = { 0 };
	for (size_t end, i = 0; i < name.n; i = end) {
		for (end = i; end < name.n && name.at[end] != '\n' && name.at[end] != '\t';)
			end++;
		visible_add(&out, str_slice(name, i, end), false);
		if (end < name.n)
			text_addf(&out, "\\x%02x", (unsigned)name.at[end++]);
	}
	struct str shown = str_equal(text_str(&out), name) ? name
							   : arena_copy(arena, text_str(&out));
	text_release(&out);
	return shown;
}
