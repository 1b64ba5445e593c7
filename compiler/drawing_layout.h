/* drawing_layout.h — where everything of a drawing goes: agents in columns, edges from left to
 * right.
 *
 * The layered method (Sugiyama, Tagawa and Toda 1981): an agent's column is the longest way to it,
 * so that whoever is in a column might start at the same time; an edge that passes columns has a
 * lane there, which is straight, and which edges from one group to one end share; the order in the
 * columns comes of barycentre sweeps. Groups are boxes that hold their own members and nothing
 * else. Lengths are tenths of a pixel, from the upper left corner. The same drawing gives the same
 * layout. */
#ifndef COMPILER_DRAWING_LAYOUT_H
#define COMPILER_DRAWING_LAYOUT_H

#include "compiler/drawing.h"

struct drawing_box {
	int x, y, w, h;
};
struct drawing_lane {	/* a straight part of an edge */
	int from, to, y;
};
struct drawing_layout {
	struct drawing_box *node;	/* by node; a junction is a point */
	struct drawing_box *group;	/* by group; of an empty one all 0 */
	struct drawing_lane *lane;	/* edge i: lane[first_lane[i]] … lane[first_lane[i + 1] - 1], left to right */
	uint32_t *first_lane;
	int w, h;
	uint64_t crossings;	/* of edges, between columns */
};

enum { DRAWING_GROUP_HEAD = 260 };	/* at the top of a group, for its label */

/* `size` has w and h by agent. In the arena. */
struct drawing_layout drawing_layout_make(struct arena *, const struct drawing *,
					  const struct drawing_box *size);

#endif
