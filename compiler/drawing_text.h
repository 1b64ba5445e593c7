/* drawing_text.h — how wide a text will be in a picture whose fonts we do not know, and text cut to
 * a width.
 *
 * Widths are tenths of a pixel, estimated from above: letter by letter as in the widest of the
 * usual fonts. */
#ifndef COMPILER_DRAWING_TEXT_H
#define COMPILER_DRAWING_TEXT_H

#include "common/arena.h"
#include "common/text.h"

struct drawing_font {
	bool mono;	/* as wide for each letter */
	bool bold;
	int size;	/* tenths of a pixel */
};

int drawing_text_width(struct drawing_font, struct str);
/* The text, or as much of its beginning as fits, with `…` behind it. In the arena, or the text
 * itself. */
struct str drawing_text_cut(struct arena *, struct drawing_font, struct str, int width);
/* The same, keeping the end: of a path, the end says more. */
struct str drawing_text_cut_front(struct arena *, struct drawing_font, struct str, int width);

#endif
