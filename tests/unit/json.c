/* json.c — what is written reads back; any bytes are read or refused; output is one clean line. */
#include "common/json.h"

#include "common/utf8.h"
#include "tests/unit/test.h"

#include <string.h>

static void test_forms(struct arena *arena)
{
	struct text out = { 0 };
	json_open(&out, NULL, '{');
	json_write_text(&out, "a", STR("x"));
	json_open(&out, "list", '[');
	json_write_number(&out, NULL, INT64_MIN);
	json_write_flag(&out, NULL, true);
	json_open(&out, NULL, '{');
	json_close(&out, '}');
	json_close(&out, ']');
	json_write_number(&out, "n", INT64_MAX);
	json_write_flag(&out, "f", false);
	json_close(&out, '}');
	CHECK(str_equal(text_str(&out), STR("{\"a\":\"x\",\"list\":[-9223372036854775808,true,{}],"
					    "\"n\":9223372036854775807,\"f\":false}")),
	      "commas and keys");
	struct json value;
	struct fail fail;
	CHECK(json_read(arena, text_str(&out), "it", &value, &fail) && value.n == 4,
	      "an object is read");
	CHECK(str_is(json_find_text(&value, "a"), "x") &&
		      json_find_number(&value, "n") == INT64_MAX,
	      "its members");
	const struct json *list = json_find(&value, "list", JSON_IS_LIST);
	CHECK(list && list->n == 3 && list->at[0].number == INT64_MIN && list->at[1].flag,
	      "its list");
	CHECK(!json_find(&value, "a", JSON_IS_NUMBER) && !json_find(list, "a", JSON_IS_TEXT),
	      "another kind is not found");
	CHECK(!json_find_text(&value, "none").n && !json_find_number(&value, "a"),
	      "what is not there is empty");
	text_clear(&out);
	json_write_number(&out, NULL, 1);
	text_add_byte(&out, '\n');
	json_write_number(&out, NULL, 2);
	CHECK(str_is(text_str(&out), "1\n2"), "a line for each value");
	text_release(&out);
}

static void test_refused(struct arena *arena)
{
	static const char *const bad[] = { "",           "{",   "{\"a\":1,\"a\":2}",
					   "[1,]",       "nul", "\"\xff\"",
					   "\"\x1b[31m", "1 2", "99999999999999999999",
					   "\"\\ud800\"" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct json value;
		struct fail fail = { "" };
		CHECK(!json_read(arena, str_from(bad[i]), "input", &value, &fail) &&
			      str_starts(str_from(fail.text), STR("input is not JSON")),
		      bad[i]);
		CHECK(!strchr(fail.text, '\x1b'), "a message holds nothing that a terminal obeys");
	}
}

/* Random bytes, mostly of JSON's own alphabet, so that some are valid. */
static void test_random_bytes(void)
{
	static const char alphabet[] = "{}[],:\"\"\\u0019ae-. truefalsnul\n\xc3\xa9\xff";
	uint64_t random = 7;
	size_t read = 0;
	for (int i = 0; i < 200000; i++) {
		struct arena arena = { 0 };
		struct json value;
		struct fail fail;
		char bytes[24];
		size_t n = test_random(&random) % sizeof bytes;
		for (size_t j = 0; j < n; j++)
			bytes[j] = alphabet[test_random(&random) % (sizeof alphabet - 1)];
		read += json_read(&arena, (struct str){ bytes, n }, "it", &value, &fail);
		arena_release(&arena);
	}
	CHECK(read > 100, "random bytes are read or refused");
}

static void test_round_trip(struct arena *arena)
{
	uint64_t random = 11;
	bool same = true, clean = true;
	for (int i = 0; i < 20000; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct text out = { 0 };
		struct json value;
		struct fail fail;
		char bytes[40];
		size_t n = test_random(&random) % sizeof bytes;
		for (size_t j = 0; j < n; j++)
			bytes[j] = (char)(test_random(&random) % (i % 2 ? 256 : 128));
		struct str s = { bytes, n };
		json_write_text(&out, NULL, s);
		for (size_t j = 0; j < out.n; j++)
			clean &= (unsigned char)out.at[j] >= 0x20 && out.at[j] != 0x7f;
		same &= json_read(arena, text_str(&out), "it", &value, &fail) &&
			value.kind == JSON_IS_TEXT &&
			(utf8_invalid(s) == SIZE_MAX
				 ? str_equal(value.text, s)
				 : str_find_text(value.text, STR("\uFFFD")) != SIZE_MAX);
		text_release(&out);
		arena_reset(arena, mark);
	}
	CHECK(same, "a text reads back as it was, with U+FFFD for what is no UTF-8");
	CHECK(clean, "no control byte is written");
}

static void test_deep(struct arena *arena)
{
	char deep[5000];
	struct json value;
	struct fail fail;
	memset(deep, '[', sizeof deep);
	CHECK(!json_read(arena, (struct str){ deep, sizeof deep }, "deep", &value, &fail),
	      "endless nesting is refused");
	memset(deep + 1000, ']', 1000);
	CHECK(json_read(arena, (struct str){ deep, 2000 }, "deep", &value, &fail),
	      "a thousand levels are read");
}

int main(void)
{
	struct arena arena = { 0 };
	test_forms(&arena);
	test_refused(&arena);
	test_random_bytes();
	test_round_trip(&arena);
	test_deep(&arena);
	arena_release(&arena);
	return test_end();
}
