/* baseline.c — what is at the base, beside what git says is there: in every kind of checkout, and
 * in broken ones. */
#include "runtime/baseline.h"

#include "common/path.h"
#include "runtime/gitplace.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

/* libgit2 1.5 leaks with every regular expression, and with a revision that cannot be read. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2\nleak:libgit2\n";
}

struct looking {
	struct arena arena;
	struct baseline baseline;
	struct baseline_list list;
	struct str_list folders;
	struct fail fail;
	bool found, opened, good;
};

static struct str whole(struct arena *arena, const char *folder)
{
	return arena_format(arena, "%s/%s", scratch_folder, folder);
}

static void look(struct looking *l, const char *folder, const char *revision)
{
	*l = (struct looking){ .found = false };
	l->found = gitplace_find(&l->arena, whole(&l->arena, folder), &l->folders);
	l->opened = l->found &&
		    baseline_open(&l->baseline, &l->arena, whole(&l->arena, folder), &l->fail);
	l->good = l->opened &&
		  baseline_read(&l->baseline, &l->arena, str_from(revision), &l->list, &l->fail);
}

static void leave(struct looking *l)
{
	baseline_close(&l->baseline);
	arena_release(&l->arena);
}

/* As `git ls-tree -r -z` has it, but for paths that no plan can name. */
static bool same_as_git(const struct looking *l, const char *folder, const char *revision)
{
	struct arena arena = { 0 };
	struct str bytes = STR(""), line;
	struct fail fail;
	size_t n = 0;
	bool same = scratch_run("git -C %s ls-tree -r -z %s > listing", folder, revision) &&
		    file_read(&arena, "listing", 1 << 30, &bytes, &fail);
	while (same && bytes.n && str_split(&bytes, 0, &line)) {
		struct str path = str_slice(line, str_find(line, '\t') + 1, line.n);
		if (!path_is_safe(path, NULL))
			continue;
		struct str mode = arena_format(
			&arena, "%06o", n < l->list.entries.n ? l->list.entries.at[n].mode : 0);
		same = n < l->list.entries.n && str_equal(l->list.entries.at[n].path, path) &&
		       str_starts(line, mode) &&
		       (!n || str_compare(l->list.entries.at[n - 1].path, path) < 0);
		n++;
	}
	arena_release(&arena);
	return same && n == l->list.entries.n;
}

static void expect_there(const char *folder, const char *revision, size_t folders, const char *what)
{
	struct looking l;
	look(&l, folder, revision);
	CHECK(l.good && l.list.there && same_as_git(&l, folder, *revision ? revision : "HEAD"),
	      what);
	CHECK(l.folders.n == folders, "the folders that it takes to read it");
	CHECK(l.list.commit.n == 40 &&
		      str_is(l.list.commit, scratch_ask("git -C %s rev-parse %s^{commit}", folder,
							*revision ? revision : "HEAD")),
	      "the commit");
	if (!l.good)
		printf("%s: %s\n", folder, l.fail.text);
	leave(&l);
}

static void check_kinds(void)
{
	CHECK(scratch_repository(), "a repository");
	CHECK(scratch_run(
		      "cd r && mkdir -p a-b a.b 'sp ace' deep/er/est && ln -s a link && echo x > a-b/x && echo x > a.b/x &&"
		      " echo x > ab && echo x > 'sp ace/y' && echo x > deep/er/est/z && echo x > caf\xC3\xA9 && echo x > run &&"
		      " chmod +x run && echo x > deep.txt && echo x > deep-er && git add -A &&"
		      " git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),vendor/lib && git commit -qm two &&"
		      " git tag -a -m v v1 && git branch side HEAD~1"),
	      "files of every kind");
	expect_there("r", "", 1, "a checkout");
	expect_there("r", "v1", 1, "a tag");
	expect_there("r", "side", 1, "a branch");
	CHECK(scratch_run("git -C r worktree add -q -b other ../linked side"),
	      "a linked work tree");
	expect_there("linked", "", 2, "a linked work tree");
	CHECK(scratch_run("git clone -q --shared r shared && git clone -q --shared shared again"),
	      "borrowed objects");
	expect_there("shared", "", 2, "objects of another repository");
	expect_there("again", "", 3, "and of one that borrows itself");
	CHECK(scratch_run("git clone -q r detached && git -C detached checkout -q --detach"),
	      "no branch is checked out");
	expect_there("detached", "", 1, "a detached HEAD");
	CHECK(scratch_run("git clone -q file://$PWD/r packed --depth 1 && git -C packed gc -q"),
	      "a shallow one, packed");
	expect_there("packed", "", 1, "a shallow clone");
	CHECK(scratch_run(
		      "git -C r config uploadpack.allowFilter true && git clone -q --filter=blob:none --no-checkout file://$PWD/r part"),
	      "a clone without the files' contents");
	expect_there("part", "", 1, "a partial clone");
	CHECK(scratch_run("git clone -q r submodule && mkdir real && mv submodule/.git real/git && "
			  "echo 'gitdir: ../real/git' > submodule/.git"), "a git folder elsewhere");
	expect_there("submodule", "", 1, "a .git that leads elsewhere");
}

