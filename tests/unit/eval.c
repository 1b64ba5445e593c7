/* eval.c — what literals mean: escapes, text blocks, durations, and names put in. */
#include "compiler/eval.h"

#include "grammar/parse.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

struct evaluated {
	struct sources sources;
	struct diags diags;
	struct syntax syntax;
	struct eval eval;
};

/* Reads `text` and sets up the evaluation of what is in it. */
static void read_text(struct arena *arena, const char *text, const struct eval_names *names,
		      struct evaluated *e)
{
	*e = (struct evaluated){ .sources = { .arena = arena } };
	e->diags = (struct diags){ .arena = arena, .sources = &e->sources };
	uint32_t source = source_add(&e->sources, STR("plan.orch"), str_from(text));
	parse_source(arena, &e->sources, source, &e->diags, &e->syntax);
	e->eval = (struct eval){ arena, &e->sources, &e->syntax, &e->diags, names };
}

/* The first node of that kind, in the order of the text. */
static const struct node *find(const struct node *node, enum node_kind kind)
{
	for (; node; node = node->next) {
		if (node->kind == kind)
			return node;
		const struct node *inside = find(node->child, kind);
		if (inside)
			return inside;
	}
	return NULL;
}

static bool text_is(const char *source, enum node_kind kind, const struct eval_names *names,
		    const char *wanted, size_t errors)
{
	struct arena arena = { 0 };
	struct evaluated e;
	read_text(&arena, source, names, &e);
	const struct node *node = find(e.syntax.root, kind);
	bool good = node && str_is(eval_text(&e.eval, node), wanted) && e.diags.errors == errors &&
		    str_is(eval_kept_text(&arena, eval_keep(&e.eval, node)), wanted);
	arena_release(&arena);
	return good;
}
#define IN_AGENT(statement) "agent a {\n  " statement "\n}\n"

static void test_strings(void)
{
	CHECK(text_is(IN_AGENT("prompt \"plain\""), NODE_STRING, NULL, "plain", 0),
	      "a plain string");
	CHECK(text_is(IN_AGENT("prompt \"a\\\"b\\\\c\\nd\\te\""), NODE_STRING, NULL,
		      "a\"b\\c\nd\te", 0),
	      "every escape");
	CHECK(text_is(IN_AGENT("prompt \"\\u{e9}\\u{1F916}\""), NODE_STRING, NULL,
		      "\xc3\xa9\xf0\x9f\xa4\x96", 0),
	      "characters by number");
	CHECK(text_is(IN_AGENT("prompt \"a\\u{0}b\""), NODE_STRING, NULL, "ab", 1),
	      "no character 0");
	CHECK(text_is(IN_AGENT("prompt \"${x} $y {z}\""), NODE_STRING, NULL, "${x} $y {z}", 0),
	      "nothing is live");
	CHECK(text_is(IN_AGENT("prompt \"\""), NODE_STRING, NULL, "", 0), "an empty string");
}

static void test_blocks(void)
{
	CHECK(text_is(IN_AGENT("prompt \"\"\"\n    one\n      two\n\n    three\n  \"\"\""),
		      NODE_TEXT, NULL, "one\n  two\n\nthree", 0),
	      "the first line's indentation is taken off, blank lines stay");
	CHECK(text_is(IN_AGENT("prompt \"\"\"\r\n    one\r\n    two\r\n  \"\"\""), NODE_TEXT, NULL,
		      "one\ntwo", 0),
	      "CR LF is LF");
	CHECK(text_is(IN_AGENT("prompt \"\"\"\n\n    one\n\n  \"\"\""), NODE_TEXT, NULL, "\none\n",
		      0),
	      "blank lines at both ends are lines");
	CHECK(text_is(IN_AGENT("prompt \"\"\"\n    \\n ${x} \"\"\" ```\n    \"\"\"\n  \"\"\""),
		      NODE_TEXT, NULL, "\\n ${x} \"\"\" ```\n\"\"\"", 0),
	      "nothing in it is special");
}

