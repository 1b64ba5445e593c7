/* survey.c — what matches at the base, against trying every pattern on every file; twins, against
 * folding every pattern and trying every pair. */
#include "common/utf8.h"
#include "compiler/owners.h"
#include "compiler/tracked.h"
#include "compiler/twins.h"
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

enum { TREES = 60, PATTERNS = 120, PLANS = 250, FILES = 220 };

static const char *const names[] = { "a",   "b",   "ab", "a.b", "a-b", "c",
				     "x.c", "y.c", "A",  "src", "srcs" };
static const char *const pieces[] = { "a", "b", "ab",  "a.b",  "c",  "x.c", "A",       "src",
				      "*", "?", "*.c", "[ab]", "**", "a*",  "{a,src}", "{x.c,b}" };

#define PICK(seed, list) list[test_random(seed) % (sizeof list / sizeof *list)]

static int compare_entries(const void *a, const void *b)
{
	return str_compare(((const struct facts_entry *)a)->path,
			   ((const struct facts_entry *)b)->path);
}

/* Random paths, none of which is a folder of another. */
static void make_tree(struct arena *arena, uint64_t *seed, struct facts *facts)
{
	*facts = (struct facts){ .there = true };
	for (unsigned i = 0; i < FILES; i++) {
		struct text path = { 0 };
		for (unsigned deep = 1 + test_random(seed) % 4; deep; deep--)
			text_addf(&path, "%s%s", path.n ? "/" : "", PICK(seed, names));
		*VEC_ADD(arena, &facts->entries) = (struct facts_entry){ arena_copy(arena, text_str(&path)), FACTS_FILE };
		text_release(&path);
	}
	qsort(facts->entries.at, facts->entries.n, sizeof *facts->entries.at, compare_entries);
	size_t kept = 0;
	for (size_t i = 0; i < facts->entries.n; i++) {
		struct str path = facts->entries.at[i].path;
		bool above = false;
		for (size_t k = 0; k < facts->entries.n; k++)
			above = above ||
				(k != i && path_is_within(facts->entries.at[k].path, path) &&
				 (k > i || facts->entries.at[k].path.n > path.n));
		if (!above)
			facts->entries.at[kept++] = facts->entries.at[i];
	}
	facts->entries.n = kept;
}

static struct str make_pattern(struct arena *arena, uint64_t *seed)
{
	struct text out = { 0 };
	for (unsigned deep = 1 + test_random(seed) % 4; deep; deep--)
		text_addf(&out, "%s%s", out.n ? "/" : "", PICK(seed, pieces));
	if (test_random(seed) % 6 == 0)
		text_add_byte(&out, '/');
	struct str pattern = arena_copy(arena, text_str(&out));
	text_release(&out);
	return pattern;
}

static void check_matching(void)
{
	uint64_t seed = 11;
	size_t wrong = 0, matched = 0, asked = 0, unlike = 0;
	for (unsigned t = 0; t < TREES; t++) {
		struct arena arena = { 0 };
		struct facts facts;
		struct tracked tracked;
		make_tree(&arena, &seed, &facts);
		tracked_begin(&arena, &facts, &tracked);
		for (unsigned p = 0; p < PATTERNS; p++) {
			uint32_t found[FILES], want[FILES], few[3];
			size_t n = 0;
			struct glob glob;
			struct glob_error error;
			struct str pattern = make_pattern(&arena, &seed), near;
			if (!glob_parse(&arena, pattern, &glob, &error))
				continue;
			for (size_t i = 0; i < facts.entries.n; i++)
				if (glob_match(&glob, facts.entries.at[i].path))
					want[n++] = (uint32_t)i;
			asked++;
			matched += n > 0;
			wrong += tracked_match(&tracked, &glob, FILES, found) != n ||
				 (n && memcmp(found, want, n * sizeof *want));
			wrong += tracked_match(&tracked, &glob, 3, few) != (n < 3 ? n : 3);
			near = n ? STR("") : tracked_nearest(&tracked, pattern, &glob);
			unlike += near.n && (!glob_parse(&arena, near, &glob, &error) ||
					     !tracked_match(&tracked, &glob, 1, few));
		}
		arena_release(&arena);
	}
	CHECK(!wrong, "the same files as by trying each");
	CHECK(!unlike, "what is offered instead matches something");
	CHECK(asked > 5000 && matched > asked / 10 && matched < asked * 9 / 10,
	      "patterns that match, and that do not");
}

static const char *const cased[] = {
	"a",    "A",     "b",        "B",        "x.C",          "x.c", "[A-B]",
	"[!a]", "[!aA]", "?",        "*",        "*.C",          "Src", "src",
	"**",   "{A,c}", "\xC3\x89", "\xC3\xA9", "\xEF\xAC\x81", "fi",  "a*B"
};

