/* own.c — overlaps: a plan whose proposals are all taken at once has no overlap, and the critical
 * path that was promised; what is said of several agents at once. */
#include "compiler/own.h"

#include "compiler/eval.h"
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

enum { MOST = 12, PLANS = 400 };

static const char *const patterns[] = {
	"a/",  "a/b", "a/*",    "**/c",    "a/b/**", "x",
	"x/y", "*/y", "[ax]/b", "{a,z}/c", "a?",     "q/**/*.py",
};
enum { PATTERNS = sizeof patterns / sizeof *patterns };

static void write_plan(uint64_t *seed, struct text *out)
{
	unsigned n = 2 + (unsigned)(test_random(seed) % (MOST - 1));
	text_add(out, STR("plan p {\n  runner r\n}\nrunner r {\n  command [\"x\"]\n}\n"));
	for (unsigned a = 0; a < n; a++) {
		text_addf(out, "agent a%u {\n  prompt \"x\"\n", a);
		if (test_random(seed) % 4)
			text_addf(out, "  estimate %um\n", 1 + (unsigned)(test_random(seed) % 90));
		if (a && test_random(seed) % 3 == 0)
			text_addf(out, "  after a%u\n", (unsigned)(test_random(seed) % a));
		text_addf(out, "  owns \"%s\"", patterns[test_random(seed) % PATTERNS]);
		text_addf(out, test_random(seed) % 2 ? ", \"own%u/\"\n}\n" : " }\n", a);
	}
}

static int compare_edits(const void *a, const void *b)
{
	const struct diag_edit *x = a, *y = b;
	return (x->span.start < y->span.start) - (x->span.start > y->span.start);
}

/* The text with every proposal in it. */
static struct text take_all(const struct compile *c, const char *text)
{
	struct diag_edit edits[64];	/* at most one for each agent */
	size_t n = 0;
	struct text out = { 0 };
	for (size_t i = 0; i < c->diags.list.n; i++) {
		const struct diag *diag = &c->diags.list.at[i];
		for (size_t k = 0; diag->code == DIAG_OVERLAP && diag->fixes.n &&
				   k < diag->fixes.at[0].edits.n && n < 64;
		     k++)
			edits[n++] = diag->fixes.at[0].edits.at[k];
	}
	qsort(edits, n, sizeof *edits, compare_edits);
	text_add(&out, str_from(text));
	/* Later places first, so that those before them stay where they are. */
	for (size_t i = 0; i < n; i++) {
		struct text with = { 0 };
		CHECK(!i || edits[i].span.end < edits[i - 1].span.start, "no two edits touch");
		text_add(&with, str_slice(text_str(&out), 0, edits[i].span.start));
		text_add(&with, edits[i].text);
		text_add(&with, str_slice(text_str(&out), edits[i].span.end, out.n));
		text_release(&out);
		out = with;
	}
	return out;
}

/* The critical path that was promised for all: in the first message's note, or in the only fix. */
static struct str promised(const struct compile *c)
{
	size_t overlaps = plans_count(c, DIAG_OVERLAP);
	for (size_t i = 0; i < c->diags.list.n; i++) {
		const struct diag *diag = &c->diags.list.at[i];
		if (diag->code != DIAG_OVERLAP)
			continue;
		struct str text = overlaps == 1 && diag->fixes.n ? diag->fixes.at[0].title
								 : STR("");
		for (size_t k = 0; k < diag->notes.n; k++)
			if (str_find_text(diag->notes.at[k].text, STR(" together ")) != SIZE_MAX)
				text = diag->notes.at[k].text;
		static const char *const before[] = { " → ", "critical path stays ",
						      "critical path at " };
		for (size_t k = 0; k < 3; k++) {
			size_t at = str_find_text(text, str_from(before[k]));
			if (at == SIZE_MAX)
				continue;
			struct str rest = str_slice(text, at + str_from(before[k]).n, text.n);
			size_t n = 0;
			while (n < rest.n && rest.at[n] != ')' && rest.at[n] != ';')
				n++;
			return str_slice(rest, 0, n);
		}
		break;
	}
	return STR("");
}

/* Every proposal taken at once: no overlap is left, and the critical path is as long as was
 * promised. */
static void settle(const struct text *text, size_t *overlapping)
{
	struct arena arena = { 0 };
	struct compile c, after;
	bool read = CHECK(plans_compile(&arena, text->at, &c), "the plan is read");
	CHECK(!plans_count(&c, DIAG_CYCLE), "no circle to begin with");
	if (read && plans_count(&c, DIAG_OVERLAP)) {
		struct text fixed = take_all(&c, text->at);
		struct str path = promised(&c);
		*overlapping += 1;
		read = plans_compile(&arena, fixed.at, &after);
		bool clean = CHECK(read && !after.diags.errors,
				   "taking every proposal settles every overlap");
		bool kept =
			!path.n ||
			(clean &&
			 str_equal(path, eval_duration_text(&arena, after.times.critical_path)));
		if (!CHECK(kept, "the critical path is as long as was promised"))
			printf("%s\npromised %.*s\n", fixed.at, STR_ARG(path));
		text_release(&fixed);
	}
	arena_release(&arena);
}

