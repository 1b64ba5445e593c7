/* tree.c — work trees as git sees them, what is copied into them, and what never runs. */
#include "runtime/harvest.h"
#include "runtime/merge.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static struct fail fail;

static struct tree_orders orders_for(struct arena *arena, const char *name, struct oid commit)
{
	return (struct tree_orders){
		.work_dir = arena_format(arena, "%s/trees/%s", scratch_folder, name).at,
		.git_dir = arena_format(arena, "%s/git/%s", scratch_folder, name).at,
		.manifest = arena_format(arena, "%s/manifest-%s", scratch_folder, name).at,
		.branch = "wire/x",
		.lock = arena_format(arena, "%s/lock", scratch_folder).at,
		.isolation = SCHEDULE_CLONE,
		.commit = commit,
	};
}

static struct oid base_of(struct repo *repo, struct arena *arena)
{
	struct oid commit = { "" };
	struct str branch;
	CHECK(repo_base(repo, arena, STR(""), &commit, &branch, &fail), fail.text);
	return commit;
}

/* All that the user has: refs, HEAD, index, config, hooks, the checkout. */
static struct str picture(struct arena *arena)
{
	return arena_copy(arena,
			  str_from(scratch_ask(
			      "cd r && { git for-each-ref; cat .git/HEAD .git/config .git/index; "
			      "ls -R .git/hooks .git/logs; find . -path ./.git -prune -o -print | "
			      "sort; git stash list; cat a; } | sha256sum")));
}

static void check_private(struct arena *arena, struct repo *repo)
{
	struct tree_orders orders = orders_for(arena, "private", base_of(repo, arena));
	struct str before = picture(arena);
	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(!tree_prepare(repo, &orders, &fail) && strstr(fail.text, "already there"),
	      "what is there is not touched");
	CHECK(!*scratch_ask("cd trees/private && git status --porcelain"), "git finds it clean");
	CHECK(
	    strcmp(scratch_ask("cd trees/private && git -c core.fileMode=true diff-files | wc -l"),
		   "0") == 0,
	    "without reading a file");
	CHECK(strcmp(scratch_ask("cd trees/private && git symbolic-ref HEAD"),
		     "refs/heads/wire/x") == 0,
	      "its branch");
	CHECK(strcmp(scratch_ask("cd trees/private && git log --oneline | wc -l"), "2") == 0,
	      "the whole history is there");
	CHECK(strcmp(scratch_ask("cd trees/private && git config user.name"), "tester") == 0,
	      "who commits");
	CHECK(scratch_run("diff -r --exclude=.git --exclude=.env --exclude=node_modules "
			  "--exclude=sub --exclude=trees r trees/private"),
	      "the same files");
	CHECK(scratch_run("test -x trees/private/tool && test -L trees/private/link && test -d "
			  "trees/private/sub"),
	      "and modes");
	CHECK(scratch_run("cd trees/private && echo x >> a && git stash -q && git stash pop -q && "
			  "git commit -qam work && "
			  "git checkout -q -b other && git rebase -q wire/x && git branch -D "
			  "wire/x && git gc -q && git fsck"),
	      "the agent may do with it what it likes");
	CHECK(str_equal(before, picture(arena)), "and nothing of it reaches the user's repository");
	CHECK(tree_remove(repo, &orders, &fail) && !file_there("trees/private") &&
		  !file_there("git/private"),
	      "removed");
	CHECK(tree_remove(repo, &orders, &fail), "removed twice");
}

/* Contents are unpacked once and used by the next tree; a damaged file of them is made anew. */
static void check_shared(struct arena *arena, struct repo *repo)
{
	const char *const ways[] = { "true", "test -s contents", "echo rubbish > contents",
				     "truncate -s -1 contents", ": > contents" };
	struct tree_orders orders = orders_for(arena, "shared", base_of(repo, arena));
	orders.decoded = arena_format(arena, "%s/contents", scratch_folder).at;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		CHECK(scratch_run("%s", ways[i]), ways[i]);
		CHECK(tree_prepare(repo, &orders, &fail), fail.text);
		CHECK(!*scratch_ask("cd trees/shared && git status --porcelain && git -c "
				    "core.trustctime=false ls-files -m"),
		      "clean");
		CHECK(scratch_run("diff -r --exclude=.git --exclude=.env --exclude=node_modules "
				  "--exclude=sub --exclude=trees "
				  "r trees/shared"),
		      "the same files");
		CHECK(tree_remove(repo, &orders, &fail), fail.text);
	}
}

static void check_detached(struct arena *arena, struct repo *repo)
{
	struct tree_orders orders = orders_for(arena, "detached", base_of(repo, arena));
	orders.branch = "";
	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(strcmp(scratch_ask("cd trees/detached && git status --porcelain -b"),
		     "## HEAD (no branch)") == 0,
	      "clean, on no branch");
	CHECK(tree_remove(repo, &orders, &fail), fail.text);
}

