/* What an agent owns, as folders and files that a kernel knows; and what of a tree is fixed in them. */
#include "runtime/boundary.h"
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

/* Is a runner that writes the path let run, in a repository whose git folder is git/main? */
static bool may_write(const char *path)
{
	struct arena arena = { 0 };
	struct str writes = arena_format(&arena, "%s/%s", scratch_folder, path);
	struct schedule_runner runner = { .writes = { &writes, 1 } };
	struct schedule_agent agent = { .name = STR("a"), .owns = { NULL, 0 } };
	const struct schedule schedule = {
		.runner = &runner, .runner_n = 1, .agent = &agent, .agent_n = 1
	};
	const struct tree_orders tree = { .isolation = SCHEDULE_WORKTREE,
					  .work_dir = "repository/.orch/runs/1/trees/a" };
	const struct boundary_orders orders = { .level = SANDBOX_LANDLOCK,
						.schedule = &schedule,
						.who = &agent,
						.tree = &tree,
						.run_folder = "repository/.orch/runs/1",
						.git_dir = "git/main" };
	struct boundary boundary;
	struct fail fail;
	bool good = boundary_find(&arena, &orders, &boundary, &fail);
	CHECK(good || str_find_text(str_from(fail.text),
				    STR("`writes` is for what is elsewhere")) != SIZE_MAX,
	      fail.text);
	for (size_t i = 0; good && i < boundary.n; i++)
		if (boundary.at[i].kind == BOUNDARY_WRITABLE &&
		    str_equal(str_from(boundary.at[i].path), writes)) {
			arena_release(&arena);
			return true;
		}
	CHECK(!good, "what it may write is writable");
	arena_release(&arena);
	return false;
}

static void test_writes(void)
{
	CHECK(scratch_run(
		      "mkdir -p repository/.orch/runs/1/trees/a git/main/refs git/other else repository-2"),
	      "a repository with its git folder elsewhere");
	CHECK(may_write("else") && may_write("git/other") && may_write("repository-2"),
	      "what is elsewhere");
	CHECK(!may_write("repository") && !may_write("repository/.orch") && !may_write("."),
	      "not the repository, nor around it");
	CHECK(!may_write("git") && !may_write("git/main") && !may_write("git/main/refs"),
	      "not its git folder, nor around it");
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
	test_writes();
	arena_release(&arena);
	scratch_end();
	return test_end();
}
