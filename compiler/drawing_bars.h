/* drawing_bars.h — the rows of a picture over time: agents by the slot that they run in, and in it
 * as they start. */
#ifndef COMPILER_DRAWING_BARS_H
#define COMPILER_DRAWING_BARS_H

#include "compiler/drawing.h"

struct drawing_bar {
	uint32_t agent;
	uint64_t ready;	/* seconds: when all that it comes after have ended; until its start it waits for a place */
	uint64_t late;	/* how far its end could be put off without the last end moving */
};

/* One for each agent, in the arena. */
struct drawing_bar *drawing_bars_make(struct arena *, const struct drawing *);

#endif
