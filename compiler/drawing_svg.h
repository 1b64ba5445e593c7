/* drawing_svg.h — a drawing as one SVG file that needs nothing else: no scripts, no fonts, no
 * links. Light or dark as its reader has it, legible without colours, its texts text. */
#ifndef COMPILER_DRAWING_SVG_H
#define COMPILER_DRAWING_SVG_H

#include "compiler/drawing.h"

/* Each agent shows at most `owns_most` of its patterns. */
void drawing_svg_write(struct arena *, const struct drawing *, size_t owns_most, struct text *out);

/* What pictures over time (drawing_gantt.c) share with this: the head with style, title and
 * background, w and h in tenths of a pixel; the last line; and a length in pixels. */
void drawing_svg_begin(struct text *out, const struct drawing *, int w, int h);
void drawing_svg_end(struct text *out);
void drawing_svg_length(struct text *out, const char *before, int tenths, const char *after);
/* A text of a class of the style at a place, escaped. */
void drawing_svg_text(struct text *out, const char *class, int x, int y, struct str);

enum { DRAWING_SVG_MARGIN = 240, DRAWING_SVG_HEAD = 720 };

#endif
