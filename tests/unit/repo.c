/* repo.c — what a repository answers, against what git says. */
#include "runtime/repo.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <signal.h>
#include <sys/wait.h>

/* libgit2 1.5 leaks with each regular expression that it matches, which it does for extensions. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2\n";
}

static struct fail fail;

static struct oid oid_of(const char *hex)
{
	struct oid oid = { "" };
	snprintf(oid.hex, sizeof oid.hex, "%s", hex);
	return oid;
}

static struct oid git_oid_of(const char *revision)
{
	return oid_of(scratch_ask("git -C r rev-parse %s", revision));
}

static void check_open(void)
{
	struct repo *repo;
	char place[256];
	snprintf(place, sizeof place, "%s/r", scratch_folder);
	CHECK(repo_open("r/d", &repo, &fail) && strcmp(repo_root(repo), place) == 0,
	      "found from a folder in it");
	repo_close(repo);
	scratch_run("mkdir empty && git init -q --bare bare.git");
	CHECK(!repo_open("empty", &repo, &fail) && strstr(fail.text, "git init"),
	      "no repository: the remedy");
	CHECK(!repo_open("bare.git", &repo, &fail) && strstr(fail.text, "bare"), "bare: refused");
	scratch_run("git init -q --object-format=sha256 long");
	CHECK(!repo_open("long", &repo, &fail) && strstr(fail.text, "SHA-256"),
	      "SHA-256: refused, said why");
	scratch_run("git clone -q r part && cd part && git config remote.origin.promisor true");
	CHECK(!repo_open("part", &repo, &fail) && strstr(fail.text, "partial"),
	      "a partial clone: refused, said why");
	scratch_run(
	    "git clone -q r sparse && cd sparse && git config core.repositoryformatversion 1 && "
	    "git config extensions.worktreeConfig true && git sparse-checkout set d");
	CHECK(repo_open("sparse", &repo, &fail), "a sparse checkout opens");
	repo_close(repo);
	scratch_run("git -C r worktree add -q -b other %s/linked", scratch_folder);
	CHECK(repo_open("linked/d", &repo, &fail), "a linked work tree opens");
	snprintf(place, sizeof place, "%s/linked", scratch_folder);
	CHECK(strcmp(repo_root(repo), place) == 0, "its root is its own");
	snprintf(place, sizeof place, "%s/r/.git", scratch_folder);
	CHECK(strcmp(repo_git_dir(repo), place) == 0, "its git folder is the common one");
	repo_close(repo);
	if (getuid() == 0) {
		scratch_run("git clone -q r theirs && chown -R 65534 theirs");
		CHECK(!repo_open("theirs", &repo, &fail) && strstr(fail.text, "safe.directory"),
		      "another's: the remedy");
	}
}

static void check_base(struct arena *arena)
{
	struct repo *repo;
	struct oid commit, main = git_oid_of("main");
	struct str branch;
	CHECK(repo_open("r", &repo, &fail), "opens");
	CHECK(repo_base(repo, arena, STR(""), &commit, &branch, &fail) && oid_equal(commit, main) &&
	      str_is(branch, "refs/heads/main"), "the branch that is checked out");
	scratch_run("git -C r tag -m t v1 && git -C r checkout -q --detach");
	CHECK(!repo_base(repo, arena, STR(""), &commit, &branch, &fail) &&
		  strstr(fail.text, "detached"),
	      "detached");
	CHECK(repo_base(repo, arena, STR("v1"), &commit, &branch, &fail) &&
		  oid_equal(commit, main) && !branch.n,
	      "a tag");
	CHECK(repo_base(repo, arena, STR("other"), &commit, &branch, &fail) &&
		  str_is(branch, "refs/heads/other"),
	      "a branch");
	CHECK(!repo_base(repo, arena, STR("nowhere"), &commit, &branch, &fail) &&
		  strstr(fail.text, "nowhere"),
	      "unknown");
	CHECK(!repo_base(repo, arena, STR("main:a"), &commit, &branch, &fail), "a file is no base");
	scratch_run("git -C r checkout -q main && git init -q -b main unborn");
	repo_close(repo);
	CHECK(repo_open("unborn", &repo, &fail) &&
		  !repo_base(repo, arena, STR(""), &commit, &branch, &fail) &&
		  strstr(fail.text, "no commit yet"),
	      "an unborn branch");
	repo_close(repo);
}

static void check_refs(struct arena *arena)
{
	struct repo *repo;
	struct oid none = { "" }, main = git_oid_of("main"), found, next;
	struct str blocking;
	bool moved;
	CHECK(repo_open("r", &repo, &fail), "opens");
	const struct oid parents[] = { main };
	CHECK(repo_commit_tree(repo, main, &found, &fail) &&
		  oid_equal(found, git_oid_of("main^{tree}")),
	      "tree of a commit");
	CHECK(repo_commit_write(repo, &(struct repo_commit){ found, parents, 1, "next\n", 86400 },
				&next, &fail),
	      "a commit");
	CHECK(strcmp(scratch_ask("git -C r log -1 --format='%%an %%at %%s' %s", next.hex),
		     "tester 86400 next") == 0,
	      "as git reads it");
	bool is;
	CHECK(repo_is_ancestor(repo, main, next, &is, &fail) && is, "ancestor");
	CHECK(repo_is_ancestor(repo, next, main, &is, &fail) && !is, "not the other way round");

	const char *name = "refs/orch/1/integration";
	CHECK(repo_ref_read(repo, name, &found, &fail) && oid_none(found), "not there");
	CHECK(repo_ref_move(repo, name, main, next, "x", &moved, &fail) && !moved,
	      "not moved from what it is not");
	CHECK(repo_ref_move(repo, name, none, main, "x", &moved, &fail) && moved, "made");
	CHECK(repo_ref_move(repo, name, none, next, "x", &moved, &fail) && !moved,
	      "not made twice");
	CHECK(repo_ref_move(repo, name, main, next, "x", &moved, &fail) && moved, "moved");
	CHECK(oid_equal(git_oid_of(name), next), "git sees it");
	scratch_run("git -C r pack-refs --all");
	CHECK(repo_ref_move(repo, name, main, none, "x", &moved, &fail) && !moved,
	      "not deleted from elsewhere");
	CHECK(repo_ref_move(repo, name, next, none, "x", &moved, &fail) && moved,
	      "deleted, packed as it is");
	CHECK(!scratch_run("git -C r rev-parse -q --verify %s", name), "gone for git too");
	CHECK(repo_ref_read(repo, "refs/heads/main", &found, &fail) && oid_equal(found, main),
	      "the others are there");

	scratch_run("git -C r branch wire/a && git -C r branch wire2");
	CHECK(repo_ref_blocked(repo, arena, "refs/heads/wire/a", &blocking, &fail) &&
		  str_is(blocking, "refs/heads/wire/a"),
	      "itself");
	CHECK(repo_ref_blocked(repo, arena, "refs/heads/wire", &blocking, &fail) &&
		  str_is(blocking, "refs/heads/wire/a"),
	      "below it");
	CHECK(repo_ref_blocked(repo, arena, "refs/heads/wire2/x/y", &blocking, &fail) &&
		  str_is(blocking, "refs/heads/wire2"),
	      "above it");
	CHECK(repo_ref_blocked(repo, arena, "refs/heads/wire3", &blocking, &fail) && !blocking.n,
	      "free");
	repo_close(repo);
}

/* A child moves the ref with git as fast as it can; each of our moves must have replaced exactly
 * what it was told to, so that the ref's values form one chain without a lost link. */
