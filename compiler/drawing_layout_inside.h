/* drawing_layout_inside.h — between the two halves of drawing_layout: what there is to be laid out,
 * in which columns (drawing_columns.c), and where it goes (drawing_layout.c).
 *
 * A *thing* is a leaf (an agent, a junction, a lane) or a group; the last is the whole picture. */
#ifndef COMPILER_DRAWING_LAYOUT_INSIDE_H
#define COMPILER_DRAWING_LAYOUT_INSIDE_H

#include "compiler/drawing_layout.h"

struct drawing_thing {
	uint32_t parent;	/* the thing around it */
	uint32_t first, last;	/* columns */
	uint32_t child, child_n;	/* of a group: its part of `child` */
	int y, h;		/* of a leaf */
	int wish;		/* where a leaf would like its upper edge to be */
	int64_t key;		/* sorts it among its siblings */
};
struct drawing_link {	/* a part of an edge between neighbouring columns */
	uint32_t from, to;	/* leaves */
	int weight;		/* how much it wants to be straight */
};
struct drawing_columns {
	struct drawing_thing *thing;
	uint32_t leaf_n, thing_n;	/* leaves: nodes, then lanes; then groups; the whole comes last */
	uint32_t node_n;
	uint32_t *child;	/* things, by their parents */
	struct drawing_link *link;
	size_t link_n;
	uint32_t *out_first, *in_first;	/* by leaf, n + 1 of them: ranges of `out` and `in`, which number links */
	uint32_t *out, *in;
	uint32_t column_n;
	uint32_t *lane;		/* leaves: by edge, the lanes that it takes, left to right */
	uint32_t *first_lane;	/* by edge, n + 1 of them: ranges of `lane` */
};

struct drawing_columns drawing_columns_make(struct arena *, const struct drawing *);

#endif
