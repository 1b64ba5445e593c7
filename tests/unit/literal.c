/* Texts as plans write them: what is escaped, and which of them a text block can hold. */
#include "compiler/literal.h"
#include "schedule/simulate.h"
#include "tests/unit/test.h"

static bool quotes_as(struct str text, const char *wanted)
{
	struct text out = { 0 };
	literal_add(&out, text);
	bool same = str_is(text_str(&out), wanted);
	if (!same)
		printf("%s\n", out.at);
	text_release(&out);
	return same;
}

static void test_quotes(void)
{
	CHECK(quotes_as(STR(""), "\"\""), "nothing");
	CHECK(quotes_as(STR("a \"b\" \\ c"), "\"a \\\"b\\\" \\\\ c\""), "quotes and backslashes");
	CHECK(quotes_as(STR("a\n\tb\r"), "\"a\\n\\tb\\u{d}\""), "line ends");
	CHECK(quotes_as(STR("\xc3\xa9 \xe2\x86\x92"), "\"\xc3\xa9 \xe2\x86\x92\""), "letters stay");
	CHECK(quotes_as(STR("e\xcc\x81"), "\"e\\u{301}\""), "what would be composed is escaped");
	CHECK(quotes_as(STR("\xe2\x80\xae" "a"), "\"\\u{202e}a\""), "and what is not seen");
}

static void test_blocks(void)
{
	static const struct {
		const char *text;
		bool fits;
	} cases[] = {
		{ "one", true },	 { "one\n  two\n\nthree", true }, { "\none", true },
		{ "\"\"\" in it", true }, { "a\tb", true },		   { "", false },
		{ "one\n", false },	 { " one", false },		   { "\n\tone", false },
		{ "a\n \nb", false },	 { "a\r\nb", false },		   { "e\xcc\x81", false },
		{ "a\x1b", false },	 { "a\xff", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(literal_fits_block(str_from(cases[i].text)) == cases[i].fits, "blocks");
	struct text out = { 0 };
	literal_add_block(&out, 2, STR("a\n\n  b"));
	CHECK(str_is(text_str(&out), "\"\"\"\n    a\n\n      b\n  \"\"\""), "indented");
	text_release(&out);
}

/* The one word of a duration that is written by hand. */
static void test_unknown(void)
{
	struct text out = { 0 };
	text_add_duration(&out, SIMULATE_UNKNOWN);
	CHECK(str_is(text_str(&out), SIMULATE_UNKNOWN_TEXT), "what people are told is what counts");
	text_release(&out);
}

int main(void)
{
	test_quotes();
	test_blocks();
	test_unknown();
	return test_end();
}
