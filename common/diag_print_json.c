/* diag_print_json.c — a diagnostic as one line of JSON, for editors and scripts.
 *
 * Places are given both ways: bytes for programs that edit, lines and columns (of characters, from 1) for
 * people. */
#include "common/diag.h"

#include "common/json.h"

#include <stdio.h>

static void write_place(const struct diags *diags, const char *key, struct span span, struct str label,
			struct text *out)
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
	if (label.n)
		json_write_text(out, "label", label);
	json_close(out, '}');
}

static void write_fix(const struct diags *diags, const struct diag_fix *fix, struct text *out)
{
	static const char *const applicability[] = {
		[DIAG_SAFE] = "safe", [DIAG_UNSAFE] = "unsafe", [DIAG_DISPLAY] = "display",
	};
	json_open(out, NULL, '{');
	json_write_text(out, "title", fix->title);
	json_write_text(out, "applicability", str_from(applicability[fix->applicability]));
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
	const struct diag_info *about = diag_info(diag->code);
	char code[16];
	snprintf(code, sizeof code, "%c%04u", about->severity == DIAG_ERROR ? 'E' : 'W', about->number);
	json_open(out, NULL, '{');
	json_write_text(out, "severity", str_from(about->severity == DIAG_ERROR ? "error" : "warning"));
	json_write_text(out, "code", str_from(code));
	json_write_text(out, "name", str_from(about->name));
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
