/* harvest.c — work trees are prepared, changed in every way there is, and harvested; the result is
 * held against a model of paths that knows nothing of how the harvest works. */
#include "runtime/harvest.h"
#include "runtime/splice.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

static struct fail fail;

/* The orders for an agent's tree number n under the scratch folder. */
static struct tree_orders orders_for(struct arena *arena, int n, struct oid commit)
{
	return (struct tree_orders){
		.work_dir = arena_format(arena, "%s/trees/%d", scratch_folder, n).at,
		.git_dir = arena_format(arena, "%s/git/%d", scratch_folder, n).at,
		.manifest = arena_format(arena, "%s/manifest-%d", scratch_folder, n).at,
		.branch = "wire/x",
		.lock = arena_format(arena, "%s/lock", scratch_folder).at,
		.isolation = SCHEDULE_CLONE,
		.commit = commit,
	};
}

/* --- the model --- */

enum { LETTERS = 3, PATHS = 39, CONTENTS = 3 };
static const char letter[LETTERS] = { 'a', 'A', 'b' };	/* twins, where case is folded */
static char path_text[PATHS][8];
static const char *const content_text[CONTENTS] = { "b", "one",
						    "two" }; /* as a link's target: "b" */
static struct oid content[CONTENTS];

enum kind { NOTHING, PLAIN, TOOL, LINK, SUBMODULE, PIPE, KINDS };
static const uint32_t mode_of[KINDS] = { 0, 0100644, 0100755, 0120000, 0160000, 0 };

struct thing {
	enum kind kind;
	int content;
	int inode;	/* equal numbers are hard links to each other */
};
struct model {
	struct thing at[PATHS];
	bool repository[PATHS];	/* a folder with a .git in it */
	int inodes;
};

static void name_paths(void)
{
	int n = 0;
	for (int i = 0; i < LETTERS; i++) {
		snprintf(path_text[n++], 8, "%c", letter[i]);
		for (int j = 0; j < LETTERS; j++) {
			snprintf(path_text[n++], 8, "%c/%c", letter[i], letter[j]);
			for (int k = 0; k < LETTERS; k++)
				snprintf(path_text[n++], 8, "%c/%c/%c", letter[i], letter[j],
					 letter[k]);
		}
	}
}

static bool above(int folder, int path)
{
	size_t n = strlen(path_text[folder]);
	return strncmp(path_text[folder], path_text[path], n) == 0 && path_text[path][n] == '/';
}

static bool same(struct thing a, struct thing b)
{
	return a.kind == b.kind &&
	       (!mode_of[a.kind] || a.kind == SUBMODULE || a.content == b.content);
}

/* Takes away a path with all below it, and files where its folders have to be. */
static void model_clear(struct model *model, int path)
{
	for (int i = 0; i < PATHS; i++)
		if (i == path || above(path, i) ||
		    (above(i, path) && model->at[i].kind != NOTHING)) {
			model->at[i].kind = NOTHING;
			model->repository[i] = false;
		}
}

static struct oid model_write(struct repo *repo, const struct model *model)
{
	struct splice_edit edits[PATHS];
	struct oid oid;
	size_t n = 0;
	for (int i = 0; i < PATHS; i++)
		if (mode_of[model->at[i].kind])
			edits[n++] = (struct splice_edit){ str_from(path_text[i]),
							   mode_of[model->at[i].kind],
							   content[model->at[i].content], false };
	if (!repo_tree_write(repo, &(struct repo_entries){ 0 }, &oid, &fail) ||
	    !splice_tree(repo, oid, edits, n, &oid, &fail))
		CHECK(false, fail.text);
	return oid;
}

/* What the result must be: owned paths as on disk where a tree can have them, all else as it
 * was. */
static void expect(const struct model *start, const struct model *disk, const bool *owned,
		   struct model *result)
{
	*result = *start;
	for (int i = 0; i < PATHS; i++) {
		bool hidden = false;	/* in a submodule or another repository */
		int links = 0;
		for (int j = 0; j < PATHS; j++) {
			hidden |= (i == j || above(j, i)) &&
				  (disk->repository[j] || start->at[j].kind == SUBMODULE);
			links += disk->at[j].kind == disk->at[i].kind &&
				 disk->at[j].inode == disk->at[i].inode;
		}
		bool linked = links > 1 && (disk->at[i].kind == PLAIN || disk->at[i].kind == TOOL);
		if (owned[i] && !hidden && disk->at[i].kind != PIPE &&
		    !(linked && !same(start->at[i], disk->at[i])))
			result->at[i] = disk->at[i];
	}
	for (int i = 0; i < PATHS; i++)	/* what stays wins over what is new */
		for (int j = 0; j < PATHS; j++)
			if (start->at[i].kind == NOTHING && result->at[i].kind != NOTHING &&
			    start->at[j].kind != NOTHING && result->at[j].kind != NOTHING &&
			    (above(i, j) || above(j, i)))
				result->at[i].kind = NOTHING;
}

