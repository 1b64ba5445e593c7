/* merge.c — trees put together, against a map from path to content that is merged path by path, and
 * against git. */
#include "runtime/merge.h"
#include "runtime/splice.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static struct fail fail;

/* A tree as a map: paths from a small alphabet, so that files and folders of one name are
 * frequent. */
enum { PATHS = 14, LETTERS = 2, CONTENTS = 3, MODES = 3 };
static char path_text[PATHS][8];
static struct oid content[PATHS][CONTENTS]; /* each path has its own, so that git sees no renames */
static const uint32_t modes[MODES] = { 0100644, 0100755, 0120000 };

struct file {
	int content;	/* -1: not there */
	int mode;
};
struct map_tree {
	struct file at[PATHS];
};

/* "a", "a/a", "a/a/a", "a/a/b" … in no special order. */
static void name_paths(void)
{
	int n = 0;
	for (int i = 0; i < LETTERS; i++) {
		snprintf(path_text[n++], 8, "%c", 'a' + i);
		for (int j = 0; j < LETTERS; j++) {
			snprintf(path_text[n++], 8, "%c/%c", 'a' + i, 'a' + j);
			for (int k = 0; k < LETTERS; k++)
				snprintf(path_text[n++], 8, "%c/%c/%c", 'a' + i, 'a' + j, 'a' + k);
		}
	}
}

/* Is one the folder of the other? */
static bool above(int folder, int path)
{
	size_t n = strlen(path_text[folder]);
	return strncmp(path_text[folder], path_text[path], n) == 0 && path_text[path][n] == '/';
}

static bool possible(const struct map_tree *tree)
{
	for (int i = 0; i < PATHS; i++)
		for (int j = 0; j < PATHS; j++)
			if (tree->at[i].content >= 0 && tree->at[j].content >= 0 && above(i, j))
				return false;
	return true;
}

static void clear(struct map_tree *tree)
{
	for (int i = 0; i < PATHS; i++)
		tree->at[i] = (struct file){ -1, 0 };
}

/* Sets a path, taking away what stands in its way, or deletes it. */
static void edit(struct map_tree *tree, uint64_t *seed)
{
	int path = (int)(test_random(seed) % PATHS);
	if (test_random(seed) % 3 == 0) {
		tree->at[path].content = -1;
		return;
	}
	for (int i = 0; i < PATHS; i++)
		if (above(i, path) || above(path, i))
			tree->at[i].content = -1;
	tree->at[path] =
	    (struct file){ (int)(test_random(seed) % 2), (int)(test_random(seed) % 2) };
}

static struct oid write_tree(struct repo *repo, const struct map_tree *tree)
{
	struct splice_edit edits[PATHS];
	struct repo_entries none = { NULL, 0 };
	struct oid oid = { "" };
	size_t n = 0;
	for (int i = 0; i < PATHS; i++)
		if (tree->at[i].content >= 0)
			edits[n++] =
			    (struct splice_edit){ str_from(path_text[i]), modes[tree->at[i].mode],
						  content[i][tree->at[i].content], false };
	if (!repo_tree_write(repo, &none, &oid, &fail) ||
	    !splice_tree(repo, oid, edits, n, &oid, &fail))
		CHECK(false, fail.text);
	return oid;
}

static bool file_equal(struct file a, struct file b)
{
	return a.content == b.content && (a.content < 0 || a.mode == b.mode);
}

/* Path by path; false when both sides changed one, or a file is where a folder must be. */
static bool merge_maps(const struct map_tree *base, const struct map_tree *ours,
		       const struct map_tree *theirs, struct map_tree *merged)
{
	for (int i = 0; i < PATHS; i++) {
		bool we = !file_equal(base->at[i], ours->at[i]),
		     they = !file_equal(base->at[i], theirs->at[i]);
		if (we && they && !file_equal(ours->at[i], theirs->at[i]))
			return false;
		merged->at[i] = we ? ours->at[i] : theirs->at[i];
	}
	return possible(merged);
}

static void check_three_way(struct arena *arena, struct repo *repo)
{
	enum { CASES = 10000 };
	uint64_t seed = 17;
	int wrong = 0, conflicts = 0;
	for (int i = 0; i < CASES; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct map_tree base, ours, theirs, want;
		struct oid got;
		struct str conflict;
		clear(&base);
		for (uint64_t n = test_random(&seed) % 6; n; n--)
			edit(&base, &seed);
		ours = theirs = base;
		for (uint64_t n = test_random(&seed) % 4; n; n--)
			edit(&ours, &seed);
		for (uint64_t n = test_random(&seed) % 4; n; n--)
			edit(&theirs, &seed);
		bool clean = merge_maps(&base, &ours, &theirs, &want);
		bool good =
		    merge_trees(arena, repo, write_tree(repo, &base), write_tree(repo, &ours),
				write_tree(repo, &theirs), &got, &conflict, &fail);
		conflicts += !clean;
		wrong += !good || clean != (conflict.n == 0) ||
			 (clean && !oid_equal(got, write_tree(repo, &want)));
		arena_reset(arena, mark);
	}
	printf("# %d three-way merges, %d with conflicts\n", CASES, conflicts);
	CHECK(wrong == 0, "each merge is as path by path");
	CHECK(conflicts > CASES / 20 && conflicts < CASES / 2, "both kinds were there");
}

