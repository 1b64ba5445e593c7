/* conversion.c — work trees are written, and taken back, with the line ends and the $Id$ that git gives
 * them: random rules, settings and contents, each held against git itself. */
#include "runtime/conversion.h"
#include "runtime/harvest.h"
#include "runtime/splice.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

enum { ROUNDS = 60, FILES = 7, PIECES = 14 };

static struct fail fail;
static const char *const paths[FILES] = { "a.txt",     "b.bat",     "d/a.txt", "d/x.bat",
					  "d/e/x.txt", "q d/z.tXt", "d/e/bin" };

static const char *pick(uint64_t *seed, const char *const *from, size_t n)
{
	return from[test_random(seed) % n];
}
#define PICK(seed, list) pick(seed, list, sizeof(list) / sizeof *(list))

static void add_rules(struct text *out, uint64_t *seed, bool macros)
{
	static const char *const patterns[] = {
		"*",         "*.txt",  "*.bat",   "/a.txt",          "d/*.txt",
		"d/**",      "**/x.*", "[ab].*",  "?.bat",           "*.b[!x]t",
		"\"q d/*\"", "d",      "e/*",     "[[:alpha:]].t?t", "d/**/*.txt",
		"/d/",       "!a.txt", "*.t\\xt", "\"\\141.txt\"",   "**",
		"a*t",       "*[.]*",  "d*x.bat", "[]a].txt"
	};
	static const char *const words[] = {
		"text",           "-text", "!text",  "text=auto", "eol=crlf", "eol=lf",     "-eol",
		"binary",         "ident", "-ident", "crlf",      "-crlf",    "crlf=input", "own",
		"filter=nothing", "!eol",  "-own",   "text=odd",  "eol=odd"
	};
	for (uint64_t n = test_random(seed) % 5; n; n--) {
		if (macros && test_random(seed) % 4 == 0)
			text_addf(out, "[attr]own %s %s\n", PICK(seed, words), PICK(seed, words));
		text_addf(out, "%s%s", test_random(seed) % 8 ? "" : " ", PICK(seed, patterns));
		for (uint64_t k = 1 + test_random(seed) % 3; k; k--)
			text_addf(out, "%s%s", test_random(seed) % 5 ? " " : "\t",
				  PICK(seed, words));
		text_add(out, test_random(seed) % 6 ? STR("\n") : STR("\r\n"));
	}
	if (test_random(seed) % 8 == 0)
		text_addf(out, "# a comment\n\n*.txt wr/ong text\n");
}

static void add_content(struct text *out, uint64_t *seed)
{
	/* A space before each $Id$: of "$$Id$" git itself makes two things, by how it reads the file. */
	static const struct {
		const char *at;
		size_t n;
	} pieces[PIECES] = { { "a", 1 },
			     { "\r\n", 2 },
			     { "\n", 1 },
			     { "\n", 1 },
			     { "\r\n", 2 },
			     { " $Id$", 5 },
			     { " $Id: 12 $", 10 },
			     { " $Id: a b c $", 13 },
			     { " $Id: $", 7 },
			     { "\x1a", 1 },
			     { "some text of a few words\n", 25 },
			     { " $Id\n$ $Id:\n$", 13 },
			     { "\r", 1 },
			     { "\0", 1 } };
	/* Most texts have none of the bytes that make them look binary. */
	uint64_t kinds = test_random(seed) % 4 ? PIECES - 2 : PIECES;
	text_clear(out);
	for (uint64_t n = test_random(seed) % 9; n; n--) {
		uint64_t k = test_random(seed) % kinds;
		text_add(out, (struct str){ pieces[k].at, pieces[k].n });
	}
}

static struct oid write_commit(struct repo *repo, uint64_t *seed)
{
	static const char *const rules[] = { ".gitattributes", "d/.gitattributes",
					     "d/e/.gitattributes" };
	struct splice_edit edits[FILES + 3];
	struct text content = { 0 };
	struct oid tree, commit;
	bool good = repo_tree_write(repo, &(struct repo_entries){ 0 }, &tree, &fail);
	for (int i = 0; i < FILES + 3; i++) {
		text_clear(&content);
		if (i < FILES)
			add_content(&content, seed);
		else
			add_rules(&content, seed, i == FILES);
		edits[i] = (struct splice_edit){
			.path = str_from(i < FILES ? paths[i] : rules[i - FILES]), .mode = 0100644
		};
		good = good && repo_blob_write(repo, text_str(&content), &edits[i].id, &fail);
	}
	good = good && splice_tree(repo, tree, edits, FILES + 3, &tree, &fail) &&
	       repo_commit_write(repo, &(struct repo_commit){ tree, NULL, 0, "x\n", 86400 },
				 &commit, &fail);
	CHECK(good, fail.text);
	text_release(&content);
	return commit;
}

static void put(const char *folder, const char *path, struct str bytes)
{
	struct text name = { 0 };
	text_addf(&name, "%s/%s", folder, path);
	FILE *file = fopen(name.at, "w");
	if (!file || fwrite(bytes.at ? bytes.at : "", 1, bytes.n, file) != bytes.n || fclose(file))
		abort();
	text_release(&name);
}

/* A repository with settings and rules of its own. */
static bool make_repository(int round, uint64_t *seed)
{
	static const char *const autocrlf[] = { "false", "false", "true", "input" },
				 *const eol[] = { "lf", "crlf", "native" };
	struct text info = { 0 };
	if (test_random(seed) % 3 == 0)
		add_rules(&info, seed, true);
	bool good = scratch_run(
		"git init -q -b main r%d && cd r%d && git config core.autocrlf %s && "
		"git config core.eol %s && git config core.safecrlf false && mkdir -p .git/info",
		round, round, PICK(seed, autocrlf), PICK(seed, eol));
	text_addf(&info, "\n");
	char folder[32];
	snprintf(folder, sizeof folder, "r%d", round);
	if (good)
		put(folder, ".git/info/attributes", text_str(&info));
	text_release(&info);
	return good;
}

