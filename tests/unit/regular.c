/* Regular expressions of plans: which are taken. */
#include "common/regular.h"
#include "tests/unit/test.h"

static bool taken(struct arena *arena, const char *pattern)
{
	struct str why = { 0 };
	bool good = regular_check(arena, str_from(pattern), &why);
	return good == !why.n && good;
}

int main(void)
{
	struct arena arena = { 0 };
	CHECK(taken(&arena, "rate.?limit|overloaded|429"), "alternatives");
	CHECK(taken(&arena, "^[0-9]{3}$"), "anchors and repetitions");
	CHECK(taken(&arena, "x{10}y{100}\\{9999"), "a thousand times; a brace that is a character");
	CHECK(!taken(&arena, "x{10}y{101}"), "more often");
	CHECK(!taken(&arena, "((x{1,200}){1,200}){1,200}"), "more often, one in another");
	CHECK(!taken(&arena, "x{99999999999999999999}"), "a number that is no number");
	CHECK(!taken(&arena, "(a"), "an open parenthesis");
	CHECK(!taken(&arena, "[a"), "an open bracket");
	CHECK(!taken(&arena, "") && !taken(&arena, "a*") && !taken(&arena, "a|"),
	      "what matches everything");
	struct str why;
	CHECK(!regular_check(&arena, (struct str){ "a\0b", 3 }, &why), "a NUL");
	char *large = arena_take(&arena, 2002);
	for (size_t i = 0; i < 2001; i++)
		large[i] = 'a';
	CHECK(!taken(&arena, large), "a large one");
	CHECK(regular_find(&arena, STR("429|Too busy"), STR("a\0b: too BUSY")) &&
		      !regular_find(&arena, STR("^busy"), STR("not busy")),
	      "what fits somewhere, behind a NUL as well");
	arena_release(&arena);
	return test_end();
}
