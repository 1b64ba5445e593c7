/* arena.c — a chain of blocks, each as large as all before it together, up to a bound. */
#include "common/arena.h"

#include "common/fail.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FIRST = 4096, BLOCK_LARGEST = 1 << 20, ALIGN = alignof(max_align_t) };

struct arena_block {
	struct arena_block *before;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

static struct arena_block *block_add(struct arena *arena, size_t at_least)
{
	size_t size = arena->last ? arena->last->size * 2 : BLOCK_FIRST;
	if (size > BLOCK_LARGEST)
		size = BLOCK_LARGEST;
	if (size < at_least)
		size = at_least;
	if (size > SIZE_MAX - sizeof(struct arena_block))
		fail_memory();
	/* What is large comes zeroed from the system, page by page as it is touched. */
	bool zeroed = at_least >= BLOCK_LARGEST;
	struct arena_block *block = zeroed ? calloc(1, sizeof *block + size) : malloc(sizeof *block + size);
	if (!block)
		fail_memory();
	block->before = arena->last;
	block->size = size;
	block->used = 0;
	return arena->last = block;
}

void *arena_take(struct arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		fail_memory();
	bytes = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	struct arena_block *block = arena->last;
	bool fresh = !block || block->size - block->used < bytes;
	if (fresh)
		block = block_add(arena, bytes);
	void *at = block->bytes + block->used;
	block->used += bytes;
	return fresh && bytes >= BLOCK_LARGEST ? at : memset(at, 0, bytes);
}

void *arena_take_many(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		fail_memory();
	return arena_take(arena, count * size);
}

struct str arena_copy(struct arena *arena, struct str s)
{
	char *at = arena_take(arena, s.n + 1);
	if (s.n)
		memcpy(at, s.at, s.n);
	return (struct str){ at, s.n };
}

struct str arena_format(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	BUG_IF(n < 0, "a format that cannot be printed");
	char *at = arena_take(arena, (size_t)n + 1);
	vsnprintf(at, (size_t)n + 1, format, again);
	va_end(again);
	return (struct str){ at, (size_t)n };
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->last, arena->last ? arena->last->used : 0 };
}

void arena_reset(struct arena *arena, struct arena_mark mark)
{
	while (arena->last != mark.block) {
		struct arena_block *before = arena->last->before;
		free(arena->last);
		arena->last = before;
	}
	if (arena->last)
		arena->last->used = mark.used;
}

void arena_release(struct arena *arena)
{
	arena_reset(arena, (struct arena_mark){ NULL, 0 });
}