static void check_linked(struct arena *arena, struct repo *repo)
{
	struct tree_orders orders = orders_for(arena, "linked", base_of(repo, arena));
	orders.isolation = SCHEDULE_WORKTREE;
	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(strcmp(scratch_ask("cd trees/linked && git status --porcelain -b"), "## wire/x") == 0,
	      "clean, on its branch");
	CHECK(scratch_run("git -C r worktree list | grep -q 'trees/linked .*wire/x'"),
	      "git lists it");
	CHECK(scratch_run("git -C r fsck && git -C r worktree prune && test -n \"$(git -C r "
			  "worktree list | grep linked)\""),
	      "and keeps it");
	CHECK(tree_remove(repo, &orders, &fail), fail.text);
	CHECK(!scratch_run("git -C r rev-parse -q --verify wire/x") &&
		  !scratch_run("git -C r worktree list | grep linked"),
	      "no trace");

	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(scratch_run("cd trees/linked && git commit -q --allow-empty -m work"),
	      "work on the branch");
	CHECK(tree_remove(repo, &orders, &fail), fail.text);
	CHECK(scratch_run("git -C r log -1 wire/x --format=%%s | grep work"),
	      "a branch with work on it stays");
	CHECK(!tree_prepare(repo, &orders, &fail) && strstr(fail.text, "wire/x is already there"),
	      "and is not taken");
	CHECK(tree_remove(repo, &orders, &fail) && scratch_run("git -C r branch -D wire/x"),
	      "cleaned");
}

static void check_names(struct arena *arena, struct repo *repo)
{
	struct oid blob, tree, commit;
	CHECK(repo_blob_write(repo, STR("x"), &blob, &fail), fail.text);
	static const char *const names[] = { ".GIT", ".git.", "git~1", ".g\342\200\214it" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct repo_entry entry = { str_from(names[i]), 0100644, blob };
		struct tree_orders orders = orders_for(arena, "odd", commit);
		CHECK(repo_tree_write(repo, &(struct repo_entries){ &entry, 1 }, &tree, &fail) &&
			  repo_commit_write(repo, &(struct repo_commit){ tree, NULL, 0, "x\n", 1 },
					    &commit, &fail),
		      fail.text);
		orders.commit = commit;
		CHECK(!tree_prepare(repo, &orders, &fail) && strstr(fail.text, names[i]),
		      "a name like .git is refused and named");
		CHECK(tree_remove(repo, &orders, &fail), fail.text);
	}
}

static void check_bring(struct arena *arena, struct repo *repo)
{
	struct schedule_agent agent = {
		.name = STR("x"), .owns = { (struct str[]){ STR("d/**"), STR("d/.env") }, 2 }
	};
	struct schedule schedule = { .agent = &agent, .agent_n = 1 };
	struct tree_orders orders = orders_for(arena, "bring", base_of(repo, arena));
	struct harvest harvest;
	char root[128];
	snprintf(root, sizeof root, "%s/r", scratch_folder);
	CHECK(tree_prepare(repo, &orders, &fail), fail.text);
	CHECK(tree_copy(root, &orders, STR("**/.env"), &fail), fail.text);
	CHECK(strcmp(scratch_ask("cat trees/bring/.env trees/bring/d/.env | tr '\\n' ' '"),
		     "secret deep ") == 0,
	      "copies");
	CHECK(tree_copy(root, &orders, STR("a"), &fail) &&
		  strcmp(scratch_ask("cat trees/bring/a"), "one") == 0,
	      "never over a file");
	CHECK(!tree_copy(root, &orders, STR(".envrc"), &fail) && strstr(fail.text, ".envrc"),
	      "a file that is not there is named");
	CHECK(!file_there("trees/bring/trees"), "other trees are not copied");
	CHECK(tree_link(root, &orders, STR("node_modules/"), &fail), fail.text);
	CHECK(strcmp(scratch_ask("cat trees/bring/node_modules/lib"), "lib") == 0, "a link");
	CHECK(!tree_link(root, &orders, STR("a"), &fail) && strstr(fail.text, "commit has"),
	      "no link over a file");
	CHECK(!tree_link(root, &orders, STR("gone"), &fail) && strstr(fail.text, "no such"),
	      "no link to nothing");
	CHECK(harvest_take(arena, repo, &schedule, 0, &orders, &harvest, &fail) && harvest.n == 0,
	      "none of it is the agent's work");
	scratch_run("echo more >> trees/bring/d/.env; rm trees/bring/node_modules");
	CHECK(harvest_take(arena, repo, &schedule, 0, &orders, &harvest, &fail) && harvest.n == 1 &&
		  str_is(harvest.at[0].path, "d/.env") && harvest.at[0].owned,
	      "but what it makes of them is");
	CHECK(tree_remove(repo, &orders, &fail) && scratch_run("cat r/node_modules/lib"),
	      "removing follows no link");
}