static void check_races(void)
{
	struct repo *repo;
	struct oid main = git_oid_of("main"), tree = git_oid_of("main^{tree}"), found, next;
	int ours = 0, lost = 0, races = 0;
	bool moved;
	const char *name = "refs/heads/race";
	CHECK(repo_open("r", &repo, &fail) &&
		  repo_ref_move(repo, name, (struct oid){ "" }, main, "x", &moved, &fail),
	      "made");
	pid_t child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c",
		      "cd linked && git checkout -q race && n=0; while [ ! -e ../stop ]; do "
		      "git commit -q --allow-empty -m theirs 2>/dev/null && n=$((n+1)); done; echo "
		      "$n > ../count",
		      (char *)NULL);
		_exit(127);
	}
	for (races = 0; races < 1000; races++) {
		if (!repo_ref_read(repo, name, &found, &fail))
			break;
		if (!repo_commit_write(
			repo, &(struct repo_commit){ tree, &found, 1, "ours\n", 86400 + races },
			&next, &fail) ||
		    !repo_ref_move(repo, name, found, next, "x", &moved, &fail))
			break;
		if (races % 4 == 0)
			usleep(4000);	/* let them in between */
		ours += moved;
		lost += !moved;
	}
	CHECK(races == 1000, fail.text);
	scratch_put("stop", "");
	waitpid(child, NULL, 0);
	int theirs = atoi(scratch_ask("cat count"));
	int chain = atoi(scratch_ask("git -C r rev-list --count refs/heads/race")) - 1;
	printf("# %d races: %d ours, %d refused, %d theirs, %d in the chain\n", races, ours, lost,
	       theirs, chain);
	CHECK(chain == ours + theirs, "no update was lost");
	CHECK(ours && theirs, "both sides moved it");
	repo_close(repo);
}

/* Two processes make the same new ref: one of them wins. */
static void check_creation_races(void)
{
	struct repo *repo;
	struct oid main = git_oid_of("main"), none = { "" };
	int wins = 0, both = 200;
	bool moved;
	pid_t child = fork();
	CHECK(repo_open("r", &repo, &fail), "opens");
	for (int i = 0; i < both; i++) {
		char name[64];
		snprintf(name, sizeof name, "refs/orch/new/%d", i);
		if (repo_ref_move(repo, name, none, main, "x", &moved, &fail))
			wins += moved;
	}
	repo_close(repo);
	if (child == 0)
		_exit(wins);
	int status;
	waitpid(child, &status, 0);
	CHECK(WIFEXITED(status) && wins + WEXITSTATUS(status) == both, "each is made once");
}

