/* gitmemory.c — see gitmemory.h. */
#include "runtime/gitmemory.h"

#include "common/fail.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *got, size_t n)
{
	if (!got && n)
		fail_memory();
	return got;
}

static size_t product(size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		fail_memory();
	return n * size;
}

static void *take(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return must(malloc(n), n);
}

static void *take_zeroed(size_t n, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return must(calloc(n, size), product(n, size));
}

static void *take_again(void *old, size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return must(realloc(old, n), n);
}

static void *take_many(size_t n, size_t size, const char *file, int line)
{
	return take(product(n, size), file, line);
}

static void *take_many_again(void *old, size_t n, size_t size, const char *file, int line)
{
	return take_again(old, product(n, size), file, line);
}

/* Exactly n bytes of it. */
static char *copy(const char *text, size_t n, const char *file, int line)
{
	if (n == SIZE_MAX)
		fail_memory();
	char *at = take(n + 1, file, line);
	memcpy(at, text, n);
	at[n] = 0;
	return at;
}

static char *copy_most(const char *text, size_t n, const char *file, int line)
{
	return copy(text, strnlen(text, n), file, line);
}

static char *copy_all(const char *text, const char *file, int line)
{
	return copy(text, strlen(text), file, line);
}

const git_allocator gitmemory_allocator = {
	.gmalloc = take,
	.gcalloc = take_zeroed,
	.gstrdup = copy_all,
	.gstrndup = copy_most,
	.gsubstrdup = copy,
	.grealloc = take_again,
	.greallocarray = take_many_again,
	.gmallocarray = take_many,
	.gfree = free,
};