/* Each of these would run a program if git did, or leave a mark if something else looked. */
static const char traps[] =
    "T='touch '$PWD/fired; mkdir -p traps; "
    "trap_in() { for h in applypatch-msg post-checkout post-commit post-index-change post-merge "
    "pre-commit "
    "pre-merge-commit prepare-commit-msg reference-transaction commit-msg post-rewrite pre-auto-gc "
    "update; do "
    "printf '#!/bin/sh\\n%s-hook-'$h'\\n' \"$T\" > $1/hooks/$h; chmod +x $1/hooks/$h; done; "
    "for k in core.fsmonitor core.sshCommand core.editor core.pager core.askPass core.gitProxy "
    "credential.helper "
    "gpg.program sequence.editor diff.external diff.x.command diff.x.textconv merge.x.driver "
    "filter.x.clean "
    "filter.x.smudge filter.x.process mergetool.x.cmd alias.status pager.log "
    "interactive.diffFilter "
    "uploadpack.packObjectsHook; do git --git-dir=$1 config $k \"$T-$k\"; done; "
    "git --git-dir=$1 config filter.x.required true; git --git-dir=$1 config commit.gpgSign true; "
    "git --git-dir=$1 config include.path $PWD/traps/included; git --git-dir=$1 config "
    "core.hooksPath $1/hooks; "
    "mkdir -p $1/info; echo '* filter=x diff=x merge=x text eol=crlf ident' > $1/info/attributes; "
    "}; ";

static void check_traps(struct arena *arena, struct repo *repo)
{
	struct schedule_agent agent = { .name = STR("x"),
					.owns = { (struct str[]){ STR("a"), STR("d/**") }, 2 } };
	struct schedule schedule = { .agent = &agent, .agent_n = 1 };
	struct tree_orders orders = orders_for(arena, "trap", base_of(repo, arena));
	struct harvest harvest;
	struct oid commit, combined;
	struct str conflict;
	bool moved;
	CHECK(
	    scratch_run(
		"%s git clone -q r trapped && mkdir -p trapped/.git/hooks && "
		"echo '* filter=x diff=x merge=x text eol=crlf ident' > trapped/.gitattributes && "
		"git -C trapped add -A && git -C trapped -c user.name=a -c user.email=a@b commit "
		"-qm attributes && "
		"trap_in $PWD/trapped/.git",
		traps),
	    "traps are set");
	CHECK(scratch_run("cd trapped && touch -d yesterday a; git status; git commit "
			  "--allow-empty -m x; ls ../fired-*"),
	      "they work");
	scratch_run("rm -f fired-*; git -C trapped checkout -q .");
	scratch_run("rm -f fired-*");
	struct repo *trapped;
	CHECK(repo_open("trapped", &trapped, &fail), fail.text);
	orders.commit = base_of(trapped, arena);
	CHECK(tree_prepare(trapped, &orders, &fail), fail.text);
	CHECK(strcmp(scratch_ask("cat trees/trap/a"), "one\r") == 0, "with the line ends of eol=crlf");
	CHECK(scratch_run("%s mkdir -p git/trap/hooks && trap_in $PWD/git/trap && echo two > "
			  "trees/trap/a && echo new > trees/trap/d/n && "
			  "echo '* filter=x' > trees/trap/d/.gitattributes && echo "
			  "../../trapped/.git > git/trap/commondir",
			  traps),
	      "the agent sets traps of its own");
	scratch_run("rm -f fired-*");
	CHECK(harvest_take(arena, trapped, &schedule, 0, &orders, &harvest, &fail) &&
		  harvest.n == 3,
	      fail.text);
	CHECK(repo_commit_write(trapped,
				&(struct repo_commit){ harvest.tree, &orders.commit, 1, "x\n", 5 },
				&commit, &fail) &&
		  repo_ref_move(trapped, "refs/orch/1/x", (struct oid){ "" }, commit, "x", &moved,
				&fail) &&
		  moved,
	      fail.text);
	CHECK(merge_result(arena, trapped, &schedule, 0, orders.commit, orders.commit, commit, 6,
			   &combined, &conflict, &fail) &&
		  !conflict.n,
	      fail.text);
	CHECK(tree_remove(trapped, &orders, &fail), fail.text);
	CHECK(!scratch_run("ls fired-*"), "no trap has fired");
	repo_close(trapped);
}

int main(void)
{
	struct arena arena = { 0 };
	struct repo *repo;
	if (!scratch_begin("tree") || !scratch_repository())
		return 1;
	scratch_run("cd r && echo '#!/bin/sh' > tool && chmod +x tool && ln -s a link && printf "
		    "'.env\\nnode_modules/\\ntrees\\n' > .gitignore && "
		    "git add -A && git update-index --add --cacheinfo 160000,$(git rev-parse "
		    "HEAD),sub && git commit -qm two && "
		    "echo secret > .env && echo deep > d/.env && mkdir node_modules && echo lib > "
		    "node_modules/lib && "
		    "git init -q trees/other && echo other > trees/other/.env && echo kept >> a && "
		    "git stash -q && mkdir sub");
	if (!repo_open("r", &repo, &fail))
		return 1;
	check_private(&arena, repo);
	check_shared(&arena, repo);
	check_detached(&arena, repo);
	check_linked(&arena, repo);
	check_names(&arena, repo);
	check_bring(&arena, repo);
	check_traps(&arena, repo);
	repo_close(repo);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
