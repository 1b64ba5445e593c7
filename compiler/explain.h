/* explain.h — what the codes mean: the pages of explain/, built in. */
#ifndef COMPILER_EXPLAIN_H
#define COMPILER_EXPLAIN_H

#include "common/diag.h"

struct explain_page {
	const char *name, *text;	/* "E0301.md"; both NULL at the end of the list */
};
extern const struct explain_page explain_page_list[];	/* made by tools/embed */

/* The page of a code, Markdown; empty when there is none. */
struct str explain_find(enum diag_code);
/* Every code with its name and meaning, a line each. */
void explain_list(struct text *out);
/* All pages as one document, Markdown, with a table of contents. */
void explain_all(struct text *out);

#endif
