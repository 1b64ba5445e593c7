/* Strings in quotes that are not ours: where they end, when that is doubtful, and what they are as ours. */
#include "grammar/quoted.h"
#include "tests/unit/test.h"

static const struct {
	const char *rest;   /* the line from the quote on */
	const char *string; /* what is found to be the string; NULL: nothing closes it */
	enum { SURE, APOSTROPHES, DOUBTFUL } how;
	const char *ours;
} cases[] = {
	{ "'a', 'b'", "'a'", SURE, "\"a\"" },
	{ "'a' 'b'", "'a'", SURE, "\"a\"" },
	{ "'a']", "'a'", SURE, "\"a\"" },
	{ "'npm test' in pool", "'npm test'", SURE, "\"npm test\"" },
	{ "'a.orch' as other", "'a.orch'", SURE, "\"a.orch\"" },
	{ "'T' {", "'T'", SURE, "\"T\"" },
	{ "'a', 'b' # it's mine", "'a'", SURE, "\"a\"" },
	{ "`a` # b", "`a`", SURE, "\"a\"" },
	{ "'a \"b\" c'", "'a \"b\" c'", SURE, "\"a \\\"b\\\" c\"" },
	{ "'a\\d\\n'", "'a\\d\\n'", SURE, "\"a\\\\d\\n\"" },
	{ "'it's \"a\" b'", "'it's \"a\" b'", APOSTROPHES, "\"it's \\\"a\\\" b\"" },
	{ "'don't, please'  # it's me", "'don't, please'", APOSTROPHES, "\"don't, please\"" },
	{ "'it''s'", "'it''s'", DOUBTFUL, "\"it''s\"" },
	{ "'the agents' work'", "'the agents' work'", DOUBTFUL, "\"the agents' work\"" },
	{ "'use 'x', then stop'", "'use 'x', then stop'", DOUBTFUL, "\"use 'x', then stop\"" },
	{ "'r", NULL, SURE, NULL },
	{ "“a”, “b”", "“a”", SURE, "\"a\"" },
	{ "“Don’t use ‘x’ or \"y\" here”", "“Don’t use ‘x’ or \"y\" here”", SURE,
	  "\"Don’t use ‘x’ or \\\"y\\\" here\"" },
	{ "“Tidy ‘it’.”", "“Tidy ‘it’.”", SURE, "\"Tidy ‘it’.\"" },
	{ "“say “hello” now”", "“say “hello” now”", SURE, "\"say “hello” now\"" },
	{ "“a“, “b“", "“a“", SURE, "\"a\"" },
	{ "“a\", \"b\"", "“a\"", SURE, "\"a\"" },
	{ "„a“, „b“", "„a“", SURE, "\"a\"" },
	{ "„a”", "„a”", SURE, "\"a\"" },
	{ "«it’s»", "«it’s»", SURE, "\"it’s\"" },
	{ "「a」", "「a」", SURE, "\"a\"" },
	{ "‘a’, ‘b’", "‘a’", SURE, "\"a\"" },
	{ "‘don’t do it’", "‘don’t do it’", APOSTROPHES, "\"don’t do it\"" },
	{ "‘the others’ files’", "‘the others’ files’", DOUBTFUL, "\"the others’ files\"" },
	{ "“", NULL, SURE, NULL },
};

static void check(struct arena *arena, size_t i)
{
	struct quoted found;
	struct str rest = str_from(cases[i].rest);
	bool closed = quoted_find(rest, &found);
	if (!CHECK(closed == (cases[i].string != NULL), cases[i].rest) || !closed)
		return;
	struct str string = str_slice(rest, 0, found.end);
	CHECK(str_is(string, cases[i].string), cases[i].rest);
	CHECK(found.doubtful == (cases[i].how != SURE), cases[i].rest);
	CHECK(!found.doubtful || found.apostrophes == (cases[i].how == APOSTROPHES), cases[i].rest);
	struct str ours = quoted_rewrite(arena, string);
	if (!CHECK(str_is(ours, cases[i].ours), cases[i].rest))
		printf("    %.*s\n", STR_ARG(ours));
}

int main(void)
{
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&arena, i);
	arena_release(&arena);
	return test_end();
}
