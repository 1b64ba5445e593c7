/* diag — how diagnostics are shown: marks right under what they mean, whatever the line is made
 * of. */
#include "common/diag.h"

#include "tests/unit/test.h"

struct shown {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	uint32_t plan, shared;
};

static void begin(struct shown *s, const char *plan)
{
	*s = (struct shown){ 0 };
	s->sources.arena = s->diags.arena = &s->arena;
	s->diags.sources = &s->sources;
	s->plan = source_add(&s->sources, STR("plan.orch"), str_from(plan));
	s->shared = source_add(&s->sources, STR("lib/shared.orch"),
			       STR("group g {\n  owns \"src/**\"\n}\n"));
}

static struct span find(const struct shown *s, uint32_t source, const char *needle)
{
	size_t at = str_find_text(source_get(&s->sources, source)->text, str_from(needle));
	return (struct span){ source, (uint32_t)at, (uint32_t)(at + str_from(needle).n) };
}

static struct diag *add(struct shown *s, const char *needle)
{
	return diag_add(&s->diags, DIAG_SYNTAX, find(s, s->plan, needle), "message");
}

/* Ends the case: the first diagnostic, without its first line, must be `wanted`. */
static void check_shown(struct shown *s, const char *wanted)
{
	struct text out = { 0 };
	diag_print(&s->diags, &s->diags.list.at[0], false, &out);
	struct str rest = text_str(&out), head;
	str_split(&rest, '\n', &head);
	CHECK(str_is(head, "error[E0103]: message"), "code and message come first");
	if (!CHECK(str_is(rest, wanted), "shown as it should be"))
		printf("wanted:\n%sgot:\n%.*s", wanted, STR_ARG(rest));
	text_release(&out);
	arena_release(&s->arena);
}

static void test_plain(void)
{
	struct shown s;
	begin(&s, "one\n  owns \"a\", \"b\"\nthree\n");
	struct diag *diag = add(&s, "\"b\"");
	diag_here(&s.diags, diag, "second");
	diag_label(&s.diags, diag, find(&s, s.plan, "\"a\""), "first");
	diag_note(&s.diags, diag, "a note\nof two lines");
	diag_help(&s.diags, diag, "do that");
	diag_fix(&s.diags, diag, DIAG_SAFE, diag->span, STR("\"c\""), "write %s", "c");
	check_shown(&s,
		    " --> plan.orch:2:13\n"
		    "  |\n"
		    "2 |   owns \"a\", \"b\"\n"
		    "  |        ---  ^^^ second\n"
		    "  |        |\n"
		    "  |        first\n"
		    "  |\n"
		    "  = note: a note\n"
		    "          of two lines\n"
		    "  = help: do that\n"
		    "  = help: write c\n");
}

static void test_lines(void)
{
	struct shown s;
	begin(&s, "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk");
	struct diag *diag = add(&s, "k");
	diag_label(&s.diags, diag, find(&s, s.plan, "a"), "far");
	diag_label(&s.diags, diag, find(&s, s.plan, "i"), "near");
	diag_label(&s.diags, diag, find(&s, s.shared, "\"src/**\""), "elsewhere");
	check_shown(&s,
		    "  --> plan.orch:11:1\n"
		    "   |\n"
		    " 1 | a\n"
		    "   | - far\n"
		    "...\n"
		    " 9 | i\n"
		    "   | - near\n"
		    "10 | j\n"
		    "11 | k\n"
		    "   | ^\n"
		    "  ::: lib/shared.orch:2:8\n"
		    "   |\n"
		    " 2 |   owns \"src/**\"\n"
		    "   |        -------- elsewhere\n");
}

static void test_several_lines(void)
{
	struct shown s;
	begin(&s, "agent a {\n  x\n  y\n}\n");
	diag_here(&s.diags, add(&s, "agent a {\n  x\n  y\n}"), "all this");
	check_shown(&s,
		    " --> plan.orch:1:1\n"
		    "  |\n"
		    "1 | agent a {\n"
		    "  | ^^^^^^^^^\n"
		    "...\n"
		    "4 | }\n"
		    "  | ^ all this\n");
	begin(&s, "");
	add(&s, "");
	check_shown(&s, " --> plan.orch:1:1\n  |\n1 |\n  | ^\n");
	begin(&s, "x\n");
	diag_add(&s.diags, DIAG_SYNTAX, (struct span){ s.plan, 1, 1 }, "message");
	check_shown(&s, " --> plan.orch:1:2\n  |\n1 | x\n  |  ^\n");
}