/* Agents that own paths of their own, in two orders. */
static void check_orders(struct arena *arena, struct repo *repo)
{
	enum { CASES = 1500, AGENTS = 4 };
	uint64_t seed = 23;
	int wrong = 0, used = 0;
	for (int i = 0; i < CASES; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct map_tree base, all, agent[AGENTS];
		struct oid tree[AGENTS], start, one, other;
		struct str conflict;
		clear(&base);
		for (int n = 0; n < 8; n++)
			edit(&base, &seed);
		all = base;
		for (int a = 0; a < AGENTS; a++)
			agent[a] = base;
		for (int p = 0; p < PATHS; p++) {
			if (test_random(&seed) % 4)
				continue;
			struct file file = { (int)(test_random(&seed) % (CONTENTS + 1)) - 1,
					     (int)(test_random(&seed) % MODES) };
			all.at[p] = agent[test_random(&seed) % AGENTS].at[p] = file;
		}
		bool fine = possible(&all);
		for (int a = 0; a < AGENTS; a++)
			fine = fine && possible(&agent[a]);
		if (!fine)
			continue;
		used++;
		one = other = start = write_tree(repo, &base);
		for (int a = 0; a < AGENTS; a++)
			tree[a] = write_tree(repo, &agent[a]);
		uint64_t turn = test_random(&seed) % AGENTS;
		for (uint64_t a = 0; a < AGENTS; a++) {
			wrong += !merge_trees(arena, repo, start, one, tree[a], &one, &conflict,
					      &fail) ||
				 conflict.n;
			wrong += !merge_trees(arena, repo, start, other,
					      tree[(AGENTS - a + turn) % AGENTS], &other, &conflict,
					      &fail) ||
				 conflict.n;
		}
		wrong += !oid_equal(one, write_tree(repo, &all)) || !oid_equal(other, one);
		arena_reset(arena, mark);
	}
	printf("# %d sets of disjoint results in two orders\n", used);
	CHECK(wrong == 0 && used > 100, "disjoint results combine in any order");
}

/* git merge-tree, where it finds no conflict and neither do we, has the same tree. */
static void check_git(struct arena *arena, struct repo *repo)
{
	enum { CASES = 300 };
	uint64_t seed = 31;
	struct oid merged[CASES];
	struct text script = { 0 };
	int n = 0, wrong = 0;
	while (n < CASES) {
		struct map_tree side[3];
		struct oid tree[3], commit[3];
		struct str conflict;
		clear(&side[0]);
		for (int i = 0; i < 8; i++)
			edit(&side[0], &seed);
		side[1] = side[2] = side[0];
		for (int i = 0; i < 2; i++)
			edit(&side[1], &seed), edit(&side[2], &seed);
		for (int i = 0; i < 3; i++) {
			tree[i] = write_tree(repo, &side[i]);
			struct repo_commit new = { tree[i], commit, i ? 1 : 0, "x\n", i };
			CHECK(repo_commit_write(repo, &new, &commit[i], &fail), "written");
		}
		CHECK(merge_trees(arena, repo, tree[0], tree[1], tree[2], &merged[n], &conflict,
				  &fail),
		      fail.text);
		if (conflict.n)
			continue;
		text_addf(&script, "git -C r merge-tree --write-tree %s %s | head -1\n",
			  commit[1].hex, commit[2].hex);
		n++;
	}
	FILE *file = fopen("script", "w");
	CHECK(file && fputs(script.at, file) >= 0 && fclose(file) == 0 &&
		  scratch_run("sh script >answers"),
	      "git merges");
	FILE *answers = fopen("answers", "r");
	char line[64];
	for (n = 0; answers && fgets(line, sizeof line, answers); n++)
		wrong += strncmp(line, merged[n < CASES ? n : 0].hex, 40) != 0;
	if (answers)
		fclose(answers);
	CHECK(n == CASES && wrong == 0, "git merges to the same trees");
	text_release(&script);
}

static struct oid commit_files(struct repo *repo, struct oid parent, struct splice_edit *edits,
			       size_t n)
{
	struct oid tree, commit = { "" };
	if (!repo_commit_tree(repo, parent, &tree, &fail) ||
	    !splice_tree(repo, tree, edits, n, &tree, &fail) ||
	    !repo_commit_write(repo, &(struct repo_commit){ tree, &parent, 1, "work\n", 500 },
			       &commit, &fail))
		CHECK(false, fail.text);
	return commit;
}

