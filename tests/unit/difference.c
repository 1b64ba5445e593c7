/* difference.c — a diff turns the old text into the new one: `git apply` is asked. */
#include "runtime/difference.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static void random_text(uint64_t *seed, struct text *text)
{
	static const char *const lines[] = { "agent a {\n",    "}\n", "\n",
					     "  owns \"x\"\n", "é\n", "\t# tab\r\n" };
	size_t n = test_random(seed) % 30;
	for (size_t i = 0; i < n; i++)
		text_add(text, str_from(lines[test_random(seed) % 6]));
	if (test_random(seed) % 4 == 0)
		text_add(text, STR("no last line end"));
}

int main(void)
{
	uint64_t seed = 77;
	struct fail fail;
	struct text same = { 0 };
	if (!scratch_begin("difference") || mkdir("sub", 0777))
		return 1;
	CHECK(difference_write(STR("a.orch"), STR("x\n"), STR("x\n"), &same, &fail) && !same.n,
	      "no diff of the same");
	for (int i = 0; i < 60; i++) {
		struct arena arena = { 0 };
		struct text before = { 0 }, after = { 0 }, diff = { 0 };
		struct str back = { 0 };
		random_text(&seed, &before);
		random_text(&seed, &after);
		CHECK(difference_write(STR("sub/a.orch"), text_str(&before), text_str(&after),
				       &diff, &fail),
		      "a diff is made");
		if (diff.n) {
			scratch_put("d.patch", diff.at);
			CHECK(file_write("sub/a.orch", text_str(&before), 0666, &fail),
			      "the old text");
			CHECK(scratch_run("git apply d.patch"), "git takes it");
			bool there = after.n == 0 ||
				     file_read(&arena, "sub/a.orch", 1 << 20, &back, &fail);
			CHECK(there && str_equal(text_str(&after), back),
			      "and comes to the new text");
		}
		text_release(&before);
		text_release(&after);
		text_release(&diff);
		arena_release(&arena);
	}
	text_release(&same);
	scratch_end();
	return test_end();
}
