/* image.c — any bytes as an image, as they are and with a hash that fits: what is taken must give
 * the same bytes again, and as a listing must assemble to them. */
#include "schedule/image.h"
#include "schedule/listing.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { HASH_N = 8 };

static void read_back(struct arena *arena, const struct schedule *s, struct str bytes)
{
	struct text image = { 0 }, listing = { 0 };
	struct schedule *back;
	struct fail fail;
	image_write(s, &image);
	BUG_IF(!str_equal(text_str(&image), bytes), "an image that is written differently");
	listing_write(s, &listing);
	BUG_IF(!listing_read(arena, text_str(&listing), STR("listing"), &back, &fail),
	       "a listing that does not assemble");
	text_clear(&image);
	image_write(back, &image);
	BUG_IF(!str_equal(text_str(&image), bytes), "a listing that assembles to other bytes");
	text_release(&listing);
	text_release(&image);
}

static void try(struct str bytes)
{
	struct arena arena = { 0 };
	struct schedule *s;
	struct fail fail;
	if (image_read(&arena, bytes, &s, &fail))
		read_back(&arena, s, bytes);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	try((struct str){ (const char *)data, n });
	if (n < HASH_N)
		return 0;
	char *sealed = malloc(n);
	if (!sealed)
		fail_memory();
	memcpy(sealed, data, n);
	uint64_t hash = str_hash((struct str){ sealed, n - HASH_N });
	for (size_t i = 0; i < HASH_N; i++)
		sealed[n - HASH_N + i] = (char)(hash >> (8 * i));
	try((struct str){ sealed, n });
	free(sealed);
	return 0;
}
