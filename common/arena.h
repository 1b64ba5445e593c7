/* arena.h — memory that is released all at once: one arena per compile, one per run.
 *
 * What is taken is zeroed and aligned for any type, never freed by itself, and valid until
 * the arena is released or reset to a mark taken before. A zeroed struct arena is ready. */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include "common/str.h"

#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *last;
};
struct arena_mark {
	struct arena_block *block;
	size_t used;
};

void *arena_take(struct arena *, size_t bytes);
void *arena_take_many(struct arena *, size_t count, size_t size);	/* checks the product */
/* What is there is never looked at again. Its memory goes back to the system where that is worth
 * it. */
void arena_forget(void *at, size_t bytes);
struct str arena_copy(struct arena *, struct str);	/* the copy is followed by a NUL */
struct str arena_format(struct arena *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct arena_mark arena_mark(const struct arena *);
void arena_reset(struct arena *, struct arena_mark);
void arena_release(struct arena *);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define ARENA_MANY(arena, count, type) ((type *)arena_take_many((arena), (count), sizeof(type)))

#endif