/* --- the disk, changed in step with the model --- */

static void make_way(struct model *model, int path)
{
	char folder[8] = "";
	model_clear(model, path);
	for (size_t i = 0; path_text[path][i]; i++) {
		struct stat info;
		if (path_text[path][i] == '/' && (lstat(folder, &info) || !S_ISDIR(info.st_mode)))
			CHECK(file_remove_tree(folder, &fail) && mkdir(folder, 0777) == 0,
			      "a folder is made");
		folder[i] = path_text[path][i];
		folder[i + 1] = 0;
	}
	CHECK(file_remove_tree(path_text[path], &fail), fail.text);
}

static void put(struct model *model, int path, enum kind kind, int number)
{
	const char *name = path_text[path];
	make_way(model, path);
	model->at[path] = (struct thing){ kind, number, ++model->inodes };
	if (kind == PIPE) {
		CHECK(mkfifo(name, 0600) == 0, "a pipe is made");
	} else if (kind == LINK) {
		CHECK(symlink(content_text[number], name) == 0, "a link is made");
	} else if (kind != NOTHING) {
		scratch_put(name, content_text[number]);
		CHECK(chmod(name, kind == TOOL ? 0755 : 0644) == 0, "a mode is set");
	}
}

static void move(struct model *model, int from, int to)
{
	struct thing thing = model->at[from];
	if (from == to || thing.kind == NOTHING || thing.kind == SUBMODULE || above(from, to) ||
	    above(to, from))
		return;
	make_way(model, to);
	if (model->at[from].kind == NOTHING)
		return;
	CHECK(rename(path_text[from], path_text[to]) == 0, "a file is renamed");
	model->at[from].kind = NOTHING;
	model->at[to] = thing;
}

static void hard_link(struct model *model, int from, int to)
{
	struct thing thing = model->at[from];
	if (from == to || (thing.kind != PLAIN && thing.kind != TOOL) || above(from, to) ||
	    above(to, from))
		return;
	make_way(model, to);
	if (model->at[from].kind == NOTHING)
		return;
	CHECK(link(path_text[from], path_text[to]) == 0, "a hard link is made");
	model->at[to] = thing;
}

static void make_repository(struct model *model, int path)
{
	char name[32];
	struct stat info;
	/* By way of a link it would be somewhere else. */
	for (int i = 0; i < PATHS; i++)
		if (above(i, path) && model->at[i].kind == LINK)
			return;
	if (lstat(path_text[path], &info) || !S_ISDIR(info.st_mode) ||
	    model->at[path].kind == SUBMODULE)
		return;
	snprintf(name, sizeof name, "%s/.git", path_text[path]);
	mkdir(name, 0777);
	model->repository[path] = true;
}

static void set_mode(struct model *model, int path, uint64_t which)
{
	struct thing *thing = &model->at[path];
	if (thing->kind != PLAIN && thing->kind != TOOL)
		return;
	enum kind kind = which ? TOOL : PLAIN;
	for (int i = 0; i < PATHS; i++)
		if (i != path && model->at[i].inode == thing->inode &&
		    model->at[i].kind == thing->kind)
			return;
	CHECK(chmod(path_text[path], kind == TOOL ? 0755 : 0600) == 0, "a mode is changed");
	thing->kind = kind;
}

static void change(struct model *model, uint64_t *seed)
{
	int path = (int)(test_random(seed) % PATHS), other = (int)(test_random(seed) % PATHS);
	int number = (int)(test_random(seed) % CONTENTS);
	switch (test_random(seed) % 12) {
	case 0: case 1: case 2: put(model, path, PLAIN, number); break;
	case 3: put(model, path, TOOL, number); break;
	case 4: put(model, path, LINK, number); break;
	case 5: case 6: put(model, path, NOTHING, 0); break;
	case 7: put(model, path, PIPE, 0); break;
	case 8: move(model, path, other); break;
	case 9: hard_link(model, path, other); break;
	case 10: set_mode(model, path, test_random(seed) % 2); break;
	case 11:
		if (test_random(seed) % 4 == 0)
			make_repository(model, path);
	}
}

