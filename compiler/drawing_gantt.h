/* drawing_gantt.h — a drawing over time as an SVG file like those of drawing_svg.h: a bar for each
 * agent, in bands by the slot that it runs in, with what it waits for and how late it might be. */
#ifndef COMPILER_DRAWING_GANTT_H
#define COMPILER_DRAWING_GANTT_H

#include "compiler/drawing.h"

void drawing_gantt_write(struct arena *, const struct drawing *, struct text *out);

#endif
