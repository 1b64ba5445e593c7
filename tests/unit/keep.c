/* keep.c — what is in an agent's own git folder comes over whole, and what an agent has planted there breaks
 * nothing: incomplete and malformed objects, pipes, links. */
#include "runtime/repo.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static struct fail fail;

static bool has(const char *word)
{
	return scratch_run(
		"git -C r rev-list --objects --all | cut -d' ' -f1 | git -C r cat-file --batch | grep -aq %s",
		word);
}

static bool sound(void)
{
	return scratch_run(
		"git -C r fsck --strict --no-dangling >fsck 2>&1; ! grep -v '^notice' fsck");
}

/* Keeps the folder `p` under a ref; none when there was nothing. */
static struct oid keep(struct repo *repo)
{
	struct oid commit = { "" };
	bool moved;
	if (!repo_keep_private(repo, "p", "kept\n", &commit, &fail))
		printf("%s\n", fail.text);
	if (!oid_none(commit))
		CHECK(repo_ref_move(repo, "refs/orch/1/lost/a/1", (struct oid){ "" }, commit, "x",
				    &moved, &fail) &&
			      moved,
		      "it has a ref");
	return commit;
}

static struct repo *begin(void)
{
	struct repo *repo = NULL;
	struct oid base = { "" };
	struct str branch;
	struct arena arena = { 0 };
	CHECK(scratch_run("rm -rf r p w; mkdir w") && scratch_repository() &&
		      repo_open("r", &repo, &fail) &&
		      repo_base(repo, &arena, STR(""), &base, &branch, &fail) &&
		      repo_private_create(repo, "p", "w", "work", base, &fail),
	      "a git folder of an agent's own");
	arena_release(&arena);
	scratch_run("git --git-dir=p config user.name a && git --git-dir=p config user.email a@b");
	return repo;
}

#define IN "GIT_DIR=$PWD/p GIT_WORK_TREE=$PWD/w"

static void test_nothing(void)
{
	struct repo *repo = begin();
	CHECK(oid_none(keep(repo)), "what is untouched has nothing that is to be kept");
	scratch_run("rm -rf p/objects");
	CHECK(oid_none(keep(repo)), "nor has one without objects");
	repo_close(repo);
}

static void test_everything(void)
{
	struct repo *repo = begin();
	CHECK(scratch_run(
		      "export " IN
		      "; git read-tree HEAD; echo word-one >w/one; git add one; git commit -qm word-two; "
		      "echo word-three >w/one; git stash -q; echo word-four | git hash-object -w --stdin; "
		      "git tag -a -m word-five five; git checkout -q -b side; echo word-six >w/six; git add six; "
		      "git commit -qm side; git checkout -q work; git branch -qD side; git gc -q"),
	      "an agent works");
	struct oid first = keep(repo);
	CHECK(has("word-one") && has("word-two") && has("word-three") && has("word-four") &&
		      has("word-five") && has("word-six"),
	      "all of it is reachable");
	CHECK(sound(), "and the repository is sound");
	struct oid again = { "" };
	CHECK(repo_keep_private(repo, "p", "kept\n", &again, &fail) &&
		      (oid_none(again) || oid_equal(first, again)),
	      "twice is once");
	repo_close(repo);
}

/* The user's git must not trip over what is brought. */
static void test_planted(void)
{
	struct repo *repo = begin();
	CHECK(scratch_run(
		      "export " IN "; blob=$(echo word-seven | git hash-object -w --stdin); "
		      "none=1234567890123456789012345678901234567890; "
		      "printf 'tree %%s\\nauthor a <a@b> 0 +0000\\ncommitter a <a@b> 0 +0000\\n\\nword-eight\\n' $none | "
		      "git hash-object -w -t commit --stdin --literally; "
		      "printf '100644 .git\\0' >t; echo $blob | xxd -r -p >>t 2>/dev/null || "
		      "printf '12345678901234567890' >>t; git hash-object -w -t tree --literally t; "
		      "printf '100644 b\\012345678901234567890' >u; git hash-object -w -t tree --literally u; "
		      "printf 'word-nine' | git hash-object -w -t tag --stdin --literally; "
		      "printf 'tree %%s\\nno author' $(git rev-parse HEAD^{tree}) | git hash-object -w -t commit --stdin "
		      "--literally; mkdir -p p/objects/ab; echo rubbish >p/objects/ab/cdefabcdefabcdefabcdefabcdefabcdefabcd"),
	      "an agent plants");
	keep(repo);
	CHECK(has("word-seven") && has("word-eight") && has("word-nine"),
	      "what is no sound object comes as a file");
	CHECK(sound(), "and the repository is sound all the same");
	repo_close(repo);
}

static void test_pipes(void)
{
	struct repo *repo = begin();
	struct oid commit;
	CHECK(scratch_run(
		      "mkdir -p p/objects/ab && mkfifo p/objects/ab/cdefabcdefabcdefabcdefabcdefabcdefabcd"),
	      "a pipe");
	CHECK(!repo_keep_private(repo, "p", "kept\n", &commit, &fail) &&
		      strstr(fail.text, "git has not put there"),
	      "is refused, not waited for");
	scratch_run("rm -rf p/objects && ln -s ../r/.git/objects p/objects");
	CHECK(!repo_keep_private(repo, "p", "kept\n", &commit, &fail), "and so is a link");
	repo_close(repo);
}

/* How often this process has read from files so far; 0: the kernel does not say. */
static unsigned long long reads(void)
{
	char line[128];
	unsigned long long n = 0;
	FILE *io = fopen("/proc/self/io", "r");
	while (io && !n && fgets(line, sizeof line, io))
		sscanf(line, "syscr: %llu", &n);
	if (io)
		fclose(io);
	return n;
}

/* Each object is read a few times, however long the history: not once for each commit after it. */
static void test_long(void)
{
	enum { COMMITS = 300, OBJECTS = 3 * COMMITS, EACH = 4 };
	struct repo *repo = begin();
	/* Messages so long that libgit2 remembers no commit that it has read. */
	CHECK(scratch_run(
		      "i=0; while [ $i -lt %d ]; do i=$((i + 1)); printf 'commit refs/heads/long\n"
		      "committer a <a@b> %%d +0000\ndata 5000\n%%5000d\nM 644 inline long\ndata %%d\n"
		      "word-long-%%d\n' $((1000000000 + i)) $i $((11 + ${#i})) $i; done >import; "
		      "git --git-dir=p fast-import --quiet <import && mv p/objects/pack/*.pack long.pack && "
		      "rm p/objects/pack/*.idx && git --git-dir=p unpack-objects -q <long.pack",
		      (int)COMMITS),
	      "a long history of loose objects");
	unsigned long long before = reads();
	keep(repo);
	unsigned long long after = reads();
	printf("# %d objects were kept with %llu reads\n", (int)OBJECTS, after - before);
	CHECK(after - before < (unsigned long long)OBJECTS * EACH, "each is read a few times");
	CHECK(has("word-long-1") && has("word-long-300"), "all of it is reachable");
	CHECK(sound(), "and the repository is sound");
	repo_close(repo);
}

int main(void)
{
	if (!CHECK(scratch_begin("keep"), "a folder"))
		return test_end();
	test_nothing();
	test_everything();
	test_planted();
	test_pipes();
	test_long();
	scratch_end();
	return test_end();
}
