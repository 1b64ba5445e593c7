/* hunks.c — lines that differ: the edits make the one text the other, leave alone what is the same, and where the texts
 * are small there are no fewer lines that could be left alone. */
#include "lsp/hunks.h"

#include "common/text.h"
#include "tests/unit/test.h"

#include <string.h>

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static struct str random_text(struct arena *arena, uint32_t *seed, unsigned lines)
{
	struct text text = { 0 };
	text_add(&text, STR(""));
	for (unsigned i = next_random(seed) % (lines + 1); i; i--)
		text_addf(&text, "%c\n", 'a' + (char)(next_random(seed) % 4));
	if (next_random(seed) % 3 == 0)
		text_add(&text, STR("z"));
	struct str copy = arena_copy(arena, text_str(&text));
	text_release(&text);
	return copy;
}

/* The longest common subsequence of lines, by the table that every textbook has. */
static uint32_t longest_common(struct arena *arena, const struct source *a, const struct source *b)
{
	size_t width = b->line_n + 1;
	uint32_t *table = ARENA_MANY(arena, (a->line_n + 1) * width, uint32_t);
	for (size_t i = 1; i <= a->line_n; i++)
		for (size_t k = 1; k <= b->line_n; k++) {
			bool last = (i == a->line_n) != (k == b->line_n);
			uint32_t up = table[(i - 1) * width + k], left = table[i * width + k - 1];
			bool same = str_equal(source_line(a, (uint32_t)i),
					      source_line(b, (uint32_t)k)) &&
				    !last;
			uint32_t both = table[(i - 1) * width + k - 1] + same;
			table[i * width + k] = both > up && both > left ? both
					       : up > left              ? up
									: left;
		}
	return table[a->line_n * width + b->line_n];
}

static void compare(struct str before, struct str after, bool least)
{
	struct arena arena = { 0 };
	struct sources sources = { .arena = &arena };
	source_add(&sources, STR("a"), before);
	source_add(&sources, STR("b"), after);
	const struct source *a = source_get(&sources, 0), *b = source_get(&sources, 1);
	struct hunks hunks;
	struct text made = { 0 };
	uint32_t at = 0, start, end, changed = 0;
	bool apart = true;
	struct str text;
	hunks_find(&arena, a, b, &hunks);
	for (size_t i = 0; i < hunks.list.n; i++) {
		hunks_edit(&hunks.list.at[i], a, b, &start, &end, &text);
		apart = apart && start >= at &&
			(i == 0 || hunks.list.at[i].before > hunks.list.at[i - 1].before_end);
		text_add(&made, str_slice(before, at, start));
		text_add(&made, text);
		changed += hunks.list.at[i].before_end - hunks.list.at[i].before;
		at = end;
	}
	text_add(&made, str_slice(before, at, before.n));
	CHECK(str_equal(text_str(&made), after), before.at);
	CHECK(apart, before.at);
	CHECK(hunks.list.n > 0 || str_equal(before, after), before.at);
	if (least)
		CHECK(a->line_n - changed == longest_common(&arena, a, b), before.at);
	text_release(&made);
	arena_release(&arena);
}

int main(void)
{
	uint32_t seed = 1;
	for (int i = 0; i < 4000; i++) {
		struct arena arena = { 0 };
		struct str before = random_text(&arena, &seed, 12),
			   after = random_text(&arena, &seed, 12);
		compare(before, after, true);
		arena_release(&arena);
	}
	/* So many differences that they are one hunk. */
	for (int i = 0; i < 5; i++) {
		struct arena arena = { 0 };
		struct str before = random_text(&arena, &seed, 4000),
			   after = random_text(&arena, &seed, 4000);
		compare(before, after, false);
		arena_release(&arena);
	}
	return test_end();
}
