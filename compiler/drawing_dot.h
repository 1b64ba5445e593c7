/* drawing_dot.h — a drawing as input for Graphviz. */
#ifndef COMPILER_DRAWING_DOT_H
#define COMPILER_DRAWING_DOT_H

#include "compiler/drawing.h"

/* Each agent shows at most `owns_most` of its patterns. */
void drawing_dot_write(struct arena *, const struct drawing *, size_t owns_most, struct text *out);

#endif