static const struct eval_name names_xy[] = { { { "x", 1 }, { "1", 1 } },
					     { { "long-name", 9 }, { "${x}", 4 } } };
static const struct eval_names xy = { names_xy, 2, "there are" };

static void test_names(void)
{
	CHECK(text_is(IN_AGENT("prompt \"${x}/${long-name}\""), NODE_STRING, &xy, "1/${x}", 0),
	      "values are put in once: what was put in is not looked at again");
	CHECK(text_is(IN_AGENT("prompt \"\\u{24}{x} ${x}\""), NODE_STRING, &xy, "${x} 1", 0),
	      "an escaped dollar is text");
	CHECK(text_is(IN_AGENT("prompt \"$x ${} ${ x} ${x $ {x} $\""), NODE_STRING, &xy,
		      "$x ${} ${ x} ${x $ {x} $", 0),
	      "what is not ${name} is text");
	CHECK(text_is(IN_AGENT("prompt \"${y}\""), NODE_STRING, &xy, "${y}", 1),
	      "an unknown name is an error");
	CHECK(text_is(IN_AGENT("prompt \"\"\"\n    ${x}\n  \"\"\""), NODE_TEXT, &xy, "${x}", 0),
	      "a plain block is plain");
	CHECK(text_is(IN_AGENT("prompt $\"\"\"\n    ${x} $${x}\n  \"\"\""), NODE_TEXT, &xy, "1 $1",
		      0),
	      "a block with $");
	CHECK(text_is(IN_AGENT("prompt $$\"\"\"\n    ${x} $${x}\n  \"\"\""), NODE_TEXT, &xy,
		      "${x} 1", 0),
	      "a block with $$ leaves ${x} alone");
	CHECK(text_is(IN_AGENT("prompt $\"\"\"\n    ${x}\n  \"\"\""), NODE_TEXT, NULL, "${x}", 1),
	      "where there are no names, a live block is an error");
	struct arena arena = { 0 };
	CHECK(str_is(eval_put_in(&arena, STR("a${x}b${none}${x}"), &xy), "a1b${none}1"),
	      "put in, without a source");
	arena_release(&arena);
}

static bool duration_is(const char *text, uint32_t seconds)
{
	struct arena arena = { 0 };
	struct evaluated e;
	read_text(&arena, arena_format(&arena, IN_AGENT("estimate %s"), text).at, NULL, &e);
	const struct node *node = find(e.syntax.root, NODE_DURATION);
	bool good = node && eval_duration(&e.eval, node) == seconds &&
		    e.diags.errors == (seconds == 0);
	arena_release(&arena);
	return good;
}

static void test_durations(void)
{
	CHECK(duration_is("90s", 90) && duration_is("30m", 1800) && duration_is("1h30m", 5400),
	      "hours to seconds");
	CHECK(duration_is("2d", 172800) && duration_is("1d1h1m1s", 90061), "days");
	CHECK(duration_is("3650d", 315360000) && duration_is("3651d", 0), "ten years and no more");
	CHECK(duration_is("0m", 0) && duration_is("0h0m", 0), "nothing is no duration");
	CHECK(duration_is("30m1h", 0) && duration_is("1h1h", 0), "from large to small, each once");
	CHECK(duration_is("99999999999999999999s", 0) && duration_is("4294967296s", 0),
	      "no overflow");
	struct arena arena = { 0 };
	CHECK(str_is(eval_duration_text(&arena, 5400), "1h30m"), "shown as it is written");
	CHECK(str_is(eval_duration_text(&arena, 93784), "26h3m4s"), "days are shown as hours");
	CHECK(str_is(eval_duration_text(&arena, 0), "0s"), "nothing is shown as 0s");
	arena_release(&arena);
}

int main(void)
{
	test_strings();
	test_blocks();
	test_names();
	test_durations();
	return test_end();
}
