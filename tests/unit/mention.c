/* What is read out of prompts: forms that people write, and text that nobody wrote. With operands:
 * what each of these files mentions, for tests/suites/prompts. */
#include "compiler/mention.h"
#include "compiler/mention_path.h"

#include "common/file.h"
#include "common/text.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

static int print_files(int n, char **paths)
{
	struct arena arena = { 0 };
	struct fail fail;
	struct str text;
	for (int i = 0; i < n; i++) {
		struct mentions found = { 0 };
		if (!file_read(&arena, paths[i], 64 << 20, &text, &fail)) {
			printf("%s\n", fail.text);
			return 1;
		}
		mention_find(&arena, text, &found);
		for (size_t j = 0; j < found.list.n; j++)
			printf("%s\t%s%s\t%.*s\n", paths[i],
			       found.list.at[j].write ? "write" : "read",
			       found.list.at[j].folder ? " folder" : "",
			       STR_ARG(found.list.at[j].path));
	}
	arena_release(&arena);
	return 0;
}

/* What the prompt mentions, as "+written -read". */
static struct str summary(struct arena *arena, const char *prompt)
{
	struct mentions found = { 0 };
	struct text out = { 0 };
	mention_find(arena, str_from(prompt), &found);
	for (size_t i = 0; i < found.list.n; i++)
		text_addf(&out, "%s%c%.*s", i ? " " : "", found.list.at[i].write ? '+' : '-',
			  STR_ARG(found.list.at[i].path));
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

static const struct form {
	const char *prompt, *mentions;
} forms[] = {
	{ "File: src/a.py", "+src/a.py" },
	{ "**File:** `src/a.py`", "+src/a.py" },
	{ "Create src/a.py.", "+src/a.py" },
	{ "In `src/a.py`, add a cache.", "+src/a.py" },
	{ "Add it to the schedule (celeryconfig.py):", "+celeryconfig.py" },
	{ "Write tests for src/a.py in tests/test_a.py", "-src/a.py +tests/test_a.py" },
	{ "Do not touch src/a.py, src/b.py or src/c.py.", "-src/a.py -src/b.py -src/c.py" },
	{ "Do not touch src/a.py, change src/b.py", "-src/a.py +src/b.py" },
	{ "Never edit src/a.py but update src/b.py.", "-src/a.py +src/b.py" },
	{ "Leave src/a.py alone.", "-src/a.py" },
	{ "Follow the pattern in src/a.py, see docs/b.md", "-src/a.py -docs/b.md" },
	{ "src/a.py is owned by another agent", "-src/a.py" },
	{ "src/a.py must be updated; src/b.py must stay", "+src/a.py -src/b.py" },
	{ "src/a.py (NEW FILE): the worker", "+src/a.py" },
	{ "Files to change:\n- src/a.py\n- src/b.py\n\nSee src/c.py.",
	  "+src/a.py +src/b.py -src/c.py" },
	{ "# Out of scope\n- src/a.py\n# Files\n- src/b.py", "-src/a.py +src/b.py" },
	{ "Update these:\n```\nsrc/a.py\n```", "+src/a.py" },
	{ "```\nopen('src/a.py')\n```", "" },
	{ "Run `pytest tests/a.py` and update it.", "" },
	{ "Extend\nsrc/a.py with the\ncode of src/b.py.", "+src/a.py -src/b.py" },
	{ "Move src/a.py to src/b.py", "+src/a.py +src/b.py" },
	{ "Remove the flag from src/a.py", "+src/a.py" },
	{ "Import the flag from src/a.py", "-src/a.py" },
	{ "| src/a.py | add a flag |", "+src/a.py" },
	{ "Change src/a.py:12-20 and src/b.py#L3", "+src/a.py +src/b.py" },
	{ "Add https://x.io/a.py, application/json, and/or, 24/7, CI/CD, @scope/pkg.js, /tmp/a.py, $HOME/a.py, src/*.py",
	  "" },
	{ "Add github.com/x/y and origin/main, `lodash/fp`, 2024/01/02, s/a/b/, Node.js, v1.2.3",
	  "" },
	{ "Add GET /api/x.json and POST api/y.json", "" },
	{ "from src.a import b\nimport x from 'src/a.ts'\n#include \"src/a.h\"", "" },
	{ "Don\xE2\x80\x99t change src/a.py", "-src/a.py" },
	{ "Ändere src/a.py, aber nicht src/b.py.", "+src/a.py -src/b.py" },
	{ "- [ ] user model in src/a.py", "+src/a.py" },
	{ "Add the page to app/(shop)/[id]/page.tsx", "+app/(shop)/[id]/page.tsx" },
	{ "Update `[id]/page.tsx`.", "+[id]/page.tsx" },
	{ "Fix `docs/größe.md`", "+docs/größe.md" },
};

static void people(void)
{
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct str found = summary(&arena, forms[i].prompt);
		if (!CHECK(str_is(found, forms[i].mentions), forms[i].prompt))
			printf("  found: %.*s\n", STR_ARG(found));
	}
	arena_release(&arena);
}

