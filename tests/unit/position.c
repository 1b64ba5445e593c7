/* position.c — places in both encodings: there and back at every character, and what is beyond them. */
#include "lsp/position.h"

#include "tests/unit/test.h"

static const char text[] = "a\xc3\xa4\xf0\x9f\x99\x82z\r\n\n\xe2\x82\xac\xff\n";

static void there_and_back(const struct source *source, enum position_encoding encoding)
{
	uint32_t known = 0;
	struct position last = { 0, 0 };
	for (uint32_t at = 0; at <= source->text.n; at++) {
		if (at < source->text.n && ((unsigned char)source->text.at[at] & 0xC0) == 0x80)
			continue;
		struct position position = position_of(source, at, encoding),
				counted = position_after(source, known, last, at, encoding);
		CHECK(counted.line == position.line && counted.character == position.character,
		      "counted on");
		/* Between CR and LF the line has ended. */
		uint32_t back = position_offset(source, position, encoding);
		CHECK(back == at || (source->text.at[at] == '\n' && back == at - 1), "and back");
		known = at;
		last = position;
	}
}

static void is(const struct source *source, uint32_t line, uint32_t character,
	       enum position_encoding encoding, uint32_t offset)
{
	CHECK(position_offset(source, (struct position){ line, character }, encoding) == offset,
	      "an offset");
}

int main(void)
{
	struct arena arena = { 0 };
	struct sources sources = { .arena = &arena };
	source_add(&sources, STR("p"), (struct str){ text, sizeof text - 1 });
	const struct source *source = source_get(&sources, 0);
	there_and_back(source, POSITION_UTF16);
	there_and_back(source, POSITION_UTF8);
	CHECK(position_of(source, 7, POSITION_UTF16).character == 4, "two units");
	CHECK(position_of(source, 7, POSITION_UTF8).character == 7, "four bytes");
	is(source, 0, 3, POSITION_UTF16, 3); /* within the surrogates: before them */
	is(source, 0, 5, POSITION_UTF8, 3);
	is(source, 0, 99, POSITION_UTF16, 8); /* the end of the line, before CR */
	is(source, 1, 5, POSITION_UTF16, 10);
	is(source, 99, 0, POSITION_UTF16, sizeof text - 1);
	is(source, 2, 2, POSITION_UTF16, 15); /* a byte that is no UTF-8 is one unit */
	arena_release(&arena);
	return test_end();
}
