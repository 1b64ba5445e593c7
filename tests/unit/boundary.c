/* What an agent owns, as folders and files that a kernel knows; and what of a tree is fixed in them. */
#include "runtime/boundary_tree.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* "src lib" in any order, without the tree's own path; "." is the tree. */
static bool are(struct str_list list, const char *tree, const char *wanted)
{
	struct str rest = str_from(wanted), part;
	size_t n = strlen(tree), found = 0, count = 0;
	while (*wanted && str_split(&rest, ' ', &part)) {
		count++;
		for (size_t i = 0; i < list.n; i++) {
			struct str path = str_slice(list.at[i], n, list.at[i].n);
			path = path.n ? str_slice(path, 1, path.n) : STR(".");
			found += str_equal(path, part);
		}
	}
	return found == count && count == list.n;
}

static void owns(const char *patterns, const char *writable, const char *fixed)
{
	struct arena arena = { 0 };
	struct str list[4], rest = str_from(patterns);
	struct schedule_agent agent = { .owns = { list, 0 } };
	struct boundary_tree found;
	struct fail fail;
	char what[256];
	while (str_split(&rest, ' ', &list[agent.owns.n]))
		agent.owns.n++;
	snprintf(what, sizeof what, "who owns %s writes to %s but for %s", patterns, writable,
		 *fixed ? fixed : "nothing");
	CHECK(boundary_tree_find(&arena, &agent, scratch_folder, &found, &fail) &&
		      are(found.writable, scratch_folder, writable) &&
		      are(found.fixed, scratch_folder, fixed),
	      what);
	arena_release(&arena);
}

static void many(struct arena *arena)
{
	mkdir("many", 0777);
	for (int i = 0; i < 4001; i++)
		scratch_put(arena_format(arena, "many/%d", i).at, "");
	owns("many/new", "many", "");
}

int main(void)
{
	struct arena arena = { 0 };
	if (!scratch_begin("boundary"))
		return 1;
	mkdir("src", 0777);
	mkdir("src/api", 0777);
	scratch_put("README.md", "");
	scratch_put("src/a.c", "");
	scratch_put("src/b.c", "");
	scratch_put("src/api/x.py", "");
	scratch_put("src/api/y.c", "");
	CHECK(symlink("a.c", "src/link") == 0 && symlink("src", "other") == 0, "links");
	owns("src/a.c", "src", "src/b.c src/api");
	owns("src/a.c src/b.c", "src", "src/api");
	owns("src/new.c", "src", "src/a.c src/b.c src/api");
	owns("src/**", "src", "");
	owns("src/", "src", "");
	owns("src", ".", "README.md");
	owns("src/*.c", "src", "src/api");
	owns("src/**/*.py", "src", "src/a.c src/b.c");
	owns("**/*.py", ".", "README.md");
	owns("notes/new/x.md", ".", "README.md src");
	owns("README.md src/api/x.py", ". src/api", "src src/api/y.c");
	owns("{src/a.c,src/api/x.py}", "src src/api", "src/b.c src/api src/api/y.c");
	/* A link is no folder: what would lie in it lies nowhere. */
	owns("other/a.c", ".", "README.md src");
	many(&arena);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
