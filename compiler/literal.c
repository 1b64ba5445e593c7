/* literal.c — see literal.h. */
#include "compiler/literal.h"

#include "common/utf8.h"

void literal_add(struct text *out, struct str s)
{
	bool plain = utf8_is_nfc(s), escaped = false;
	text_add_byte(out, '"');
	for (size_t bytes; s.n; s = str_slice(s, bytes, s.n)) {
		uint32_t c = utf8_decode(s, &bytes);
		/* A mark behind an escape would join its last letter. */
		bool odd = c == '\r' || (c >= 0x80 && (!plain || escaped)) ||
			   (c != UTF8_INVALID && utf8_class(c) != UTF8_PLAIN);
		escaped = odd || c == '"' || c == '\\' || c == '\n' || c == '\t';
		if (c == '"' || c == '\\')
			text_addf(out, "\\%c", (char)c);
		else if (c == '\n' || c == '\t')
			text_add(out, c == '\n' ? STR("\\n") : STR("\\t"));
		else if (odd && c != UTF8_INVALID)
			text_addf(out, "\\u{%x}", (unsigned)c);
		else
			text_add(out, str_slice(s, 0, bytes));
	}
	text_add_byte(out, '"');
}

/* UTF-8 that a plan may have in it as it is? */
static bool is_plain(struct str text)
{
	for (struct str s = text; s.n;) {
		size_t bytes;
		uint32_t c = utf8_decode(s, &bytes);
		if (c == UTF8_INVALID || c == '\r' || utf8_class(c) == UTF8_CONTROL)
			return false;
		s = str_slice(s, bytes, s.n);
	}
	return utf8_is_nfc(text);
}

bool literal_fits_block(struct str text)
{
	struct str line, rest = text;
	bool first = true;
	if (!is_plain(text) || str_ends(text, STR("\n")))
		return false;
	while (str_split(&rest, '\n', &line)) {
		if (line.n && !str_trim(line).n)
			return false;
		if (first && line.n && (line.at[0] == ' ' || line.at[0] == '\t'))
			return false;
		first = first && !line.n;
	}
	return !first;
}

void literal_add_block(struct text *out, size_t indent, struct str text)
{
	struct str line;
	text_add(out, STR("\"\"\"\n"));
	while (str_split(&text, '\n', &line)) {
		if (line.n)
			text_addf(out, "%*s%.*s", (int)indent + 2, "", STR_ARG(line));
		text_add_byte(out, '\n');
	}
	text_addf(out, "%*s\"\"\"", (int)indent, "");
}
