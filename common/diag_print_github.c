/* diag_print_github.c — a diagnostic as a command that GitHub's runners turn into an annotation at
 * its place.
 *
 * One line: `::error file=…,line=…,title=…::message`. In values %, CR, LF, `:` and `,` are
 * percent-encoded, in the message the first three (actions/toolkit, core/src/command.ts). */
#include "common/diag.h"

#include "common/shown.h"

static void add_encoded(struct text *out, struct str s, bool value)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.at[i];
		if (c == '%' || c == '\r' || c == '\n' || (value && (c == ':' || c == ',')))
			text_addf(out, "%%%02X", (unsigned char)c);
		else
			text_add_byte(out, c);
	}
}

/* A line end, what the line is, and a text of perhaps several lines. */
static void add_lines(struct text *out, const char *what, struct str text)
{
	struct str line;
	text_addf(out, "\n%s", what);
	for (bool first = true; str_split(&text, '\n', &line); first = false) {
		if (!first)
			text_add_byte(out, '\n');
		shown_add(out, line);
	}
}

static void add_details(struct text *out, const struct diags *diags, const struct diag *diag)
{
	if (diag->label.n)
		add_lines(out, "", diag->label);
	for (size_t i = 0; i < diag->labels.n; i++) {
		const struct diag_label *label = &diag->labels.at[i];
		struct place place = source_place(diags->sources, label->span.source,
						  label->span.start);
		add_lines(out, "", source_get(diags->sources, label->span.source)->path);
		text_addf(out, ":%u:%u: ", place.line, place.column);
		shown_add(out, label->text);
	}
	for (int help = 0; help < 2; help++)
		for (size_t i = 0; i < diag->notes.n; i++)
			if (diag->notes.at[i].help == help)
				add_lines(out, help ? "help: " : "note: ", diag->notes.at[i].text);
	for (size_t i = 0; i < diag->fixes.n; i++)
		add_lines(out, "help: ", diag->fixes.at[i].title);
}

void diag_print_github(const struct diags *diags, const struct diag *diag, struct text *out)
{
	const struct source *source = source_get(diags->sources, diag->span.source);
	struct place start = source_place(diags->sources, diag->span.source, diag->span.start);
	struct place end = source_place(diags->sources, diag->span.source, diag->span.end);
	char code[DIAG_CODE_SIZE];
	struct text message = { 0 };
	text_addf(out, "::%s file=", diag_level(diag->code));
	add_encoded(out, source->path, true);
	text_addf(out, ",line=%u,endLine=%u", start.line, end.line);
	/* Columns of more than one line are refused. */
	if (start.line == end.line)
		text_addf(out, ",col=%u,endColumn=%u", start.column, end.column);
	text_addf(out, ",title=%s %s::", diag_code_write(diag->code, code),
		  diag_info(diag->code)->name);
	shown_add(&message, diag->message);
	add_details(&message, diags, diag);
	add_encoded(out, text_str(&message), false);
	text_add_byte(out, '\n');
	text_release(&message);
}
