/* markup.h — text put into XML and HTML. */
#ifndef COMMON_MARKUP_H
#define COMMON_MARKUP_H

#include "common/text.h"

/* As the content of an element or of an attribute in double quotes. The text is fit to be shown already. */
void markup_add(struct text *, struct str);
/* Bytes as the rest of a URL `data:…,` that stands in such an attribute (RFC 3986, 2.1; blanks stay, as
 * the URL standard of the WHATWG allows there). */
void markup_add_data(struct text *, struct str bytes);

#endif