static struct str make_cased(struct arena *arena, uint64_t *seed)
{
	struct text out = { 0 };
	for (unsigned deep = 1 + test_random(seed) % 3; deep; deep--)
		text_addf(&out, "%s%s", out.n ? "/" : "", PICK(seed, cased));
	struct str pattern = arena_copy(arena, text_str(&out));
	text_release(&out);
	return pattern;
}

/* Folding keeps what a pattern matches: a path of it, folded, is one of the folded pattern. */
static void check_fold(void)
{
	static const char *const letters[] = { "a",        "A",   "b",   "B",   "c",
					       "x.c",      "x.C", "src", "Src", "\xC3\xA9",
					       "\xC3\x89", "fi",  "aXb", "AxB" };
	uint64_t seed = 5;
	size_t wrong = 0, tried = 0;
	for (unsigned i = 0; i < 4000; i++) {
		struct arena arena = { 0 };
		struct glob plain, folded;
		struct glob_error error;
		struct text path = { 0 };
		struct str pattern = make_cased(&arena, &seed);
		for (unsigned deep = 1 + test_random(&seed) % 3; deep; deep--)
			text_addf(&path, "%s%s", path.n ? "/" : "", PICK(&seed, letters));
		bool good = glob_parse(&arena, pattern, &plain, &error);
		if (good &&
		    CHECK(glob_parse(&arena, twins_fold(&arena, pattern), &folded, &error),
			  "a folded pattern is one") &&
		    glob_match(&plain, text_str(&path))) {
			tried++;
			wrong += !glob_match(&folded, utf8_fold(&arena, text_str(&path)));
		}
		text_release(&path);
		arena_release(&arena);
	}
	CHECK(!wrong && tried > 100, "nothing is lost by folding");
}

static bool meet(struct arena *arena, struct str a, struct str b)
{
	struct glob x, y;
	owners_parse(arena, a, &x);
	owners_parse(arena, b, &y);
	return glob_meet(arena, &x, &y, NULL);
}

/* Plans of a few agents that all may run at the same time, with one pattern each. */
static void check_twins(void)
{
	uint64_t seed = 3;
	size_t with = 0, missed = 0, wrong = 0;
	for (unsigned i = 0; i < PLANS; i++) {
		struct arena arena = { 0 };
		struct compile c;
		struct text text = { 0 };
		struct str pattern[4];
		size_t n = 2 + test_random(&seed) % 3, twins = 0, overlaps = 0;
		text_add(&text, STR("plan p {\n  runner r\n}\nrunner r { command [\"x\"] }\n"));
		for (size_t a = 0; a < n; a++) {
			pattern[a] = make_cased(&arena, &seed);
			text_addf(&text, "agent a%zu {\n  owns \"%.*s\"\n  prompt \"x\"\n}\n", a,
				  STR_ARG(pattern[a]));
		}
		bool read = plans_compile(&arena, text.at, &c);
		bool formed = read && !plans_count(&c, DIAG_PATTERN);
		for (size_t a = 0; formed && a < n; a++)
			for (size_t b = a + 1; b < n; b++) {
				bool same = meet(&arena, pattern[a], pattern[b]);
				overlaps += same;
				twins += !same && meet(&arena, twins_fold(&arena, pattern[a]),
						       twins_fold(&arena, pattern[b]));
			}
		size_t said = read ? plans_count(&c, DIAG_TWINS) : 0;
		with += twins > 0;
		missed += formed && !overlaps && twins && !said;
		wrong += formed && said > twins;
		text_release(&text);
		arena_release(&arena);
	}
	CHECK(with > PLANS / 20, "plans with twins");
	CHECK(!missed, "none is missed");
	CHECK(!wrong, "and none invented");
}

/* A twin at the base is found by its file and by any folder above. */
static void check_twins_at_base(void)
{
	static const struct { const char *path, *twin;
	} cases[] = {
		{ "readme.md", "README.md" },
		{ "README.md", "" },
		{ "src/New.c", "Src" },
		{ "Src/new.c", "" },
		{ "Src/MAIN.c", "Src/main.c" },
		{ "other", "" },
		{ "Src/deep/x", "Src/Deep" },
		{ "\xC3\x89", "\xC3\xA9" },
		{ "Src", "" },
		{ "src", "Src" },
	};
	static struct facts_entry entries[] = {
		{ { "README.md", 9 }, FACTS_FILE },
		{ { "Src/Deep/x", 10 }, FACTS_FILE },
		{ { "Src/main.c", 10 }, FACTS_FILE },
		{ { "\xC3\xA9", 2 }, FACTS_FILE },
	};
	struct arena arena = { 0 };
	struct facts facts = { .there = true, .entries = { entries, 4, 4 } };
	struct tracked tracked;
	tracked_begin(&arena, &facts, &tracked);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(str_is(tracked_twin(&tracked, str_from(cases[i].path)), cases[i].twin),
		      cases[i].path);
	arena_release(&arena);
}

int main(void)
{
	if (!scratch_begin("survey"))
		return 1;
	check_matching();
	check_fold();
	check_twins();
	check_twins_at_base();
	scratch_end();
	return test_end();
}
