/* branch.c — names of branches, held against git itself. */
#include "schedule/branch.h"

#include "common/file.h"
#include "common/text.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES = 400 };

static struct str random_name(struct arena *arena, uint64_t *random)
{
	static const char *const part[] = { "a",  "b",    "/", ".",  "..", ".lock", "@",
					    "@{", "{",    "-", "~",  "^",  ":",     "?",
					    "*",  "[",    "]", "\\", " ",  "\t",    "\x7f",
					    "é",  "HEAD", "x", "y",  "z",  "0",     "lock" };
	struct str name = STR("");
	for (uint64_t n = 1 + test_random(random) % 5; n--;)
		name = arena_format(arena, "%.*s%s", STR_ARG(name),
				    part[test_random(random) % (sizeof part / sizeof *part)]);
	return name;
}

/* What git says: a byte for each name, y or n. */
static bool ask_git(struct arena *arena, const struct str *names, struct str *answers)
{
	char folder[] = "/tmp/orch-branch-XXXXXX";
	struct fail fail;
	struct text text = { 0 };
	if (!mkdtemp(folder))
		return false;
	for (size_t i = 0; i < NAMES; i++)
		text_addf(&text, "%.*s\n", STR_ARG(names[i]));
	bool fine = file_write(arena_format(arena, "%s/names", folder).at, text_str(&text), 0600,
			       &fail);
	const char *command =
		arena_format(
			arena,
			"cd %s && while IFS= read -r name; do "
			"if git check-ref-format \"refs/heads/$name\" && git check-ref-format --branch \"$name\" >/dev/null 2>&1; "
			"then printf y; else printf n; fi; done <names >answers",
			folder)
			.at;
	fine = fine && system(command) == 0 &&
	       file_read(arena, arena_format(arena, "%s/answers", folder).at, 1 << 20, answers,
			 &fail);
	file_remove_tree(folder, &fail);
	text_release(&text);
	return fine && answers->n == NAMES;
}

static void test_names(void)
{
	struct arena arena = { 0 };
	uint64_t random = 11;
	struct str names[NAMES], answers;
	for (size_t i = 0; i < NAMES; i++)
		names[i] = random_name(&arena, &random);
	if (CHECK(ask_git(&arena, names, &answers), "git answers")) {
		size_t differ = 0, taken = 0;
		for (size_t i = 0; i < NAMES; i++) {
			bool ours = !branch_wrong(names[i]);
			/* Taken by check-ref-format, but `@` and `-` are read as something else. */
			bool git = answers.at[i] == 'y' && !str_is(names[i], "@") &&
				   names[i].at[0] != '-';
			taken += ours;
			if (ours != git && ++differ)
				printf("    %.*s: %s\n", STR_ARG(names[i]),
				       ours ? "taken" : branch_wrong(names[i]));
		}
		CHECK(!differ && taken > NAMES / 10, "the same names as git takes");
	}
	CHECK(branch_wrong(STR("")) && branch_wrong(STR("HEAD")) &&
		      !branch_wrong(STR("orch/plan/agent-1")),
	      "known ones");
	CHECK(branch_wrong(STR("a\0b")), "a NUL is a control character");
	char part[300];
	memset(part, 'x', sizeof part);
	CHECK(branch_wrong((struct str){ part, 251 }) && !branch_wrong((struct str){ part, 250 }),
	      "a part is a file's name");
	arena_release(&arena);
}

static bool clash(const struct str *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (i != j && str_starts(names[j], names[i]) &&
			    (names[i].n == names[j].n || names[j].at[names[i].n] == '/'))
				return true;
	return false;
}

static void test_clashes(void)
{
	bool equal = true;
	size_t clashes = 0, first, second;
	uint64_t random = 5;
	for (int round = 0; round < 3000; round++) {
		struct arena arena = { 0 };
		struct str names[6];
		for (size_t i = 0; i < 6; i++) {
			static const char *const part[] = { "a", "b", "/a", "/b", "-", "." };
			names[i] = STR("x");
			for (uint64_t n = test_random(&random) % 4; n--;)
				names[i] = arena_format(&arena, "%.*s%s", STR_ARG(names[i]),
							part[test_random(&random) % 6]);
		}
		bool found = branch_clash(&arena, names, 6, &first, &second);
		clashes += found;
		equal &= found == clash(names, 6);
		equal &= !found || (first != second && str_starts(names[second], names[first]));
		arena_release(&arena);
	}
	CHECK(equal && clashes > 100 && clashes < 2900, "names that cannot exist side by side");
}

int main(void)
{
	test_names();
	test_clashes();
	return test_end();
}