static void expect_not_there(const char *folder, const char *revision, const char *why,
			     const char *nearest, const char *what)
{
	struct looking l;
	look(&l, folder, revision);
	CHECK(l.good && !l.list.there && !l.list.entries.n && str_is(l.list.nearest, nearest) &&
	      str_find_text(l.list.why, str_from(why)) != SIZE_MAX, what);
	if (!l.good || str_find_text(l.list.why, str_from(why)) == SIZE_MAX)
		printf("%s: %s %.*s\n", folder, l.fail.text, STR_ARG(l.list.why));
	leave(&l);
}

static void check_not_there(void)
{
	struct looking l;
	CHECK(scratch_run("git init -q -b main empty && git init -q --object-format=sha256 new"),
	      "others");
	expect_not_there("empty", "", "has no commit yet", "", "an empty repository");
	expect_not_there("new", "", "a format that orch cannot read", "", "SHA-256");
	expect_not_there("r", "mian", "`mian` is no branch, tag or commit", "main",
			 "a branch that is not there");
	expect_not_there("detached", "side", "is no branch", "origin/side",
			 "a branch of the remote only");
	expect_not_there("r", "a b..c~^{", "is no branch", "", "what is no revision");
	expect_not_there("r", "zzzzzzzzzz", "is no branch", "", "nothing is near");
	expect_not_there("r", "HEAD:a", "is no commit", "", "a file");
	CHECK(scratch_run("mkdir -p plain/.git none && git init -q --bare bare.git"),
	      "no repositories");
	look(&l, "plain", "");
	CHECK(!l.found, "an empty .git is no repository");
	leave(&l);
	look(&l, "none", "");
	CHECK(!l.found, "nor is nothing");
	leave(&l);
	scratch_put("none/.git", "gitdir: /etc\n");
	look(&l, "none", "");
	CHECK(!l.found, "nor any folder that .git names");
	leave(&l);
	CHECK(scratch_run("rm none/.git && mkfifo none/.git"), "a pipe");
	look(&l, "none", "");
	CHECK(!l.found, "nor a pipe, which is not waited for");
	leave(&l);
	CHECK(scratch_run("echo / >> shared/.git/objects/info/alternates"),
	      "the root as an alternate");
	look(&l, "shared", "");
	CHECK(l.folders.n == 2, "is not opened");
	leave(&l);
}

static void expect_damage_at(const char *folder, const char *revision, const char *state,
			     const char *what)
{
	struct looking l;
	look(&l, folder, revision);
	CHECK(l.opened && !l.good && strstr(l.fail.text, folder) && strstr(l.fail.text, state),
	      what);
	if (l.good || !strstr(l.fail.text, state))
		printf("    %s\n", l.fail.text);
	leave(&l);
}

static void expect_damage(const char *folder, const char *state, const char *what)
{
	expect_damage_at(folder, "", state, what);
}

