/* diag_short.c — a diagnostic as one line, as editors and grep know it: file:line:column: severity[CODE] name: message. */
#include "common/diag.h"

#include "common/utf8.h"

/* On one line, whatever it quotes. */
static void add_plain(struct text *out, struct str s)
{
	for (size_t bytes; s.n; s = str_slice(s, bytes, s.n)) {
		uint32_t c = utf8_decode(s, &bytes);
		if (c == '\n' || c == '\t')
			text_add_byte(out, ' ');
		else if (c == UTF8_INVALID)
			text_addf(out, "\\x%02x", (unsigned char)s.at[0]);
		else if (utf8_class(c) == UTF8_PLAIN && c != '\r')
			text_add(out, str_slice(s, 0, bytes));
		else
			text_addf(out, "\\u{%x}", c);
	}
}

void diag_print_short(const struct diags *diags, const struct diag *diag, struct text *out)
{
	const struct diag_info *about = diag_info(diag->code);
	struct place place = source_place(diags->sources, diag->span.source, diag->span.start);
	bool error = about->severity == DIAG_ERROR;
	add_plain(out, source_get(diags->sources, diag->span.source)->path);
	text_addf(out, ":%u:%u: %s[%c%04u] %s: ", place.line, place.column, error ? "error" : "warning",
		  error ? 'E' : 'W', about->number, about->name);
	add_plain(out, diag->message);
	text_add_byte(out, '\n');
}
