/* source — lines and columns of places, whatever ends the lines. */
#include "common/source.h"

#include "tests/unit/test.h"

static void check_place(const struct sources *sources, uint32_t offset, uint32_t line,
			uint32_t column)
{
	struct place place = source_place(sources, 0, offset);
	CHECK(place.line == line && place.column == column, "line and column");
}

int main(void)
{
	struct arena arena = { 0 };
	struct sources sources = { .arena = &arena };
	uint32_t first = source_add(&sources, STR("a.orch"), STR("one\r\ntwö three\n\nlast"));
	uint32_t empty = source_add(&sources, STR("b.orch"), STR(""));
	uint32_t ended = source_add(&sources, STR("c.orch"), STR("x\n"));
	const struct source *source = source_get(&sources, first);

	check_place(&sources, 0, 1, 1);
	check_place(&sources, 3, 1, 4);
	check_place(&sources, 5, 2, 1);
	check_place(&sources, 10, 2, 5);
	check_place(&sources, 16, 3, 1);
	check_place(&sources, 17, 4, 1);
	check_place(&sources, 21, 4, 5);
	CHECK(source->line_n == 4, "four lines");
	CHECK(str_is(source_line(source, 1), "one"), "without CR LF");
	CHECK(str_is(source_line(source, 2), "twö three"), "without LF");
	CHECK(str_is(source_line(source, 3), ""), "an empty line");
	CHECK(str_is(source_line(source, 4), "last"), "a last line without an end");
	CHECK(str_is(source_text(&sources, (struct span){ first, 5, 9 }), "twö"),
	      "the text of a span");
	CHECK(source_get(&sources, empty)->line_n == 1 &&
		      source_line_at(source_get(&sources, empty), 0) == 1,
	      "an empty file has one line");
	CHECK(source_get(&sources, ended)->line_n == 2, "behind the last line end there is a line");
	arena_release(&arena);
	return test_end();
}