static void check_damage(void)
{
	const char *object = "o=.git/objects/$(git rev-parse %s | sed 's|^..|&/|') && chmod u+w $o";
	char line[256];
	CHECK(scratch_run("for i in 1 2 3 4; do cp -r r bad$i; done; cp -r r bad"), "copies");
	snprintf(line, sizeof line, object, "HEAD:d");
	CHECK(scratch_run("cd bad1 && %s && rm $o", line), "a missing folder");
	expect_damage("bad1", "is damaged or missing; `git fsck`", "a folder that is missing");
	CHECK(scratch_run("cd bad2 && %s && : > $o", line), "an empty file for a folder");
	expect_damage("bad2", "is damaged or missing; `git fsck`",
		      "a folder whose object is empty, as after a power cut");
	CHECK(scratch_run("cd bad3 && %s && printf nonsense > $o", line), "nonsense for a folder");
	expect_damage("bad3", "is damaged or missing; `git fsck`", "a folder of nonsense");
	snprintf(line, sizeof line, object, "HEAD");
	CHECK(scratch_run("cd bad4 && %s && printf nonsense > $o", line), "nonsense for a commit");
	expect_damage("bad4", "is damaged; `git fsck`", "a damaged commit");
	/* libgit2 1.5 would wait for the rest. */
	CHECK(scratch_run("cp -r r bad5 && cd bad5 && %s && truncate -s -9 $o", line),
	      "a commit that is cut short");
	expect_damage("bad5", "is damaged; `git fsck`", "a commit that is cut short");
	snprintf(line, sizeof line, object, "HEAD^{tree}");
	CHECK(scratch_run("cp -r r bad6 && cd bad6 && %s && truncate -s 20 $o", line),
	      "the top folder, cut short");
	expect_damage("bad6", "the top folder (tree ", "the top folder, cut short");
	CHECK(scratch_run(
		      "cp -r r bad7 && cd bad7 && %s && git init -q ../other && mv .git/objects/* ../other/.git/objects && "
		      "mkdir -p .git/objects/info && echo $PWD/../other/.git/objects > .git/objects/info/alternates && "
		      "truncate -s 20 ../other/$o",
		      line),
	      "in an alternate");
	expect_damage("bad7", "is damaged or missing; `git fsck`", "what is borrowed, cut short");
	CHECK(scratch_run(
		      "cp -r bad5 bad8 && cd bad8 && git rev-parse HEAD | cut -c 1-8 > ../short"),
	      "a short name");
	expect_damage_at("bad8", scratch_ask("cat short"), "is damaged; `git fsck`",
			 "a commit that is cut short, by a short name");
	CHECK(scratch_run(
		      "cd bad && cp .git/objects/$(git rev-parse HEAD:a | sed 's|^..|&/|') t && %s && rm $o",
		      "o=.git/objects/$(git rev-parse HEAD:d | sed 's|^..|&/|')") &&
		      scratch_run(
			      "cd bad && o=.git/objects/$(git rev-parse HEAD:d | sed 's|^..|&/|') && cp t $o"),
	      "a file where a folder is named");
	expect_damage("bad", "is damaged or missing; `git fsck`", "a folder that is a file");
}

static void check_ignores(void)
{
	static const char *const paths[] = { "a",     "x.o",     "d/x.o",
					     "build", "build/y", "d/kept.c",
					     ".env",  "d/new.c", "deep/er/q.log" };
	struct looking l;
	CHECK(scratch_run(
		      "cd r && printf '*.o\\nbuild/\\n.env\\n' > .gitignore && printf '*.c\\n!kept.c\\n' > d/.gitignore && "
		      "printf '*.log\\n' >> .git/info/exclude && mkdir build && touch build/y"),
	      "rules");
	/* What the user ignores everywhere is not the repository's. */
	CHECK(scratch_run(
		      "mkdir -p .config/git && echo new.c > .config/git/ignore && "
		      "printf '[core]\\n\\texcludesFile = ~/.config/git/ignore\\n' > .gitconfig"),
	      "the user's own");
	look(&l, "r", "");
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		bool git = scratch_run(
			"XDG_CONFIG_HOME=/nowhere git -C r check-ignore -q --no-index %s",
			paths[i]);
		CHECK(baseline_ignores(&l.baseline, str_from(paths[i])) == git, paths[i]);
	}
	leave(&l);
}

/* Everything is as it was: nothing was written, no index refreshed. */
static void check_untouched(void)
{
	struct looking l;
	CHECK(scratch_run(
		      "touch r/a && find r -type f -exec stat -c '%%n %%Y %%s %%i' {} + | sort > before"),
	      "as it is");
	look(&l, "r", "");
	baseline_ignores(&l.baseline, STR("x.o"));
	leave(&l);
	CHECK(scratch_run(
		      "find r -type f -exec stat -c '%%n %%Y %%s %%i' {} + | sort | cmp - before"),
	      "and stays");
}

int main(void)
{
	if (!scratch_begin("baseline"))
		return 1;
	check_kinds();
	check_not_there();
	check_damage();
	check_ignores();
	check_untouched();
	scratch_end();
	return test_end();
}
