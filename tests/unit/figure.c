/* figure — the number in what a metric's command printed. */
#include "runtime/figure.h"

#include "tests/unit/test.h"

static struct arena arena;

static bool reads(const char *output, const char *unit, const char *wanted)
{
	struct str number, why;
	bool found = figure_read(&arena, str_from(output), str_from(unit), &number, &why);
	bool good = found ? wanted && str_is(number, wanted) : !wanted && why.n;
	if (!good)
		printf("%s: %.*s\n", output, STR_ARG(found ? number : why));
	return good;
}

static struct str change(const char *before, const char *after)
{
	struct text out = { 0 };
	figure_add_change(&(struct figures){ .before.number = str_from(before),
					     .after.number = str_from(after) },
			  &out);
	struct str copy = arena_copy(&arena, text_str(&out));
	text_release(&out);
	return copy;
}

int main(void)
{
	CHECK(reads("52.1\n", "ms", "52.1"), "alone");
	CHECK(reads("warming up\n52.1 ms\n", "ms", "52.1"), "with its unit");
	CHECK(reads("52.1ms", "ms", "52.1"), "without a blank, and without a line end");
	CHECK(reads("  7\t\r\n\n\n", "", "7"), "with white space around it");
	CHECK(reads("1\n2\n3\ndone in 4 s\n", "ms", "3"), "the last line that is one");
	CHECK(reads("-1.5e-3\n", "", "-1.5e-3"), "as programs print them");
	CHECK(reads("52.1 s\n", "ms", NULL), "of another unit");
	CHECK(reads("took 52.1\n", "", NULL) && reads("", "ms", NULL) && reads("\n \n", "", NULL) &&
		      reads("ms\n", "ms", NULL),
	      "none");
	struct str number, why;
	figure_read(&arena, STR("ok\n\x1b[31m<b>\n"), STR("ms"), &number, &why);
	CHECK(str_find(why, '\x1b') == SIZE_MAX && str_find_text(why, STR("<b>")) != SIZE_MAX,
	      "what a terminal would obey is not in the message");
	CHECK(str_is(change("50", "40"), "-20%") && str_is(change("3", "3.1"), "+3.3%") &&
		      str_is(change("-2", "-1"), "+50%") && str_is(change("5", "5"), "+0%"),
	      "the change");
	CHECK(!change("0", "5").n && !change("", "5").n && !change("5", "").n && !change("0", "0").n,
	      "a change that cannot be said");
	arena_release(&arena);
	return test_end();
}
