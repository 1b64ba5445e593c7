/* drawing_mermaid.h — a drawing as Mermaid, which GitHub and others draw where Markdown has it
 * fenced. */
#ifndef COMPILER_DRAWING_MERMAID_H
#define COMPILER_DRAWING_MERMAID_H

#include "compiler/drawing.h"

/* A flowchart. Each agent shows at most `owns_most` of its patterns. */
void drawing_mermaid_write(struct arena *, const struct drawing *, size_t owns_most,
			   struct text *out);
/* A gantt chart, a section for each slot. */
void drawing_mermaid_gantt(struct arena *, const struct drawing *, struct text *out);

#endif
