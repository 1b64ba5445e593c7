/* vec.h — a growing array in an arena. A growing step leaves the old array behind, forgotten, so
 * pointers into a vector are valid only until the next VEC_ADD. */
#ifndef COMMON_VEC_H
#define COMMON_VEC_H

#include "common/arena.h"

#include <string.h>

#define VEC(type)          \
	struct {           \
		type *at;  \
		size_t n, cap; \
	}

/* Room for one more element at the end, zeroed; the value is a pointer to it. */
#define VEC_ADD(arena, vec)                                                                  \
	((vec)->n < (vec)->cap ? (void)0                                                     \
			       : (void)((vec)->at = vec_grow((arena), (vec)->at, &(vec)->cap, \
							     sizeof *(vec)->at)),            \
	 &(vec)->at[(vec)->n++])

static inline void *vec_grow(struct arena *arena, void *at, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 8;
	void *grown = arena_take_many(arena, more, size);
	if (at) {
		memcpy(grown, at, *cap * size);
		arena_forget(at, *cap * size);
	}
	*cap = more;
	return grown;
}

#endif