/* one; two and three after one; four after one, two and three; five after two alone. */
static void check_starts(struct arena *arena, struct repo *repo)
{
	uint32_t after_one[] = { 0 }, after_all[] = { 0, 1, 2 }, after_two[] = { 1 };
	struct schedule_agent agents[] = {
		{ .name = STR("one") },
		{ .name = STR("two"), .title = STR("The second"), .after = { after_one, 1 } },
		{ .name = STR("three"), .after = { after_one, 1 } },
		{ .name = STR("four"), .after = { after_all, 3 } },
		{ .name = STR("five"), .after = { after_two, 1 } },
	};
	struct schedule schedule = { .agent = agents, .agent_n = 5 };
	struct oid start[5], result[5] = { { "" } }, base, again, combined, tree, integration;
	struct str branch, conflict;
	CHECK(repo_base(repo, arena, STR(""), &base, &branch, &fail), "base");
	for (uint32_t i = 0; i < 3; i++) {
		char name[] = { (char)('x' + i), 0 };
		struct splice_edit made = { str_from(name), 0100644, content[i][0], false };
		CHECK(merge_start(arena, repo, &schedule, i, base, start, result, &start[i],
				  &conflict, &fail),
		      fail.text);
		result[i] = commit_files(repo, start[i], &made, 1);
	}
	CHECK(oid_equal(start[0], base), "nothing before it: the base");
	CHECK(oid_equal(start[1], result[0]) && oid_equal(start[2], result[0]),
	      "one before it: its result itself");
	CHECK(merge_start(arena, repo, &schedule, 3, base, start, result, &start[3], &conflict,
			  &fail) &&
		  !conflict.n,
	      "four");
	CHECK(
	    merge_start(arena, repo, &schedule, 3, base, start, result, &again, &conflict, &fail) &&
		oid_equal(again, start[3]),
	    "the same commit whenever it is made");
	CHECK(strcmp(scratch_ask("git -C r ls-tree --name-only %s | tr '\\n' ' '", start[3].hex),
		     "a d x y z ") == 0,
	      "has all");
	char want[256];
	snprintf(want, sizeof want, "%s %s orch: start of four", result[1].hex, result[2].hex);
	CHECK(strcmp(scratch_ask("git -C r log -1 --format='%%P %%s' %s", start[3].hex), want) == 0,
	      "parents: what is not in another, in the plan's order");
	CHECK(merge_start(arena, repo, &schedule, 4, base, start, result, &start[4], &conflict,
			  &fail) &&
		  oid_equal(start[4], result[1]),
	      "five starts at two's result");

	CHECK(merge_result(arena, repo, &schedule, 1, base, start[1], result[1], 700, &combined,
			   &conflict, &fail),
	      fail.text);
	snprintf(want, sizeof want, "%s %s 700 Merge two: The second", base.hex, result[1].hex);
	CHECK(strcmp(scratch_ask("git -C r log -1 --format='%%P %%at %%s' %s", combined.hex),
		     want) == 0,
	      "the merge commit");
	CHECK(repo_commit_tree(repo, combined, &tree, &fail) &&
		  strcmp(scratch_ask("git -C r ls-tree --name-only %s | tr '\\n' ' '", tree.hex),
			 "a d y ") == 0,
	      "two's own change, and not what it started from");
	struct splice_edit other = { STR("y"), 0100644, content[2][0], false };
	integration = commit_files(repo, base, &other, 1);
	CHECK(merge_result(arena, repo, &schedule, 1, integration, start[1], result[1], 700,
			   &combined, &conflict, &fail) &&
		  str_is(conflict, "y"),
	      "a conflict names the path");
	CHECK(merge_result(arena, repo, &schedule, 1, integration, start[1], start[1], 700,
			   &combined, &conflict, &fail) &&
		  oid_equal(combined, integration) && !conflict.n,
	      "nothing changed: the integration as it was");
}

int main(void)
{
	struct arena arena = { 0 };
	struct repo *repo;
	if (!scratch_begin("merge") || !scratch_repository())
		return 1;
	name_paths();
	if (!repo_open("r", &repo, &fail))
		return 1;
	for (int i = 0; i < PATHS; i++)
		for (int j = 0; j < CONTENTS; j++) {
			struct str text = arena_format(&arena, "%d in %s\n", j, path_text[i]);
			CHECK(repo_blob_write(repo, text, &content[i][j], &fail), fail.text);
		}
	check_three_way(&arena, repo);
	check_orders(&arena, repo);
	check_git(&arena, repo);
	check_starts(&arena, repo);
	repo_close(repo);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
