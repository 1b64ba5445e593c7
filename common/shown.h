/* shown.h — text that somebody else wrote, made fit for a terminal: what it would obey is made
 * visible, and how many columns all of it takes is known. */
#ifndef COMMON_SHOWN_H
#define COMMON_SHOWN_H

#include "common/text.h"

/* Adds one grapheme of `width` columns (see utf8_grapheme) that stands at column `column`, from 0;
 * the columns that it takes as it is shown. A tab is blanks up to the next column that 4 divides, a
 * control character is its picture, and what is there and not seen is its number: \u{202e}. */
size_t shown_add_grapheme(struct text *, struct str grapheme, unsigned width, size_t column);
/* Adds all of a text, on one line: a line end is a picture, too. */
void shown_add(struct text *, struct str);

#endif
