/* explain.c — see explain.h. */
#include "compiler/explain.h"

#include <stdio.h>

static struct str code_text(enum diag_code code, char text[16])
{
	const struct diag_info *about = diag_info(code);
	int n = snprintf(text, 16, "%c%04u", about->severity == DIAG_ERROR ? 'E' : 'W', about->number % 10000);
	return (struct str){ text, (size_t)n };
}

struct str explain_find(enum diag_code code)
{
	char text[16];
	struct str wanted = code_text(code, text);
	for (const struct explain_page *page = explain_page_list; page->name; page++)
		if (str_starts(str_from(page->name), wanted))
			return str_from(page->text);
	return STR("");
}

void explain_list(struct text *out)
{
	for (unsigned code = 0; code < DIAG_COUNT; code++) {
		char text[16];
		const struct diag_info *about = diag_info(code);
		text_addf(out, "%.*s  %-18s %s\n", STR_ARG(code_text(code, text)), about->name, about->meaning);
	}
}
