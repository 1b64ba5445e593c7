/* draft_order.h — the agents of a draft in order: who comes before whom, and how long it all
 * takes. */
#ifndef COMPILER_DRAFT_ORDER_H
#define COMPILER_DRAFT_ORDER_H

#include "compiler/draft.h"

struct draft_order {
	/* By agent: seconds from the start to its end, by the longer end of each estimate. */
	uint64_t *finish;
	/* n × n, or NULL when there are too many: [i * n + j]: j comes before i, however far. */
	bool *before;
	uint8_t *state; /* 1: being visited, 2: done */
	uint32_t *last; /* what it waits for longest, or DRAFT_NONE */
};

/* Of a settled draft; in its arena. A circle is cut somewhere: compiling will show it. */
struct draft_order draft_order_of(const struct draft *);

#endif
