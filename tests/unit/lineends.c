/* lineends.c — what a look at a file's parts says of it, held against the conversion of the whole. */
#include "runtime/lineends.h"
#include "tests/unit/test.h"

enum { TEXTS = 20000, LONGEST = 24 };

int main(void)
{
	static const char bytes[] = { 'a', 'b', '\r', '\n', '\r', '\n', 0, '$', 'I', 'd' };
	uint64_t seed = 1;
	struct arena arena = { 0 };
	size_t changed = 0, spared = 0;
	for (int i = 0; i < TEXTS; i++) {
		struct arena_mark mark = arena_mark(&arena);
		char text[LONGEST];
		struct str whole = { text, test_random(&seed) % LONGEST };
		for (size_t k = 0; k < whole.n; k++)
			text[k] = bytes[test_random(&seed) % sizeof bytes];
		struct lineends how = { .kind = test_random(&seed) % 3,
					.ident = test_random(&seed) % 4 == 0 };
		struct lineends_seen seen = { 0 };
		size_t cut = whole.n ? test_random(&seed) % whole.n : 0;
		lineends_look(&seen, str_slice(whole, 0, cut));
		lineends_look(&seen, str_slice(whole, cut, whole.n));
		bool differs = !str_equal(whole,
					  lineends_to_git(&arena, how, whole, (struct str){ 0 }));
		bool may = lineends_may_change(how, seen);
		CHECK(may || !differs, "a file that changes is taken for one that does not");
		changed += differs;
		spared += !may;
		arena_reset(&arena, mark);
	}
	CHECK(changed > TEXTS / 10 && spared > TEXTS / 10, "both are there");
	arena_release(&arena);
	return test_end();
}
