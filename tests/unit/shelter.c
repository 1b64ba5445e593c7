/* shelter.c — commits are made, sheltered and given refs while another program removes, without a pause,
 * whatever no ref leads to. In the end nothing is missing. */
#include "runtime/repo.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <signal.h>
#include <sys/wait.h>

enum { ROUNDS = 120, TRIES = 200 };

static struct fail fail;
static int again;

/* `git prune` removes what is loose, `git repack -ad` what is in packs; both without sparing what is
 * new. */
static pid_t begin_cleaning(void)
{
	pid_t pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		execl("/bin/sh", "sh", "-c",
		      "cd r && while :; do git prune --expire=now; git repack -a -d -q; done 2>/dev/null >&2",
		      (char *)NULL);
		_exit(127);
	}
	setpgid(pid, pid);
	return pid;
}

/* A commit with a file and a folder of its own, for which nothing was there before. */
static bool make(struct repo *repo, int round, struct oid parent, struct oid *commit)
{
	struct text bytes = { 0 };
	struct repo_entry file = { STR("file"), 0100644, { "" } },
			  folder = { STR("d"), 0040000, { "" } };
	struct oid tree;
	text_addf(&bytes, "the content of round %d\n", round);
	bool good = repo_blob_write(repo, text_str(&bytes), &file.id, &fail) &&
		    repo_tree_write(repo, &(struct repo_entries){ &file, 1 }, &folder.id, &fail) &&
		    repo_tree_write(repo, &(struct repo_entries){ &folder, 1 }, &tree, &fail) &&
		    repo_commit_write(repo, &(struct repo_commit){ tree, &parent, 1, "x\n", 86400 },
				      commit, &fail);
	text_release(&bytes);
	return good;
}

/* As an attempt does it: again, when a part has gone before it was safe. */
static bool make_safe(struct repo *repo, int round, struct oid parent, struct oid *commit)
{
	bool whole = false;
	for (int i = 0; i < TRIES && !whole; i++) {
		/* libgit2 makes no commit of a tree that is gone. */
		if (make(repo, round, parent, commit) &&
		    !repo_shelter(repo, *commit, &parent, 1, STR("round\n"), &whole, &fail))
			return false;
		again += !whole;
	}
	return whole;
}

static void check_race(struct repo *repo, struct arena *arena)
{
	struct oid base, commit;
	struct str branch;
	pid_t cleaning = begin_cleaning();
	int made = 0, status;
	CHECK(repo_base(repo, arena, STR(""), &base, &branch, &fail), fail.text);
	for (int round = 0; round < ROUNDS; round++) {
		char name[64];
		bool moved = false;
		snprintf(name, sizeof name, "refs/orch/1/agents/%d", round);
		if (!CHECK(make_safe(repo, round, base, &commit), fail.text))
			break;
		/* Tests of the result may take as long as they like. */
		usleep(20000);
		if (CHECK(repo_ref_move(repo, name, (struct oid){ "" }, commit, "x", &moved,
					&fail) &&
				  moved,
			  fail.text))
			made++;
		if (round % 10 == 9)
			CHECK(repo_shelter_end(repo, STR("round\n"), &fail), fail.text);
	}
	kill(-cleaning, SIGKILL);
	waitpid(cleaning, &status, 0);
	printf("# %d commits, made again %d times\n", made, again);
	CHECK(scratch_run(
		      "cd r && rm -f .git/objects/pack/tmp_* && [ -z \"$(git fsck 2>&1 | grep -v ^dangling)\" ]"),
	      "nothing is missing");
	CHECK(scratch_run("cd r && git gc -q --prune=now && git fsck --strict"), "nor later");
	for (int round = 0; round < made; round++)
		CHECK(scratch_run(
			      "cd r && [ \"$(git show refs/orch/1/agents/%d:d/file)\" = 'the content of round %d' ]",
			      round, round),
		      "every file is there");
}

int main(void)
{
	struct arena arena = { 0 };
	struct repo *repo;
	if (!scratch_begin("shelter") || !scratch_repository() || !repo_open("r", &repo, &fail))
		return 1;
	check_race(repo, &arena);
	CHECK(scratch_run("! ls r/.git/objects/pack/*.keep"), "nothing is held any longer");
	CHECK(scratch_run("! ls -d r/.git/objects/orch-*"), "nor left half made");
	repo_close(repo);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
