/* Whatever an agent printed or called a file, a terminal is shown no byte that it would obey. */
#include "runtime/visible.h"

#include "common/utf8.h"
#include "tests/unit/test.h"

static bool is(struct str text, bool lines, const char *want)
{
	struct text out = { 0 };
	visible_add(&out, text, lines);
	bool same = str_is(text_str(&out), want);
	text_release(&out);
	return same;
}

static bool harmless(struct str text)
{
	while (text.n) {
		size_t bytes;
		uint32_t character = utf8_decode(text, &bytes);
		if (character == UTF8_INVALID || character < 0x20 || character == 0x7f ||
		    utf8_class(character) != UTF8_PLAIN)
			return false;
		text = str_slice(text, bytes, text.n);
	}
	return true;
}

int main(void)
{
	uint64_t random = 11;
	CHECK(is(STR("plain, é, 漢"), false, "plain, é, 漢"), "text stays as it is");
	CHECK(is(STR("\033[2J"), false, "\\x1b[2J"), "an escape is shown, not obeyed");
	CHECK(is(STR("a\nb\tc"), false, "a b c") && is(STR("a\nb\tc"), true, "a\nb\tc"),
	      "line ends where there are lines only");
	CHECK(is(STR("a\rb\x7f"), true, "a\\x0db\\x7f"),
	      "a carriage return would overwrite the line");
	CHECK(is(STR("\xff\xc3"), false, "\\xff\\xc3"), "bytes that are no UTF-8");
	CHECK(is(STR("\xc2\x9b" "31m"), false, "\\u{9b}31m"), "C1 controls");
	CHECK(is(STR("\xe2\x80\xae" "gpj"), false, "\\u{202e}gpj"), "a change of direction");
	bool all = true;
	for (int round = 0; round < 20000 && all; round++) {
		char bytes[64];
		struct text out = { 0 };
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (char)(test_random(&random) >> 11);
		visible_add(&out, (struct str){ bytes, sizeof bytes }, false);
		all = harmless(text_str(&out));
		text_release(&out);
	}
	CHECK(all, "random bytes become harmless");
	return test_end();
}