static void test_characters(void)
{
	struct shown s;
	begin(&s, "\towns\t\"日本語\", \"b\"");
	diag_label(&s.diags, add(&s, "\"b\""), find(&s, s.plan, "語"), "wide");
	check_shown(&s,
		    " --> plan.orch:1:14\n"
		    "  |\n"
		    "1 |     owns    \"日本語\", \"b\"\n"
		    "  |                  --   ^^^\n"
		    "  |                  |\n"
		    "  |                  wide\n");
	/* One mark is two columns under an emoji of three characters, one under a letter and its
	 * accent. */
	begin(&s, "\"👩‍💻 e\xCC\x81 🇩🇪\" y");
	struct diag *diag = add(&s, "y");
	diag_label(&s.diags, diag, find(&s, s.plan, "👩‍💻"), "a");
	diag_label(&s.diags, diag, find(&s, s.plan, "e\xCC\x81"), "b");
	diag_label(&s.diags, diag, find(&s, s.plan, "🇩🇪"), "c");
	check_shown(&s,
		    " --> plan.orch:1:13\n"
		    "  |\n"
		    "1 | \"👩‍💻 e\xCC\x81 🇩🇪\" y\n"
		    "  |  -- - --  ^\n"
		    "  |  |  | |\n"
		    "  |  |  | c\n"
		    "  |  |  |\n"
		    "  |  |  b\n"
		    "  |  |\n"
		    "  |  a\n");
	begin(&s, "\x1b[31m \xe2\x80\xae z\xe2\x80\x8b bad\xff.");
	add(&s, "bad\xff.");
	check_shown(&s,
		    " --> plan.orch:1:12\n"
		    "  |\n"
		    "1 | ␛[31m \\u{202e} z\\u{200b} bad\\xff.\n"
		    "  |                          ^^^^^^^^\n");
}

static void test_overlapping(void)
{
	struct shown s;
	begin(&s, "\"one\", \"two\", \"three\"");
	struct diag *diag = add(&s, "\"one\", \"two\"");
	diag_here(&s.diags, diag, "outer");
	diag_label(&s.diags, diag, find(&s, s.plan, "\"two\", \"three\""), "inner");
	check_shown(&s,
		    " --> plan.orch:1:1\n"
		    "  |\n"
		    "1 | \"one\", \"two\", \"three\"\n"
		    "  | ^^^^^^^^^^^^--------- inner\n"
		    "  | |\n"
		    "  | outer\n");
}

static void test_long_line(void)
{
	struct shown s;
	struct text line = { 0 };
	for (int i = 0; i < 2000; i++)
		text_addf(&line, "word%d ", i);
	begin(&s, line.at);
	struct diag *diag = add(&s, "word1000");
	diag_label(&s.diags, diag, find(&s, s.plan, "word1990"), "far");
	check_shown(
		&s,
		" --> plan.orch:1:7891\n"
		"  |\n"
		"1 | …word995 word996 word997 word998 word999 word1000 word1001 word1002 word1003 word1004 "
		"word1005 word1006 word1007 word1008…\n"
		"  |                                          ^^^^^^^^\n"
		"1 | …985 word1986 word1987 word1988 word1989 word1990 word1991 word1992 word1993 word1994 "
		"word1995 word1996 word1997 word1998…\n"
		"  |                                          -------- far\n");
	text_release(&line);
}

/* A quoted source must not reach the terminal as it is, and without colour nothing does. */
static void test_control(void)
{
	struct shown s;
	struct text out = { 0 };
	begin(&s, "x");
	struct diag *diag = diag_add(&s.diags, DIAG_CLAIM, find(&s, s.plan, "x"),
				     "no \x1b]0;title\x07");
	diag_here(&s.diags, diag, "\x1b[2J");
	diag_note(&s.diags, diag, "\xe2\x80\xaegnirts");
	diag_print(&s.diags, diag, false, &out);
	CHECK(str_find(text_str(&out), '\x1b') == SIZE_MAX, "no escape gets through");
	CHECK(str_find_text(text_str(&out), STR("\\u{202e}")) != SIZE_MAX,
	      "nor what turns text round");
	CHECK(str_starts(text_str(&out), STR("warning[W0401]: ")), "a warning says that it is one");
	text_clear(&out);
	diag_print(&s.diags, diag, true, &out);
	CHECK(str_starts(text_str(&out), STR("\x1b[1;33mwarning[W0401]\x1b[0m")),
	      "in colour when asked");
	text_release(&out);
	arena_release(&s.arena);
}

