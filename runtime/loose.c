/* loose.c — see loose.h. Inflates by zlib, which is known to no other file. Every turn of a loop
 * here consumes or makes bytes, or ends it. */
#include "runtime/loose.h"

#include "common/file.h"

#include <string.h>
#include <zlib.h>

enum {
	HEAD_LARGEST = 64,	/* bytes of kind and size */
	DENSEST = 1040,		/* bytes that one deflated byte stands for, at most */
	PART = 1 << 30,		/* zlib counts in 32 bits */
};

static size_t part(size_t n)
{
	return n < PART ? n : PART;
}

struct inflation {
	z_stream z;
	struct str rest;	/* what zlib was not given yet */
};

static bool begin(struct inflation *i, struct str deflated)
{
	*i = (struct inflation){ .rest = deflated };
	return inflateInit(&i->z) == Z_OK;
}

/* One step, to `n` bytes at `at` at most; what zlib says. *made is how many there are. */
static int step(struct inflation *i, char *at, size_t n, size_t *made)
{
	if (!i->z.avail_in) {
		size_t given = part(i->rest.n);
		i->z.next_in = (Bytef *)(uintptr_t)i->rest.at;	/* only read */
		i->z.avail_in = (uInt)given;
		i->rest = str_slice(i->rest, given, i->rest.n);
	}
	i->z.next_out = (Bytef *)at;
	i->z.avail_out = (uInt)part(n);
	int said = inflate(&i->z, Z_NO_FLUSH);
	*made = part(n) - i->z.avail_out;
	return said;
}

/* Up to `n` bytes; fewer when the stream ends or is damaged. */
static size_t take(struct inflation *i, char *at, size_t n)
{
	size_t got = 0, made;
	int said = Z_OK;
	while (got < n && said == Z_OK) {
		said = step(i, at + got, n - got, &made);
		got += made;
	}
	return got;
}

/* Nothing may follow but the checksum, which zlib compares. */
static bool ends(struct inflation *i)
{
	char more;
	size_t made = 0;
	int said = Z_OK;
	while (said == Z_OK && !made)
		said = step(i, &more, 1, &made);
	return said == Z_STREAM_END && !made && !i->z.avail_in && !i->rest.n;
}

/* "kind size\0" */
static bool read_head(struct str text, struct loose *loose)
{
	size_t end = str_find(text, 0), space = str_find(text, ' ');
	uint64_t size;
	if (end == SIZE_MAX || space > end || space >= sizeof loose->type ||
	    !str_to_number(str_slice(text, space + 1, end), &size))
		return false;
	memcpy(loose->type, text.at, space);
	loose->size = size;
	loose->head = end + 1;
	return size / DENSEST <= loose->deflated.n;
}

enum loose_state loose_open(struct arena *arena, const char *path, struct loose *loose)
{
	struct inflation i;
	struct fail fail;
	char head[HEAD_LARGEST];
	bool found;
	*loose = (struct loose){ .size = 0 };
	if (!file_read_if(arena, path, SIZE_MAX / 2, &loose->deflated, &found, &fail))
		return LOOSE_DAMAGED;
	if (!found)
		return LOOSE_NONE;
	if (!begin(&i, loose->deflated))
		fail_memory();
	bool good = read_head((struct str){ head, take(&i, head, sizeof head) }, loose);
	inflateEnd(&i.z);
	return good ? LOOSE_GOOD : LOOSE_DAMAGED;
}

bool loose_unpack(const struct loose *loose, char *bytes)
{
	struct inflation i;
	char head[HEAD_LARGEST];
	if (!begin(&i, loose->deflated))
		fail_memory();
	bool good = take(&i, head, loose->head) == loose->head &&
		    take(&i, bytes, loose->size) == loose->size && ends(&i);
	inflateEnd(&i.z);
	return good;
}