/* Every pair of agents that share a path and do not wait is in some message: here, of one file with
 * k owners. */
static void check_sets(void)
{
	static const struct {
		const char *agents, *message;
		size_t messages;
	} cases[] = {
		{ "agent a { owns \"x\"\nprompt \"x\" }\nagent b { owns \"x\"\nprompt \"x\" }\nagent c { owns \"x\"\nprompt \"x\" }\n",
		  "`a`, `b` and `c` may run at the same time, and all own `x`", 1 },
		{ "agent a { owns \"x\"\nprompt \"x\" }\nagent b { owns \"x\"\nafter a\nprompt \"x\" }\nagent c { owns \"x\"\nprompt \"x\" }\n",
		  "`c` may run at the same time as `a` and `b`, and owns `x` as they do", 1 },
		{ "agent a { owns \"x\", \"y\"\nprompt \"x\" }\nagent b { owns \"x\", \"y\"\nprompt \"x\" }\n",
		  "`a` and `b` may run at the same time, and both own `x`", 1 },
		{ "agent a { owns \"x\"\nprompt \"x\" }\nagent b { owns \"x\"\nafter a\nprompt \"x\" }\n"
		  "agent c { owns \"x\"\nprompt \"x\" }\nagent d { owns \"x\"\nafter c\nprompt \"x\" }\n",
		  "`a`, `b`, `c` and `d` own `x`, and not all of them wait for one another", 1 },
		{ "agent a { owns \"s/\"\nprompt \"x\" }\nagent b { owns \"s/\"\nprompt \"x\" }\nagent m { owns \"s/m\"\nprompt \"x\" }\n",
		  "`m` may run at the same time as `a` and `b`, and owns `s/m` as they do", 2 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct compile c;
		struct text text = { 0 };
		text_addf(&text, "plan p {\n  runner r\n}\nrunner r {\n  command [\"x\"]\n}\n%s",
			  cases[i].agents);
		CHECK(plans_compile(&arena, text.at, &c), "the plan is read");
		bool found = false;
		for (size_t k = 0; k < c.diags.list.n; k++)
			found = found || str_is(c.diags.list.at[k].message, cases[i].message);
		if (!CHECK(found && c.diags.errors == cases[i].messages, cases[i].message))
			for (size_t k = 0; k < c.diags.list.n; k++)
				printf("    %.*s\n", STR_ARG(c.diags.list.at[k].message));
		text_release(&text);
		arena_release(&arena);
	}
}

/* head(a) + tail(b), by hand: early → late adds nothing, late → early would add half an hour. */
static void check_price(void)
{
	struct arena arena = { 0 };
	struct compile c;
	bool read = plans_compile(
		&arena,
		"plan p {\n  runner r\n}\nrunner r {\n  command [\"x\"]\n}\n"
		"agent late {\n  owns \"s/a*\"\n  after long\n  estimate 1h\n  prompt \"x\"\n}\n"
		"agent long {\n  owns \"x\"\n  estimate 4h\n  prompt \"x\"\n}\n"
		"agent early {\n  owns \"s/*b\"\n  estimate 30m\n  prompt \"x\"\n}\n",
		&c);
	CHECK(read && c.diags.errors == 1, "one overlap");
	CHECK(read && c.diags.list.n && c.diags.list.at[0].fixes.n &&
	      str_is(c.diags.list.at[0].fixes.at[0].title,
		     "let `late` come after `early`: `after early` (the critical path stays 5h)"),
	      "the cheaper direction, whatever the order of the file");
	arena_release(&arena);
}

/* Two chains of which each agent of the one waits for its fellow of the other: so many pairs that
 * not all are looked at, and all of a first look are in order. */
static void check_ladder(void)
{
	enum { LONG = 1500 };
	struct arena arena = { 0 };
	struct compile c;
	struct text text = { 0 };
	text_addf(&text, "plan p {\n  runner r\n}\nrunner r {\n  command [\"x\"]\n}\n");
	for (int i = 0; i < LONG; i++) {
		text_addf(&text, "agent a%d {\n  owns \"src/f.py\"\n  prompt \"x\"\n", i);
		text_addf(&text, i ? "  after a%d\n}\n" : "}\n", i - 1);
	}
	for (int i = 0; i < LONG; i++) {
		text_addf(&text, "agent b%d {\n  owns \"src/*.py\"\n  prompt \"x\"\n  after a%d\n",
			  i, i);
		text_addf(&text, i ? "  after b%d\n}\n" : "}\n", i - 1);
	}
	CHECK(plans_compile(&arena, text.at, &c) && c.diags.errors == 1,
	      "the overlap of large rows is said");
	text_release(&text);
	arena_release(&arena);
}

int main(void)
{
	uint64_t seed = 5;
	size_t overlapping = 0;
	if (!scratch_begin("own"))
		return 1;
	check_price();
	check_sets();
	check_ladder();
	for (unsigned i = 0; i < PLANS; i++) {
		struct text text = { 0 };
		write_plan(&seed, &text);
		settle(&text, &overlapping);
		text_release(&text);
	}
	CHECK(overlapping > PLANS / 2, "most of the plans have overlaps");
	scratch_end();
	return test_end();
}
