/* page.h — a review as one HTML page that needs nothing else: no network, no scripts, no fonts. For a
 * phone and a wide screen, light or dark as its reader has it, with headings, lists and texts for those
 * who do not see it. What agents wrote stands in it as text only: nothing of it is markup, and the
 * page's own policy forbids everything else. */
#ifndef RUNTIME_PAGE_H
#define RUNTIME_PAGE_H

#include "runtime/review.h"

struct page_style {
	const char *name, *text;	/* "page.css"; both NULL at the end of the list */
};
extern const struct page_style page_style_list[];	/* made by tools/embed */

/* `picture`: an SVG file of who comes after whom, and `caption` what it says; may be empty. */
void page_write(const struct review *, struct str picture, struct str caption, struct text *out);

#endif