static void test_json(void)
{
	struct shown s;
	struct text out = { 0 };
	begin(&s, "one\n  owns \"👍\", \"b\"\n");
	struct diag *diag = add(&s, "\"b\"");
	diag_here(&s.diags, diag, "second");
	diag_label(&s.diags, diag, find(&s, s.shared, "g"), "other \x1b");
	diag_help(&s.diags, diag, "do that");
	diag_fix(&s.diags, diag, DIAG_SAFE, diag->span, STR("\"c\""), "write c");
	diag_print_json(&s.diags, diag, &out);
	static const char wanted[] =
		"{\"severity\":\"error\",\"code\":\"E0103\",\"name\":\"syntax\",\"message\":\"message\",\"place\":"
		"{\"file\":\"plan.orch\",\"start\":19,\"end\":22,\"line\":2,\"column\":13,\"end_line\":2,"
		"\"end_column\":16,\"utf16_column\":14,\"end_utf16_column\":17,\"label\":\"second\"},"
		"\"labels\":[{\"file\":\"lib/shared.orch\",\"start\":0,\"end\":1,\"line\":1,\"column\":1,\"end_line\":1,"
		"\"end_column\":2,\"utf16_column\":1,\"end_utf16_column\":2,\"label\":\"other \\u001b\"}],\"notes\":"
		"[{\"kind\":\"help\",\"text\":\"do that\"}],\"fixes\":[{\"title\":\"write c\",\"applicability\":\"safe\","
		"\"edits\":[{\"place\":{\"file\":\"plan.orch\",\"start\":19,\"end\":22,\"line\":2,\"column\":13,"
		"\"end_line\":2,\"end_column\":16,\"utf16_column\":14,\"end_utf16_column\":17},\"text\":\"\\\"c\\\"\"}]}]}\n";
	if (!CHECK(str_is(text_str(&out), wanted), "all of it is in the JSON"))
		printf("wanted:\n%sgot:\n%.*s", wanted, STR_ARG(text_str(&out)));
	text_release(&out);
	arena_release(&s.arena);
}

static void test_list(void)
{
	struct shown s;
	enum diag_code code;
	begin(&s, "ab");
	diag_add(&s.diags, DIAG_UNUSED, find(&s, s.shared, "g"), "third");
	diag_add(&s.diags, DIAG_SYNTAX, find(&s, s.plan, "b"), "second");
	diag_add(&s.diags, DIAG_SYNTAX, find(&s, s.plan, "a"), "first");
	CHECK(s.diags.errors == 2 && s.diags.warnings == 1,
	      "errors and warnings are counted apart");
	diag_sort(&s.diags);
	CHECK(str_is(s.diags.list.at[0].message, "first") &&
		      str_is(s.diags.list.at[2].message, "third"),
	      "sorted by file, then by place");
	CHECK(diag_find(STR("E0301"), &code) && code == DIAG_OVERLAP, "found by code");
	CHECK(diag_find(STR("w0301"), &code) && code == DIAG_READ_RACE, "in small letters too");
	CHECK(diag_find(STR("overlap"), &code) && code == DIAG_OVERLAP, "found by name");
	CHECK(!diag_find(STR("E9999"), &code) && !diag_find(STR(""), &code),
	      "others are not found");
	CHECK(str_is(diag_code_text(&s.arena, DIAG_READ_RACE), "W0301"), "the code's text");
	for (int i = 0; i < DIAG_COUNT; i++)
		for (int k = i + 1; k < DIAG_COUNT; k++) {
			const struct diag_info *a = diag_info(i), *b = diag_info(k);
			CHECK(a->number != b->number || a->severity != b->severity,
			      "codes are different");
			CHECK(!str_is(str_from(a->name), b->name), "names are different");
		}
	arena_release(&s.arena);
}

int main(void)
{
	test_plain();
	test_lines();
	test_several_lines();
	test_characters();
	test_overlapping();
	test_long_line();
	test_control();
	test_json();
	test_list();
	return test_end();
}