/* Of every path that could be read, wherever a word is begun, some byte is hinted at. */
static void check_hints(struct str text)
{
	bool hinted = true;
	size_t start, stop;
	for (size_t from = 0; from < text.n; from++) {
		size_t at = from;
		char before = from ? text.at[from - 1] : ' ';
		bool inside = (before >= '0' && before <= '9') ||
			      ((before | 32) >= 'a' && (before | 32) <= 'z');
		if (inside || !mention_path_word(text, text.n, &at, &start, &stop) || start != from)
			continue;
		hinted = hinted && (!mention_path_read(text, start, stop).kind ||
				    mention_path_next(text, start) < stop);
	}
	CHECK(hinted, "in every path is a byte that the scan stops at");
}

static void check_sane(struct str text)
{
	struct arena arena = { 0 };
	struct mentions found = { 0 };
	mention_find(&arena, text, &found);
	bool sane = true;
	size_t last = 0;
	for (size_t i = 0; i < found.list.n; i++) {
		const struct mention *mention = &found.list.at[i];
		sane = sane && mention->start >= last && mention->start < mention->end &&
		       mention->end <= text.n && mention->path.at == text.at + mention->start &&
		       mention->path.n == mention->end - mention->start;
		last = mention->end;
	}
	CHECK(sane, "mentions are parts of the text, in order, and do not share bytes");
	arena_release(&arena);
}

static void nobody(void)
{
	static const char *const pieces[] = {
		"a.py",
		"src/",
		"/",
		"`",
		"```\n",
		"\n",
		"\n\n",
		"- ",
		"- [ ] ",
		"# ",
		"| ",
		"(",
		")",
		": ",
		". ",
		"File:",
		"do not ",
		"edit ",
		"in ",
		"add ",
		"\xE2\x80\x94",
		"\xC3\xA4",
		"\xF0\x9F\x92\xA1",
		"\xFF",
		"**",
		"<files>",
		"</",
		" = ",
		"it ",
		"'",
		"x",
		"  ",
		"must ",
		"be ",
		"from ",
		"1. ",
		"new ",
		",",
		"[",
		"]",
		"~~~",
		"\t",
		"\r\n",
		"of ",
		"Makefile",
		"justfile",
		".env",
		".",
		"README.md",
		":",
		"-",
	};
	uint64_t random = 11;
	for (int round = 0; round < 3000; round++) {
		char bytes[600];
		size_t n = 0;
		while (n < 500 && test_random(&random) % 60) {
			const char *piece =
				pieces[test_random(&random) % (sizeof pieces / sizeof *pieces)];
			size_t length = strlen(piece);
			if (test_random(&random) % 10 == 0)
				bytes[n++] = (char)test_random(&random);
			memcpy(bytes + n, piece, length);
			n += length;
		}
		char *exact = malloc(n + !n);	/* so that reading behind the end is seen */
		memcpy(exact, bytes, n);
		check_sane((struct str){ exact, n });
		check_hints((struct str){ exact, n });
		free(exact);
	}
}

/* Twice the text takes about twice the steps; a hundred thousand of anything comes to an end. */
static void long_ones(void)
{
	static const char *const units[] = { "src/a.py, ", "`",  "(",
					     "a: ",        "- ", "in src/a.py and ",
					     "must ",      "x.", "#",
					     "**",         "\n", "[" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct text text = { 0 };
		for (int n = 0; n < 100000; n++)
			text_add(&text, str_from(units[i]));
		check_sane(text_str(&text));
		text_release(&text);
	}
}

static void sorted(void)
{
	static const char *const words[] = {
#define WORD(text, flags) text,
#include "compiler/mention.def"
#undef WORD
	};
	for (size_t i = 1; i < sizeof words / sizeof *words; i++)
		CHECK(strcmp(words[i - 1], words[i]) < 0, words[i]);
#define SORTED(table)                                                      \
	for (size_t each = 1; each < sizeof table / sizeof *table; each++) \
		CHECK(strcmp(table[each - 1], table[each]) < 0, table[each])
	static const char *const extensions[] = {
#define EXTENSION(text) text,
#include "compiler/mention_path.def"
#undef EXTENSION
	};
	SORTED(extensions);
	static const char *const names[] = {
#define NAME(text) text,
#include "compiler/mention_path.def"
#undef NAME
	};
	SORTED(names);
	static const char *const folders[] = {
#define FOLDER(text) text,
#include "compiler/mention_path.def"
#undef FOLDER
	};
	SORTED(folders);
	static const char *const not_first[] = {
#define NOT_FIRST(text) text,
#include "compiler/mention_path.def"
#undef NOT_FIRST
	};
	SORTED(not_first);
	static const char *const products[] = {
#define PRODUCT(text) text,
#include "compiler/mention_path.def"
#undef PRODUCT
	};
	SORTED(products);
	static const char *const doubtful[] = {
#define DOUBTFUL(text) text,
#include "compiler/mention_path.def"
#undef DOUBTFUL
	};
	SORTED(doubtful);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return print_files(argc - 1, argv + 1);
	sorted();
	people();
	nobody();
	long_ones();
	return test_end();
}
