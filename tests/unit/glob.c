/* glob.c — what patterns mean, one case after the other; what is refused, and where. */
#include "common/glob.h"
#include "tests/unit/test.h"

#include <string.h>

static struct arena arena;

static struct glob parse(const char *pattern)
{
	struct glob glob = { 0 };
	struct glob_error error;
	if (!glob_parse(&arena, str_from(pattern), &glob, &error)) {
		printf("\"%s\": %s\n", pattern, error.text);
		CHECK(false, "a pattern is refused");
	}
	return glob;
}

static void check_match(void)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} cases[] = {
		{ "src", "src", true },
		{ "src", "src/a/b.c", true },
		{ "src", "src2", false },
		{ "./src", "src/a", true },
		{ "src/", "src", false },
		{ "src/", "src/a/b", true },
		{ "src/**", "src", false },
		{ "src/**", "src/a/b", true },
		{ "src/*", "src/api", true },
		{ "src/*", "src/api/x", false },
		{ "*", ".hidden", true },
		{ "*", ".git", false },
		{ "**", ".git/config", false },
		{ "**", "a/../b", false },
		{ "**/*.c", "x.c", true },
		{ "**/*.c", "a/b/x.c", true },
		{ "a/**/b", "a/b", true },
		{ "a/**/b", "a/x/y/b", true },
		{ "a/**/b", "a/b/x", false },
		{ "a/**/b/**/c", "a/b/b/x/c", true },
		{ "**/", "a", true },
		{ "a/**/", "a/b", true },
		{ "?", "\xC3\xA9", true },
		{ "??", "\xC3\xA9", false },
		{ "?", "\xC3", true },
		{ "??", "\xC3\xC3", true },
		{ "[\xC3\xA0-\xC3\xAF]", "\xC3\xA9", true },
		{ "[!a]", "\xC3\xA9", true },
		{ "[!a]", "\xC3", false },
		{ "*\xC3\xA9", "\xC3\xC3\xA9", true },
		{ "[]a]", "]", true },
		{ "[!]a]", "]", false },
		{ "[a-]", "-", true },
		{ "[\\]]x", "]x", true },
		{ "[a\\-c]", "b", false },
		{ "[+-9]", "7", true },
		{ "a[+-9]b", "a/b", false },
		{ "\\*", "*", true },
		{ "\\*", "a", false },
		{ "\\*", "*/below", true },
		{ "a\\{b", "a{b", true },
		{ "{a,b/c}/d", "b/c/d", true },
		{ "{a,b}{1,2}", "b1", true },
		{ "{a,b}{1,2}", "b", false },
		{ "{a,{b,c}d}", "cd", true },
		{ "x{,.bak}", "x.bak", true },
		{ "{a,b*}", "a/below", true },
		{ "{a,b*}", "b1/below", false },
		{ "{src,test}/", "test/x", true },
		{ "{[,],x}", ",", true },
		{ "{\\,,x}", ",", true },
		{ "*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaa", false },
		{ ".github/*", ".github/x", true },
		{ ".gitignore", ".gitignore", true },
		{ "git~*", "git~1", false },
		{ "git~*", "git~2", true },
		{ "a,b", "a,b", true },
		{ "a]b", "a]b", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct glob glob = parse(cases[i].pattern);
		if (!CHECK(glob_match(&glob, str_from(cases[i].path)) == cases[i].matches,
			   "glob_match"))
			printf("\t\"%s\" and %s\n", cases[i].pattern, cases[i].path);
	}
}

