/* seeds.c — seeds DIR: small valid images, listings and plans for the fuzzers to begin with, in
 * DIR/image, DIR/listing and DIR/format. */
#include "common/file.h"
#include "schedule/image.h"
#include "schedule/listing.h"
#include "tests/lib/messy.h"
#include "tests/lib/schedules.h"

static bool write_seed(const char *folder, const char *kind, unsigned seed, struct text *text,
		       struct fail *fail)
{
	struct arena arena = { 0 };
	bool fine = file_make_folders(arena_format(&arena, "%s/%s", folder, kind).at, fail) &&
		    file_write(arena_format(&arena, "%s/%s/%u", folder, kind, seed).at,
			       text_str(text), 0666, fail);
	arena_release(&arena);
	text_release(text);
	return fine;
}

int main(int argc, char **argv)
{
	bool fine = argc == 2;
	for (unsigned seed = 1; fine && seed <= 40; seed++) {
		struct arena arena = { 0 };
		struct text image = { 0 }, listing = { 0 }, plan = { 0 };
		struct fail fail;
		const struct schedule *s = schedules_make(&arena, seed, 3);
		image_write(s, &image);
		listing_write(s, &listing);
		struct messy messy = { .says = seed, .looks = seed, .allows = true, .out = &plan };
		messy_plan(&messy);
		fine = write_seed(argv[1], "image", seed, &image, &fail) &&
		       write_seed(argv[1], "listing", seed, &listing, &fail) &&
		       write_seed(argv[1], "format", seed, &plan, &fail);
		if (!fine)
			fprintf(stderr, "error: %s\n", fail.text);
		arena_release(&arena);
	}
	if (argc != 2)
		fprintf(stderr, "usage: seeds DIR\n");
	return !fine;
}
