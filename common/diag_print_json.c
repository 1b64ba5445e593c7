/* diag_print_json.c — a diagnostic as one line of JSON, for editors and scripts.
 *
 * Places are given in all ways: bytes for programs that edit, lines and columns from 1 for people
 * (of code points) and for editors (of UTF-16 units). */
#include "common/diag.h"

#include "common/json.h"

/* A code point of four bytes is two units. */
static uint32_t utf16_column(const struct diags *diags, uint32_t index, uint32_t offset)
{
	const struct source *source = source_get(diags->sources, index);
	uint32_t column = 1;
	for (uint32_t at = source->line[source_line_at(source, offset) - 1]; at < offset; at++) {
		unsigned char c = (unsigned char)source->text.at[at];
		column += c >= 0xF0 ? 2 : (c & 0xC0) != 0x80;
	}
	return column;
}

static void write_place(const struct diags *diags, const char *key, struct span span,
			struct str label, struct text *out)
{
	struct place start = source_place(diags->sources, span.source, span.start);
	struct place end = source_place(diags->sources, span.source, span.end);
	json_open(out, key, '{');
	json_write_text(out, "file", source_get(diags->sources, span.source)->path);
	json_write_number(out, "start", span.start);
	json_write_number(out, "end", span.end);
	json_write_number(out, "line", start.line);
	json_write_number(out, "column", start.column);
	json_write_number(out, "end_line", end.line);
	json_write_number(out, "end_column", end.column);
	json_write_number(out, "utf16_column", utf16_column(diags, span.source, span.start));
	json_write_number(out, "end_utf16_column", utf16_column(diags, span.source, span.end));
	if (label.n)
		json_write_text(out, "label", label);
	json_close(out, '}');
}

static void write_fix(const struct diags *diags, const struct diag_fix *fix, struct text *out)
{
	json_open(out, NULL, '{');
	json_write_text(out, "title", fix->title);
	json_write_text(out, "applicability",
			str_from(diag_applicability_name(fix->applicability)));
	json_open(out, "edits", '[');
	for (size_t i = 0; i < fix->edits.n; i++) {
		json_open(out, NULL, '{');
		write_place(diags, "place", fix->edits.at[i].span, STR(""), out);
		json_write_text(out, "text", fix->edits.at[i].text);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
}

void diag_print_json(const struct diags *diags, const struct diag *diag, struct text *out)
{
	char code[DIAG_CODE_SIZE];
	json_open(out, NULL, '{');
	json_write_text(out, "severity", str_from(diag_level(diag->code)));
	json_write_text(out, "code", str_from(diag_code_write(diag->code, code)));
	json_write_text(out, "name", str_from(diag_info(diag->code)->name));
	json_write_text(out, "message", diag->message);
	write_place(diags, "place", diag->span, diag->label, out);
	json_open(out, "labels", '[');
	for (size_t i = 0; i < diag->labels.n; i++)
		write_place(diags, NULL, diag->labels.at[i].span, diag->labels.at[i].text, out);
	json_close(out, ']');
	json_open(out, "notes", '[');
	for (size_t i = 0; i < diag->notes.n; i++) {
		json_open(out, NULL, '{');
		json_write_text(out, "kind", diag->notes.at[i].help ? STR("help") : STR("note"));
		json_write_text(out, "text", diag->notes.at[i].text);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_open(out, "fixes", '[');
	for (size_t i = 0; i < diag->fixes.n; i++)
		write_fix(diags, &diag->fixes.at[i], out);
	json_close(out, ']');
	json_close(out, '}');
	text_add_byte(out, '\n');
}