static void check_errors(void)
{
	static const struct {
		const char *pattern, *says;
		size_t offset;
	} cases[] = {
		{ "", "names nothing", 0 },		{ "./", "names nothing", 2 },
		{ "/etc/x", "begins with `/`", 0 },	{ "a/../b", "`..`", 2 },
		{ "a/./b", "`.`", 2 },			{ "a//b", "two slashes", 2 },
		{ "a/.git/x", "`.git`", 2 },		{ "a/.GIT", "`.git`", 2 },
		{ "GIT~1/x", "`.git`", 0 },		{ ".git. ./x", "`.git`", 0 },
		{ ".g\xE2\x80\x8Cit", "`.git`", 0 },	{ ".git:x", "`.git`", 0 },
		{ "a/.[.]/b", "can only match", 2 },	{ "x/[.]git", "can only match", 2 },
		{ "a**b", "stands alone", 2 },		{ "a/***", "stands alone", 3 },
		{ "a/{b,c**}", "stands alone", 7 },	{ "a[bc", "`[` is not closed", 1 },
		{ "a[]", "`[` is not closed", 1 },	{ "a[x\\", "`[` is not closed", 1 },
		{ "a{b", "`{` is not closed", 1 },	{ "a}b", "`}` closes nothing", 1 },
		{ "a{b}", "has alternatives", 1 },	{ "a[^b]", "write `[!", 2 },
		{ "a[[:alpha:]]", "named classes", 2 },	{ "a[b/c]", "inside of a name", 3 },
		{ "a[z-a]", "wrong way round", 2 },	{ "a\\", "`\\` at the end", 1 },
		{ "a\\/b", "leave out the `\\`", 2 },	{ "a\xC3", "UTF-8", 1 },
		{ "{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b}", "more than 1024", 45 },
		{ "{{{{{{{{{{{{{{{{{a,b},c}", "16 deep", 16 },
		{ "{a,}", "names nothing", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct glob glob;
		struct glob_error error = { "nothing", 0 };
		bool good = glob_parse(&arena, str_from(cases[i].pattern), &glob, &error);
		if (!CHECK(!good && strstr(error.text, cases[i].says) &&
				   error.offset == cases[i].offset,
			   "glob_parse refuses"))
			printf("\t\"%s\": %d, %s at %zu\n", cases[i].pattern, good, error.text,
			       error.offset);
	}
	char longest[300];
	memset(longest, 'a', sizeof longest);
	struct glob glob;
	struct glob_error error;
	CHECK(!glob_parse(&arena, (struct str){ longest, 256 }, &glob, &error),
	      "a name of 256 bytes");
	CHECK(glob_parse(&arena, (struct str){ longest, 255 }, &glob, &error),
	      "a name of 255 bytes");
	CHECK(!glob_parse(&arena, (struct str){ "a\0b", 3 }, &glob, &error), "a NUL byte");
}

static void check_meet(void)
{
	static const struct {
		const char *a, *b, *witness;	/* NULL: they do not meet */
	} cases[] = {
		{ "src/api", "src/*", "src/api" },
		{ "src/api/", "src/*", NULL },
		{ "src/**", "**/*.py", "src/a.py" },
		{ "src/*.py", "src/test_*", "src/test_.py" },
		{ "a*", "*b", "ab" },
		{ "*a*", "*ab*", "ab" },
		{ ".*", "*git", ".agit" },
		{ ".g*", "*it", ".gait" },
		{ ".?", "?.", NULL },
		{ ".[.a]", "?[.b]", NULL },
		{ "git~?", "*1", NULL },
		{ "git~*", "*1", "git~a1" },
		{ "[!a-z]", "[!A-Z]", "0" },
		{ "[!a]*", "[a]*", NULL },
		{ "*", "**", "a" },
		{ "a/b/c", "a/b", "a/b/c" },
		{ "{a,b}/x", "{b,c}/x", "b/x" },
		{ "a/**/b", "a/*/*/b", "a/a/a/b" },
		{ "\\*", "*", "*" },
		{ "\xC3\xA9*", "*\xC3\xA8", "\xC3\xA9\xC3\xA8" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct glob a = parse(cases[i].a), b = parse(cases[i].b);
		for (int turned = 0; turned < 2; turned++) {
			struct str witness = { 0 };
			bool meet = turned ? glob_meet(&arena, &b, &a, &witness)
					   : glob_meet(&arena, &a, &b, &witness);
			bool right = cases[i].witness ? meet && str_is(witness, cases[i].witness)
						      : !meet;
			if (!CHECK(right, "glob_meet"))
				printf("\t\"%s\" and \"%s\": %d %.*s\n", cases[i].a, cases[i].b,
				       meet, STR_ARG(witness));
			if (meet)
				CHECK(glob_match(&a, witness) && glob_match(&b, witness),
				      "both match the witness");
		}
	}
}

/* What makes a backtracking matcher take for ever. */
static void check_hard(void)
{
	char many[2][512], deep[2][4000];
	for (size_t i = 0; i < 2; i++) {
		*many[i] = *deep[i] = '\0';
		for (int k = 0; k < 100; k++)
			strcat(many[i], i ? "*b" : "*a");
		for (int k = 0; k < 600; k++)
			strcat(deep[i], i ? "**/b/" : "**/a/");
		strcat(deep[i], "**/c");
	}
	struct glob a = parse(many[0]), b = parse(many[1]), c = parse(deep[0]), d = parse(deep[1]);
	struct str witness;
	CHECK(glob_meet(&arena, &a, &b, &witness) == false, "they end differently");
	strcat(many[0], "*"), strcat(many[1], "*");
	a = parse(many[0]), b = parse(many[1]);
	CHECK(glob_meet(&arena, &a, &b, &witness) && witness.n == 200, "all letters of both");
	CHECK(glob_match(&a, witness) && glob_match(&b, witness), "both match it");
	CHECK(glob_meet(&arena, &c, &d, &witness) && glob_match(&c, witness) &&
		      glob_match(&d, witness),
	      "deep ones meet");
}

static void check_folders(void)
{
	static const struct {
		const char *pattern, *path;
		bool needs, below;
	} cases[] = {
		{ "src/api/x.py", "src", true, true },	{ "src/api/x.py", "src/api", true, true },
		{ "src/api/x.py", "src/api/x.py", false, true }, { "src/", "src", true, true },
		{ "src", "src", false, true },		{ "src/a?/b", "src/ab", true, true },
		{ "src/a?/b", "src", true, true },	{ "src/a?/b", "src/ab/b", false, false },
		{ "a/**/b", "a", true, true },		{ "a/**/b", "a/x", false, true },
		{ "**/b", "a", false, true },		{ "*.c", "a", false, false },
		{ "{a,b/c}/d", "b", true, true },	{ "x/*/", "x/y", true, true },
		{ "a/**/b", "b", false, false },	{ "a/**", "a/b/c", false, true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct glob glob = parse(cases[i].pattern);
		struct str path = str_from(cases[i].path);
		if (!CHECK(glob_needs_folder(&glob, path) == cases[i].needs &&
				   glob_meets_below(&glob, path) == cases[i].below,
			   "folders"))
			printf("\t\"%s\" and %s\n", cases[i].pattern, cases[i].path);
	}
	static const struct {
		const char *pattern, *folder;
		bool literal;
	} whole[] = {
		{ "src/app.py", "src", true },		{ "src/api/", "src/api", false },
		{ "a/b/*.c", "a/b", false },		{ "**/x", "", false },
		{ "{a/b/c,a/b/d}/e", "a/b", false },	{ "a/\\*/b", "a/*", true },
		{ "x", "", true },			{ "a/**", "a", false },
	};
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
		struct glob glob = parse(whole[i].pattern);
		CHECK(str_is(glob_folder(&arena, &glob), whole[i].folder), whole[i].pattern);
		CHECK(glob_is_literal(&glob) == whole[i].literal, whole[i].pattern);
	}
	struct glob names = parse("{.env,config/\\*.local}");
	CHECK(glob_names(&names, STR(".env")) && glob_names(&names, STR("config/*.local")),
	      "names that are spelled out");
	CHECK(!glob_names(&names, STR("config")) && !glob_names(&names, STR(".env/x")),
	      "what is not spelled out");
}

static void check_paths(void)
{
	static const char *const safe[] = { "a",          ".a/b", "...",  "..a",
					    ".gitignore", ".gi",  "git",  "git~2",
					    "a b",        "\xFF", "a\nb", ".git\xC3\xA9" };
	static const char *const unsafe[] = {
		"",
		"/",
		"/a",
		"a/",
		"a//b",
		".",
		"..",
		"a/..",
		"a/.git",
		".Git/x",
		".git ",
		".git..",
		".git\\x",
		".git::$DATA",
		"Git~1",
		"git~1.",
		"\xE2\x80\x8B.git",
		".gi\xEF\xBB\xBFt",
		"\xE2\x80\x8B",
		".\xF3\xA0\x80\x81.",
	};
	const char *why = NULL;
	struct str path;
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		CHECK(path_is_safe(str_from(safe[i]), NULL), safe[i]);
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
		why = NULL;
		CHECK(!path_is_safe(str_from(unsafe[i]), &why) && why, unsafe[i]);
	}
	CHECK(!path_is_safe((struct str){ "a\0b", 3 }, NULL), "a NUL byte");
	CHECK(path_read(STR("././src/x/"), &path, &why) && str_is(path, "src/x"),
	      "./ and / are taken off");
	CHECK(!path_read(STR("./"), &path, &why) && !path_read(STR("/x"), &path, &why),
	      "no path is left");
	CHECK(str_is(path_folder(STR("a/b/c")), "a/b") && str_is(path_folder(STR("a")), ""),
	      "folders of paths");
	CHECK(path_is_within(STR("a/b"), STR("a")) && path_is_within(STR("a"), STR("a")) &&
		      path_is_within(STR("a"), STR("")) && !path_is_within(STR("ab"), STR("a")),
	      "within");
}

/* For tests/suites/glob-git: a pattern and a path on each two lines of stdin, 0 or 1 for each, 2
 * for a pattern that is refused. */
static int answer_lines(void)
{
	char pattern[4096], path[4096];
	while (fgets(pattern, sizeof pattern, stdin) && fgets(path, sizeof path, stdin)) {
		struct glob glob;
		struct glob_error error;
		struct arena_mark mark = arena_mark(&arena);
		bool good = glob_parse(&arena, str_trim(str_from(pattern)), &glob, &error);
		puts(!good ? "2" : glob_match(&glob, str_trim(str_from(path))) ? "1" : "0");
		arena_reset(&arena, mark);
	}
	arena_release(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--match"))
		return answer_lines();
	check_match();
	check_errors();
	check_meet();
	check_hard();
	check_folders();
	check_paths();
	arena_release(&arena);
	return test_end();
}
