/* heap.h — a binary heap of keys with a value each: smallest key first, ties by value. A zeroed
 * heap is ready. */
#ifndef COMMON_HEAP_H
#define COMMON_HEAP_H

#include "common/vec.h"

struct heap_entry {
	uint64_t key;
	uint32_t value;
};
struct heap {
	VEC(struct heap_entry) list;	/* list.n: how many there are */
};

void heap_push(struct arena *, struct heap *, uint64_t key, uint32_t value);
struct heap_entry heap_top(const struct heap *);	/* must not be empty */
struct heap_entry heap_pop(struct heap *);		/* must not be empty */

#endif