static void check_round(struct arena *arena, int round, uint64_t *seed)
{
	struct schedule_agent agent = { .name = STR("x"),
					.owns = { (struct str[]){ STR("**") }, 1 } };
	struct schedule schedule = { .agent = &agent, .agent_n = 1 };
	struct repo *repo;
	struct harvest harvest;
	struct text content = { 0 };
	char folder[32], tree[128];
	snprintf(folder, sizeof folder, "r%d", round);
	snprintf(tree, sizeof tree, "%s/t%d", scratch_folder, round);
	if (!CHECK(make_repository(round, seed) && repo_open(folder, &repo, &fail), fail.text))
		return;
	struct oid commit = write_commit(repo, seed);
	struct tree_orders orders = {
		.work_dir = tree,
		.git_dir = arena_format(arena, "%s/g%d", scratch_folder, round).at,
		.manifest = arena_format(arena, "%s/m%d", scratch_folder, round).at,
		.branch = "wire/x",
		.isolation = SCHEDULE_CLONE,
		.commit = commit
	};
	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(scratch_run("cd %s && git update-ref refs/heads/main %s && git reset -q --hard && "
			  "git status --porcelain >/dev/null",
			  folder, commit.hex),
	      "git checks it out");
	if (!CHECK(scratch_run("diff -ra -x .git %s %s", folder, tree),
		   "the tree is as git writes it"))
		printf("# see %s, %s\n", folder, tree);
	CHECK(scratch_ask("git -C %s status --porcelain 2>/dev/null", tree)[0] == 0,
	      "git finds it clean");
	for (int i = 0; i < FILES; i++) {
		if (test_random(seed) % 3 == 0)
			continue;
		add_content(&content, seed);
		put(folder, paths[i], text_str(&content));
		put(tree, paths[i], text_str(&content));
		CHECK(scratch_run("cd %s && git add -- '%s'", folder, paths[i]), "git adds it");
	}
	CHECK(harvest_take(arena, repo, &schedule, 0, &orders, &harvest, &fail), fail.text);
	if (!CHECK(strcmp(scratch_ask("git -C %s write-tree", folder), harvest.tree.hex) == 0,
		   "it is stored as git stores it"))
		scratch_run("git -C %s diff --cached %s", folder, harvest.tree.hex);
	text_release(&content);
	repo_close(repo);
}

/* What git would store through a program is not taken, and its bytes are not lost. */
static void check_filters(struct arena *arena)
{
	struct schedule_agent agent = { .name = STR("x"),
					.owns = { (struct str[]){ STR("**") }, 1 } };
	struct schedule schedule = { .agent = &agent, .agent_n = 1 };
	struct repo *repo;
	struct harvest harvest;
	struct oid commit;
	struct str branch;
	CHECK(scratch_run(
		      "git init -q -b main f && cd f && git config filter.own.clean cat && "
		      "printf '*.bin filter=lfs -text\\n*.own filter=own\\n*.none filter=none\\n"
		      "*.wide working-tree-encoding=UTF-16LE\\n' >.gitattributes && "
		      "printf 'version https://git-lfs.github.com/spec/v1\\n' >a.bin && cp a.bin b.bin && "
		      "git add -A && git -c user.name=a -c user.email=a@b commit -qm x"),
	      "a repository with filters");
	if (!CHECK(repo_open("f", &repo, &fail) &&
			   repo_base(repo, arena, STR(""), &commit, &branch, &fail),
		   fail.text))
		return;
	struct tree_orders orders = { .work_dir = arena_format(arena, "%s/ft", scratch_folder).at,
				      .git_dir = arena_format(arena, "%s/fg", scratch_folder).at,
				      .manifest = arena_format(arena, "%s/fm", scratch_folder).at,
				      .branch = "wire/x",
				      .isolation = SCHEDULE_CLONE,
				      .commit = commit };
	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(scratch_run(
		      "cd ft && echo real >a.bin && rm b.bin && echo 1 >x.own && echo 1 >x.none && "
		      "echo 1 >x.wide && printf 'version https://git-lfs.github.com/spec/v1\\n2\\n' >c.bin"),
	      "an agent changes them");
	CHECK(harvest_take(arena, repo, &schedule, 0, &orders, &harvest, &fail), fail.text);
	CHECK(harvest.n == 6, "six changes");
	for (size_t i = 0; i < harvest.n; i++) {
		const struct harvest_change *c = &harvest.at[i];
		bool held = str_is(c->path, "a.bin") || str_is(c->path, "x.own") ||
			    str_is(c->path, "x.wide");
		CHECK(held == (c->refused != NULL), "held back where a program would store it");
	}
	CHECK(strcmp(scratch_ask("git -C f ls-tree --name-only %s | paste -sd ' '",
				 harvest.tree.hex),
		     ".gitattributes a.bin c.bin x.none") == 0,
	      "the result");
	CHECK(strcmp(scratch_ask("git -C f show %s:a.bin", harvest.stray_tree.hex), "real") == 0,
	      "what was written is kept");
	repo_close(repo);
}

int main(void)
{
	struct arena arena = { 0 };
	uint64_t seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 10) : 7;
	if (!scratch_begin("conversion"))
		return 1;
	for (int round = 0; round < ROUNDS; round++)
		check_round(&arena, round, &seed);
	check_filters(&arena);
	arena_release(&arena);
	if (!getenv("KEEP"))
		scratch_end();
	return test_end();
}
