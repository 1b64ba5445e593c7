/* own.c — overlaps: a plan whose proposals are all taken has no circle, and in the end no overlap. */
#include "compiler/own.h"

#include "tests/lib/plans.h"
#include "tests/unit/test.h"

enum { MOST = 12, PLANS = 400, ROUNDS = 20 };

static const char *const patterns[] = {
	"a/", "a/b", "a/*", "**/c", "a/b/**", "x", "x/y", "*/y", "[ax]/b", "{a,z}/c", "a?", "q/**/*.py",
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
	struct diag_edit edits[256];
	size_t n = 0;
	struct text out = { 0 };
	for (size_t i = 0; i < c->diags.list.n; i++) {
		const struct diag *diag = &c->diags.list.at[i];
		if (diag_info(diag->code)->severity == DIAG_WARNING)
			continue;
		CHECK(diag->code == DIAG_OVERLAP && diag->fixes.n == 1 && diag->fixes.at[0].edits.n == 1,
		      "an overlap, and one proposal");
		if (n < 256 && diag->fixes.n)
			edits[n++] = diag->fixes.at[0].edits.at[0];
	}
	qsort(edits, n, sizeof *edits, compare_edits);
	text_add(&out, str_from(text));
	/* Later places first, so that those before them stay where they are. Of several at one place that each
	 * would begin an `after`, one a round will do. */
	for (size_t i = 0; i < n; i++) {
		if (i && edits[i].span.start == edits[i - 1].span.start && edits[i].text.at[0] != ',')
			continue;
		struct text with = { 0 };
		text_add(&with, str_slice(text_str(&out), 0, edits[i].span.start));
		text_add(&with, edits[i].text);
		text_add(&with, str_slice(text_str(&out), edits[i].span.end, out.n));
		text_release(&out);
		out = with;
	}
	return out;
}

static void settle(struct text text)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct arena arena = { 0 };
		struct compile c;
		bool read = CHECK(plans_compile(&arena, text.at, &c), "the plan is read");
		bool clean = read && !c.diags.errors;
		CHECK(read && !plans_count(&c, DIAG_CYCLE), "no proposal makes a circle");
		struct text next = { 0 };
		if (!clean && read)
			next = take_all(&c, text.at);
		arena_release(&arena);
		text_release(&text);
		if (clean || !next.n)
			return;
		text = next;
	}
	text_release(&text);
	CHECK(false, "taking every proposal settles every overlap");
}

/* head(a) + tail(b), by hand: early → late adds nothing, late → early would add half an hour. */
static void check_price(void)
{
	struct arena arena = { 0 };
	struct compile c;
	bool read = plans_compile(&arena, "plan p {\n  runner r\n}\nrunner r {\n  command [\"x\"]\n}\n"
		"agent late {\n  owns \"s/a*\"\n  after long\n  estimate 1h\n  prompt \"x\"\n}\n"
		"agent long {\n  owns \"x\"\n  estimate 4h\n  prompt \"x\"\n}\n"
		"agent early {\n  owns \"s/*b\"\n  estimate 30m\n  prompt \"x\"\n}\n", &c);
	CHECK(read && c.diags.errors == 1, "one overlap");
	CHECK(read && c.diags.list.n && c.diags.list.at[0].fixes.n &&
	      str_is(c.diags.list.at[0].fixes.at[0].title,
		     "let `late` come after `early`: `after early` (the critical path stays 5h)"),
	      "the cheaper direction, whatever the order of the file");
	arena_release(&arena);
}

int main(void)
{
	uint64_t seed = 5;
	if (!scratch_begin("own"))
		return 1;
	check_price();
	for (unsigned i = 0; i < PLANS; i++) {
		struct text text = { 0 };
		write_plan(&seed, &text);
		settle(text);
	}
	scratch_end();
	return test_end();
}
