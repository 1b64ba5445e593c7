/* diag_print_short.c — a diagnostic as one line, as editors and grep know it: file:line:column:
 * error[CODE] name: message. */
#include "common/diag.h"

#include "common/shown.h"

void diag_print_short(const struct diags *diags, const struct diag *diag, struct text *out)
{
	struct place place = source_place(diags->sources, diag->span.source, diag->span.start);
	char code[DIAG_CODE_SIZE];
	shown_add(out, source_get(diags->sources, diag->span.source)->path);
	text_addf(out, ":%u:%u: %s[%s] %s: ", place.line, place.column, diag_level(diag->code),
		  diag_code_write(diag->code, code), diag_info(diag->code)->name);
	shown_add(out, diag->message);
	text_add_byte(out, '\n');
}
