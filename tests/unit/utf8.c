/* utf8 — validity, composition, width and equality of texts. */
#include "common/utf8.h"

#include "tests/unit/test.h"

static void test_validity(void)
{
	CHECK(utf8_invalid(STR("plain, long enough for words")) == SIZE_MAX, "ASCII");
	CHECK(utf8_invalid(STR("ä € 😀")) == SIZE_MAX, "two, three and four bytes");
	CHECK(utf8_invalid(STR("0123456789\xff")) == 10, "no byte of UTF-8");
	CHECK(utf8_invalid(STR("a\xc3")) == 1, "cut short");
	CHECK(utf8_invalid(STR("a\xc0\xaf")) == 1, "longer than need be");
	CHECK(utf8_invalid(STR("\xed\xa0\x80")) == 0, "a surrogate");
	CHECK(utf8_invalid(STR("\xf4\x90\x80\x80")) == 0, "beyond the last");
	CHECK(utf8_is_ascii(STR("plain text of ASCII")) && !utf8_is_ascii(STR("0123456789ä")),
	      "ASCII is told");
	CHECK(!utf8_is_character(0xD800) && utf8_is_character(0x10FFFF) &&
		      !utf8_is_character(0x110000),
	      "surrogates are no characters");
}

static void test_composition(void)
{
	struct arena arena = { 0 };
	CHECK(utf8_is_nfc(STR("plain")) && utf8_is_nfc(STR("\xc3\xa9t\xc3\xa9")), "composed");
	CHECK(!utf8_is_nfc(STR("e\xcc\x81")), "not composed");
	CHECK(str_is(utf8_compose(&arena, STR("e\xcc\x81")), "\xc3\xa9"), "composed on demand");
	CHECK(str_equal(utf8_fold(&arena, STR("Src/\xc3\x89.py")),
			utf8_fold(&arena, STR("src/e\xcc\x81.PY"))),
	      "the same when case and composition are folded");
	CHECK(!str_equal(utf8_fold(&arena, STR("a")), utf8_fold(&arena, STR("b"))),
	      "others are not");
	CHECK(str_is(utf8_fold(&arena, STR("A\xff")), "A\xff"), "what is not valid stays as it is");
	CHECK(utf8_fold(&arena, STR("")).n == 0, "nothing of nothing");
	arena_release(&arena);
}

static void test_width(void)
{
	unsigned width;
	CHECK(utf8_width(STR("abc")) == 3 && utf8_width(STR("日本")) == 4, "narrow and wide");
	CHECK(utf8_grapheme(STR("e\xcc\x81x"), &width) == 3 && width == 1,
	      "a letter with its accent");
	CHECK(utf8_width(STR("👩‍💻")) == 2 && utf8_width(STR("🇩🇪")) == 2,
	      "emoji of several characters");
	CHECK(utf8_width(STR("\xe2\x9d\xa4\xef\xb8\x8f")) == 2, "a sign shown as emoji");
	CHECK(utf8_grapheme(STR("\xff\xff"), &width) == 1 && width == 1,
	      "an invalid byte stands for itself");
	CHECK(utf8_width(STR("\x1b")) == 0, "a control character has no width");
}

static void test_classes(void)
{
	CHECK(utf8_class('a') == UTF8_PLAIN && utf8_class('\t') == UTF8_PLAIN &&
		      utf8_class(0x1F600) == UTF8_PLAIN,
	      "plain characters");
	CHECK(utf8_class(0) == UTF8_CONTROL && utf8_class(0x7F) == UTF8_CONTROL &&
		      utf8_class(0x85) == UTF8_CONTROL,
	      "control characters");
	CHECK(utf8_class(0x202E) == UTF8_BIDI && utf8_class(0x2066) == UTF8_BIDI,
	      "what turns text round");
	CHECK(utf8_class(0x200B) == UTF8_INVISIBLE && utf8_class(0xFEFF) == UTF8_INVISIBLE &&
	      utf8_class(0xE0041) == UTF8_INVISIBLE, "what is not seen");
}

static void test_cut(void)
{
	CHECK(str_is(utf8_cut(STR("aé€🙂"), 100), "aé€🙂") && str_is(utf8_cut(STR("aé€🙂"), 10), "aé€🙂") &&
		      str_is(utf8_cut(STR("aé€🙂"), 9), "aé€") && str_is(utf8_cut(STR("aé€🙂"), 5), "aé") &&
		      str_is(utf8_cut(STR("aé€🙂"), 2), "a") && utf8_cut(STR("é"), 1).n == 0 &&
		      utf8_cut(STR(""), 3).n == 0,
	      "only whole characters are left");
}

int main(void)
{
	test_validity();
	test_composition();
	test_width();
	test_classes();
	test_cut();
	return test_end();
}