/* A commit to start from: its files are put into the model only. */
static void random_start(struct model *start, uint64_t *seed)
{
	static const enum kind kinds[] = { PLAIN, PLAIN, PLAIN, TOOL, LINK, SUBMODULE };
	*start = (struct model){ 0 };
	for (int n = 0; n < 12; n++) {
		int path = (int)(test_random(seed) % PATHS);
		model_clear(start, path);
		enum kind kind = kinds[test_random(seed) % (n < 10 ? 5 : 6)];
		start->at[path] =
		    (struct thing){ kind, (int)(test_random(seed) % CONTENTS), ++start->inodes };
	}
}

/* Some paths, and whole folders, as patterns; and by path what they mean. */
static struct str_list random_owns(struct arena *arena, uint64_t *seed, bool *owned)
{
	struct str_list list = { ARENA_MANY(arena, 4, struct str), 1 + test_random(seed) % 4 };
	memset(owned, 0, PATHS * sizeof *owned);
	for (size_t i = 0; i < list.n; i++) {
		int path = (int)(test_random(seed) % PATHS);
		bool below_only = test_random(seed) % 3 == 0;
		list.at[i] = arena_format(arena, "%s%s", path_text[path], below_only ? "/**" : "");
		for (int j = 0; j < PATHS; j++)
			owned[j] |= (j == path && !below_only) || above(path, j);
	}
	return list;
}

enum { TREES = 350, ROUNDS = 10 };

static void check_random(struct arena *arena, struct repo *repo, int trees, uint64_t seed)
{
	int wrong = 0, differing = 0;
	for (int i = 0; i < trees; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct model start, disk, want;
		bool owned[PATHS];
		struct schedule_agent agent = { .name = STR("x") };
		struct schedule schedule = { .agent = &agent, .agent_n = 1 };
		struct oid commit;
		random_start(&start, &seed);
		struct oid tree = model_write(repo, &start);
		if (!repo_commit_write(repo, &(struct repo_commit){ tree, NULL, 0, "x\n", 86400 },
				       &commit, &fail))
			CHECK(false, fail.text);
		struct tree_orders orders = orders_for(arena, i, commit);
		if (!CHECK(tree_prepare(repo, &orders, &fail), fail.text) || chdir(orders.work_dir))
			return;
		disk = start;
		for (int round = 0; round < ROUNDS; round++) {
			struct harvest harvest;
			agent.owns = random_owns(arena, &seed, owned);
			for (uint64_t n = round ? test_random(&seed) % 4 : 0; n; n--)
				change(&disk, &seed);
			expect(&start, &disk, owned, &want);
			bool good =
			    harvest_take(arena, repo, &schedule, 0, &orders, &harvest, &fail);
			if (!good || !oid_equal(harvest.tree, model_write(repo, &want))) {
				wrong++;
				printf("# tree %d, round %d: %s\n", i, round,
				       good ? "another tree" : fail.text);
			}
			differing += good && !oid_equal(harvest.tree, tree);
			if (round == 0)
				CHECK(good && harvest.n == 0, "a fresh tree has no changes");
		}
		CHECK(chdir(scratch_folder) == 0 && tree_remove(repo, &orders, &fail), fail.text);
		arena_reset(arena, mark);
	}
	printf("# %d harvests, %d with a result\n", trees * ROUNDS, differing);
	CHECK(wrong == 0, "each result is what the model says");
	CHECK(differing > trees, "agents changed something");
}

/* harvest [TREES SEED]: tests/sweeps/gate has more of them, and others. */
int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct repo *repo;
	if (!scratch_begin("harvest") || !scratch_repository() || !repo_open("r", &repo, &fail))
		return 1;
	name_paths();
	for (int i = 0; i < CONTENTS; i++)
		CHECK(repo_blob_write(repo, str_from(content_text[i]), &content[i], &fail),
		      "a content");
	check_random(&arena, repo, argc > 2 ? atoi(argv[1]) : TREES,
		     argc > 2 ? strtoull(argv[2], NULL, 10) : 41);
	repo_close(repo);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
