/* arena.c — a chain of blocks, each as large as all before it together, up to a bound.
 *
 * A large block is mapped, on huge pages where the system has them: touching memory for the first
 * time is the larger part of compiling a large plan. Fresh memory is zero already, so only what was
 * used before is zeroed. */
#include "common/arena.h"

#include "common/fail.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCK_FIRST = 4096, BLOCK_LARGEST = 16 << 20, MAPPED_LEAST = 4 << 20, HUGE_PAGE = 2 << 20,
       ALIGN = alignof(max_align_t) };

struct arena_block {
	struct arena_block *before;
	size_t size, used;
	size_t touched;	/* behind it, all is zero */
	size_t mapped;	/* bytes, with the block's own head; 0: not mapped */
	alignas(max_align_t) unsigned char bytes[];
};

/* Whole huge pages; what is mapped too much to come to a boundary is given back. */
static struct arena_block *block_map(size_t bytes)
{
	size_t mapped = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
	unsigned char *at = mmap(NULL, mapped + HUGE_PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		fail_memory();
	size_t before = -(uintptr_t)at & (HUGE_PAGE - 1);
	if (before)
		munmap(at, before);
	if (before < HUGE_PAGE)
		munmap(at + before + mapped, HUGE_PAGE - before);
	at += before;
	madvise(at, mapped, MADV_HUGEPAGE);
	struct arena_block *block = (struct arena_block *)(void *)at;
	block->mapped = mapped;
	block->size = mapped - sizeof *block;
	return block;
}

static struct arena_block *block_add(struct arena *arena, size_t at_least)
{
	size_t size = arena->last ? arena->last->size * 2 : BLOCK_FIRST;
	if (size > BLOCK_LARGEST)
		size = BLOCK_LARGEST;
	if (size < at_least)
		size = at_least;
	bool maps = size >= MAPPED_LEAST;
	struct arena_block *block = maps ? block_map(sizeof *block + size)
					 : calloc(1, sizeof *block + size);
	if (!block)
		fail_memory();
	if (!maps)
		block->size = size;
	block->before = arena->last;
	return arena->last = block;
}

static void block_free(struct arena_block *block)
{
	if (block->mapped)
		munmap(block, block->mapped);
	else
		free(block);
}

void *arena_take(struct arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		fail_memory();
	bytes = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	struct arena_block *block = arena->last;
	if (!block || block->size - block->used < bytes)
		block = block_add(arena, bytes);
	size_t from = block->used;
	block->used += bytes;
	if (from < block->touched)
		memset(block->bytes + from, 0,
		       (block->used < block->touched ? block->used : block->touched) - from);
	if (block->touched < block->used)
		block->touched = block->used;
	return block->bytes + from;
}

void arena_forget(void *at, size_t bytes)
{
	enum { PAGE = 4096, WORTH_IT = 1 << 20 };
	size_t before = -(uintptr_t)at & (PAGE - 1);
	if (bytes >= WORTH_IT)
		madvise((char *)at + before, (bytes - before) & ~(size_t)(PAGE - 1), MADV_DONTNEED);
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
		block_free(arena->last);
		arena->last = before;
	}
	if (arena->last)
		arena->last->used = mark.used;
}

void arena_release(struct arena *arena)
{
	arena_reset(arena, (struct arena_mark){ NULL, 0 });
}
