/* listing.c — any text as a listing: what is taken must survive as an image and as a listing. */
#include "schedule/image.h"
#include "schedule/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = { 0 };
	struct text image = { 0 }, listing = { 0 }, again = { 0 };
	struct schedule *s, *back;
	struct fail fail;
	if (listing_read(&arena, (struct str){ (const char *)data, n }, STR("listing"), &s,
			 &fail)) {
		image_write(s, &image);
		BUG_IF(!image_read(&arena, text_str(&image), &back, &fail),
		       "an image that is not read");
		listing_write(back, &listing);
		BUG_IF(!listing_read(&arena, text_str(&listing), STR("listing"), &back, &fail),
		       "a listing that does not assemble");
		image_write(back, &again);
		BUG_IF(!str_equal(text_str(&image), text_str(&again)),
		       "a listing that assembles to other bytes");
	}
	text_release(&image);
	text_release(&listing);
	text_release(&again);
	arena_release(&arena);
	return 0;
}