static bool remember(void *self, struct str path, uint32_t mode, struct oid id,
		     struct fail *failure)
{
	(void)failure;
	text_addf(self, "%06o %s %.*s\n", mode, id.hex, STR_ARG(path));
	return true;
}

static void check_objects(struct arena *arena)
{
	struct repo *repo;
	struct repo_entries entries;
	struct oid id, tree = git_oid_of("main^{tree}");
	struct str bytes;
	CHECK(repo_open("r", &repo, &fail), "opens");
	CHECK(repo_blob_write(repo, STR("one\n"), &id, &fail) &&
		  oid_equal(id, git_oid_of("main:a")),
	      "a blob's name");
	CHECK(oid_equal(repo_blob_name(STR("one\n")), id), "the name without writing");
	CHECK(repo_blob_read(repo, arena, id, &bytes, &fail) && str_is(bytes, "one\n"),
	      "a blob's bytes");
	CHECK(!repo_blob_read(repo, arena, tree, &bytes, &fail) && strstr(fail.text, "not a blob"),
	      "a tree is no blob");
	int fd = open("r/d/b", O_RDONLY);
	CHECK(repo_blob_write_file(repo, fd, 4, &id, &fail) &&
		  oid_equal(id, git_oid_of("main:d/b")),
	      "from a file");
	CHECK(!repo_blob_write_file(repo, fd, 4, &id, &fail) && strstr(fail.text, "shorter"),
	      "a file that shrank");
	close(fd);
	CHECK(repo_tree_read(repo, arena, tree, &entries, &fail) && entries.n == 2 &&
		  str_is(entries.at[0].name, "a") && entries.at[1].mode == 0040000,
	      "entries");

	/* git sorts "d.x" before "d/" before "d0". */
	struct repo_entry many[] = { { STR("d0"), 0100644, id },
				     { STR("d"), 0040000, entries.at[1].id },
				     { STR("d.x"), 0100755, id },
				     { STR("l"), 0120000, id } };
	CHECK(repo_tree_write(repo, &(struct repo_entries){ many, 4 }, &tree, &fail), "written");
	CHECK(scratch_run("cd r && git fsck --strict --no-dangling && git ls-tree -r %s | tr '\\t' "
			  "' ' | sed 's/ blob / /' > ../want",
			  tree.hex),
	      "git finds no fault");
	struct text got = { 0 };
	CHECK(repo_tree_files(repo, tree, remember, &got, &fail) &&
		  file_read(arena, "want", 9999, &bytes, &fail) && str_equal(bytes, text_str(&got)),
	      "every file, as git lists them");
	text_release(&got);
	repo_close(repo);
}

/* libgit2 1.5 would wait for the rest of what was cut short. */
static void check_damage(struct arena *arena)
{
	struct repo *repo;
	struct oid commit, tree, blob;
	struct str branch, bytes;
	CHECK(scratch_run(
		      "cp -r r cut && cd cut && seq 3000 > a && git add a && git commit -qm a && git tag -m v v &&"
		      " chmod -R u+w .git/objects && for o in HEAD:a v; do "
		      "truncate -s -5 .git/objects/$(git rev-parse $o | sed 's|^..|&/|'); done"),
	      "damaged objects");
	strcpy(blob.hex, scratch_ask("git -C cut rev-parse HEAD:a"));
	CHECK(repo_open("cut", &repo, &fail), "opens");
	CHECK(!repo_blob_read(repo, arena, blob, &bytes, &fail) &&
		      strstr(fail.text, "is damaged; `git fsck`"),
	      "a file");
	CHECK(!repo_base(repo, arena, STR("v"), &commit, &branch, &fail) &&
		      strstr(fail.text, "is damaged; `git fsck`"),
	      "a tag");
	CHECK(repo_base(repo, arena, STR(""), &commit, &branch, &fail) &&
		      repo_commit_tree(repo, commit, &tree, &fail),
	      "the rest");
	CHECK(scratch_run("cd cut && truncate -s -5 .git/objects/$(echo %s | sed 's|^..|&/|')",
			  commit.hex),
	      "the commit, too");
	repo_close(repo);
	CHECK(repo_open("cut", &repo, &fail), "opens");
	CHECK(!repo_base(repo, arena, STR(""), &commit, &branch, &fail) &&
		      strstr(fail.text, "is damaged; `git fsck`"),
	      "a commit");
	repo_close(repo);
}

int main(void)
{
	struct arena arena = { 0 };
	if (!scratch_begin("repo") || !scratch_repository())
		return 1;
	check_open();
	check_base(&arena);
	check_objects(&arena);
	check_refs(&arena);
	check_damage(&arena);
	check_races();
	check_creation_races();
	arena_release(&arena);
	scratch_end();
	return test_end();
}
