/* explain.c — see explain.h. */
#include "compiler/explain.h"

struct str explain_find(enum diag_code code)
{
	char text[DIAG_CODE_SIZE];
	struct str wanted = str_from(diag_code_write(code, text));
	for (const struct explain_page *page = explain_page_list; page->name; page++)
		if (str_starts(str_from(page->name), wanted))
			return str_from(page->text);
	return STR("");
}

void explain_list(struct text *out)
{
	for (unsigned code = 0; code < DIAG_COUNT; code++) {
		char text[DIAG_CODE_SIZE];
		const struct diag_info *about = diag_info(code);
		text_addf(out, "%s  %-18s %s\n", diag_code_write(code, text), about->name, about->meaning);
	}
}
