/* harvest_case.c — one by one, what agents do to their trees and what the harvest makes of it. */
#include "runtime/harvest.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static struct fail fail;

/* A fresh tree t of the repository's commit, with an agent that owns these. */
struct stage {
	struct arena *arena;
	struct repo *repo;
	struct str owns[4];
	struct schedule_agent agent;
	struct schedule schedule;
	struct tree_orders orders;
	struct harvest harvest;
};

static void stage_begin(struct stage *s, struct arena *arena, struct repo *repo,
			const char *const owns[4])
{
	struct str branch;
	*s = (struct stage){ .arena = arena, .repo = repo, .agent = { .name = STR("x") } };
	size_t n = 0;
	for (; n < 4 && owns[n]; n++)
		s->owns[n] = str_from(owns[n]);
	s->agent.owns = (struct str_list){ s->owns, n };
	s->schedule = (struct schedule){ .agent = &s->agent, .agent_n = 1 };
	s->orders = (struct tree_orders){
		.work_dir = arena_format(arena, "%s/t", scratch_folder).at,
		.git_dir = arena_format(arena, "%s/g", scratch_folder).at,
		.manifest = arena_format(arena, "%s/m", scratch_folder).at,
		.branch = "wire/x",
	};
	CHECK(repo_base(repo, arena, STR(""), &s->orders.commit, &branch, &fail) &&
	      tree_prepare(repo, &s->orders, &fail), fail.text);
}

#define STAGE(s, ...) stage_begin(&(s), arena, repo, (const char *const[4]){ __VA_ARGS__ })

/* Harvests, and says which paths changed and how: "+a", "-a", "~a"; "!" refused; "?" a stray. */
static const char *changes(struct stage *s)
{
	struct text text = { 0 };
	CHECK(harvest_take(s->arena, s->repo, &s->schedule, 0, &s->orders, &s->harvest, &fail),
	      fail.text);
	for (size_t i = 0; i < s->harvest.n; i++) {
		const struct harvest_change *c = &s->harvest.at[i];
		text_addf(&text, "%s%s%c%.*s", i ? " " : "", c->refused ? "!" : c->owned ? "" : "?",
			  !c->mode_before ? '+' : !c->mode_after ? '-' : '~', STR_ARG(c->path));
	}
	const char *result = arena_copy(s->arena, text_str(&text)).at;
	text_release(&text);
	return result;
}

static void stage_end(struct stage *s)
{
	CHECK(tree_remove(s->repo, &s->orders, &fail), fail.text);
}

static bool is(const char *got, const char *want)
{
	bool same = strcmp(got, want) == 0;
	if (!same)
		printf("# got %s\n# not %s\n", got, want);
	return same;
}

static const char *names_of(struct oid tree)
{
	return scratch_ask("git -C r ls-tree -r --name-only %s | tr '\\n' ' '", tree.hex);
}

static void check_commits(struct arena *arena, struct repo *repo)
{
	struct stage s;
	STAGE(s, "a");
	scratch_run("cd t && echo two > a && echo three > stray && git add -A && git commit -qm "
		    "work && git rm -q d/b && "
		    "git commit -qm more && git checkout -q -b elsewhere && git stash list");
	CHECK(is(changes(&s), "~a ?-d/b ?+stray"),
	      "commits, branches and the index have no say: only files have");
	CHECK(is(names_of(s.harvest.tree), ".gitignore a d/b d/c "),
	      "strays are not in the result");
	CHECK(is(names_of(s.harvest.stray_tree), ".gitignore a d/c stray "),
	      "and are kept beside it");
	scratch_run("cd t && git reset -q --hard HEAD~2");
	CHECK(is(changes(&s), ""), "written again as it was is no change");
	CHECK(oid_equal(s.harvest.tree, s.harvest.start_tree) && oid_none(s.harvest.stray_tree),
	      "the start tree itself");
	stage_end(&s);
}

static void check_ignored(struct arena *arena, struct repo *repo)
{
	struct stage s;
	STAGE(s, "**", "keep.log", "out/deep/exact");
	scratch_run("cd t && echo x | tee y.log keep.log n && mkdir -p out/deep && touch out/o "
		    "out/deep/exact out/deep/o");
	CHECK(is(changes(&s), "+keep.log +n +out/deep/exact"),
	      "ignored files stay out, unless owned by their very name");
	scratch_run(
	    "cd t && rm -rf out *.log n && echo '!*.log' > d/.gitignore && touch d/in.log && "
	    "printf '[core]\\n\\texcludesFile = %s/all\\n\\tfsmonitor = touch %s/fired\\n' >> "
	    "../g/config && "
	    "echo '*' > ../all && echo '*' > ../g/info/exclude && touch seen",
	    scratch_folder, scratch_folder);
	CHECK(is(changes(&s), "+d/.gitignore +d/in.log +seen"),
	      "the tree's rules count, the agent's git folder does not");
	CHECK(!file_there("fired"), "nothing ran");
	alarm(30);
	scratch_run("cd t && rm -f seen d/* d/.gitignore && git -c core.fsmonitor= checkout -q d "
		    "&& mkfifo d/.gitignore && touch d/in.log e.log && "
		    "mkdir f && ln -s /dev/zero f/.gitignore && touch f/x.log");
	CHECK(is(changes(&s), "!+d/.gitignore +d/in.log +f/.gitignore +f/x.log"),
	      "rules that are no file are not read");
	alarm(0);
	stage_end(&s);
}

static void check_refused(struct arena *arena, struct repo *repo)
{
	struct stage s;
	STAGE(s, "**");
	scratch_run("cd t && mkdir .GIT inner bare && touch .GIT/config 'git~1' && git init -q "
		    "inner && touch inner/file && "
		    "git init -q --bare bare && mkfifo pipe && ln a hard && ln d/b d/hard2 && echo "
		    "more >> d/b");
	CHECK(is(changes(&s), "!+.GIT !+bare !~d/b !+d/hard2 !+git~1 !+hard !+inner !+pipe"),
	      "what no tree may have");
	CHECK(oid_equal(s.harvest.tree, s.harvest.start_tree), "nothing of it is in the result");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "t/socket" };
	scratch_run("cd t && rm -rf .GIT git~1 inner bare pipe hard d/hard2 && truncate -s 1T huge "
		    "&& mkdir -p d/empty/empty");
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "a socket");
	CHECK(is(changes(&s), "~d/b !+huge !+socket"),
	      "no terabytes, no sockets; empty folders are nothing");
	close(fd);
	stage_end(&s);
}

static void check_kinds(struct arena *arena, struct repo *repo)
{
	struct stage s;
	STAGE(s, "a", "d/b", "d/c", "new/**");
	scratch_run("cd t && rm a && mkdir a && touch a/x && rm -r d && ln -s /etc d");
	CHECK(is(changes(&s), "-a +a/x ?+d -d/b -d/c"), "a file becomes a folder, a folder a link");
	CHECK(is(names_of(s.harvest.tree), ".gitignore a/x "), "owned parts of it");
	scratch_run("cd t && rm -r a d && git checkout -q . && mkdir new && ln -s "
		    "../../../etc/passwd new/l && chmod +x d/b && touch d/c");
	CHECK(is(changes(&s), "~d/b +new/l"), "modes and links; a touched file is no change");
	CHECK(strcmp(scratch_ask("git -C r cat-file -p %s:new/l", s.harvest.tree.hex),
		     "../../../etc/passwd") == 0,
	      "a link as a link");
	scratch_run("cd t && rm -rf * .gitignore");
	CHECK(is(changes(&s), "?-.gitignore -a -d/b -d/c"), "all gone");
	stage_end(&s);
	STAGE(s, "d");
	scratch_run("cd t && rm -r d && touch d && rm a && mkdir a && touch a/b");
	s.owns[0] = STR("*");
	CHECK(is(changes(&s), "-a ?+a/b !+d ?-d/b ?-d/c"),
	      "an owned file in the place of files that are not owned is refused");
	CHECK(is(names_of(s.harvest.tree), ".gitignore d/b d/c "), "what is not owned stays");
	stage_end(&s);
	STAGE(s, "a/**");
	scratch_run("cd t && rm a && mkdir a && touch a/b");
	CHECK(is(changes(&s), "?-a !+a/b"),
	      "and so does a file that is not owned, in the place of a folder");
	stage_end(&s);
	STAGE(s, "a");
	scratch_run("cd t && cp -p a ../time && printf 'two\\n' > a && touch -r ../time a");
	CHECK(is(changes(&s), "~a"), "a change with the old time and size");
	stage_end(&s);
}

/* As somebody whom permissions stop. */
static void check_locked(struct arena *arena, struct repo *repo)
{
	struct stage s;
	STAGE(s, "**");
	scratch_run("cd t && echo new > a && chmod 000 a && mkdir l && echo x > l/x && chmod 755 "
		    "l/x && chmod 000 l && chmod 444 d && chmod 100 .");
	CHECK(is(changes(&s), "~a +l/x"), "what an agent locked is opened, as it belongs to us");
	stage_end(&s);
}

static void check_deep(struct arena *arena, struct repo *repo)
{
	struct stage s;
	STAGE(s, "**");
	int at = open("t", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 30 && at >= 0; i++) {
		char name[251];
		memset(name, 'n', 250);
		name[250] = 0;
		mkdirat(at, name, 0777);
		int below = openat(at, name, O_RDONLY | O_DIRECTORY);
		close(at);
		at = below;
	}
	close(openat(at, "file", O_WRONLY | O_CREAT, 0666));
	close(at);
	changes(&s);
	CHECK(s.harvest.n == 1 && s.harvest.at[0].refused &&
		  strstr(s.harvest.at[0].refused, "too long"),
	      "a path no one can name");
	stage_end(&s);
}

/* A folder and a link to a folder outside change places as fast as they can; nothing of the outside
 * may ever be read. */
enum { HARVESTS = 400 };

static void check_flips(struct arena *arena, struct repo *repo, int harvests)
{
	struct stage s;
	struct str bytes;
	STAGE(s, "**");
	struct oid secret = repo_blob_name(STR("top secret\n"));
	scratch_run(
	    "mkdir outside && echo top secret > outside/b && cd t && ln -s ../outside flip");
	pid_t child = fork();
	if (child == 0) {
		for (;;)
			renameat2(AT_FDCWD, "t/d", AT_FDCWD, "t/flip", RENAME_EXCHANGE);
	}
	bool good = true;
	int linked = 0;
	for (int i = 0; i < harvests && good; i++) {
		struct arena_mark mark = arena_mark(arena);
		scratch_put(i % 2 ? "outside/b" : "outside/c", "top secret\n");
		good = harvest_take(arena, repo, &s.schedule, 0, &s.orders, &s.harvest, &fail);
		for (size_t j = 0; j < s.harvest.n; j++)
			linked += str_is(s.harvest.at[j].path, "d") &&
				  s.harvest.at[j].mode_after == 0120000;
		arena_reset(arena, mark);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("# %d harvests, the link was in the folder's place in %d\n", harvests, linked);
	CHECK(good, fail.text);
	CHECK(linked > 0 && linked < harvests, "they raced");
	CHECK(!repo_blob_read(repo, arena, secret, &bytes, &fail), "nothing from outside was read");
	stage_end(&s);
}

/* harvest_case [FLIPS]: tests/sweeps/gate has more of them. */
int main(int argc, char **argv)
{
	struct arena memory = { 0 }, *arena = &memory;
	struct repo *repo;
	if (!scratch_begin("cases"))
		return 1;
	if (getuid() == 0 && (chown(scratch_folder, 65534, 65534) ||
			      setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)))
		return 1;	/* permissions mean nothing to root */
	if (!scratch_repository() ||
	    !scratch_run("cd r && echo three > d/c && printf '*.log\\n/out/\\n' > .gitignore && "
			 "git add -A && git commit -qm two") ||
	    !repo_open("r", &repo, &fail))
		return 1;
	check_commits(arena, repo);
	check_ignored(arena, repo);
	check_refused(arena, repo);
	check_kinds(arena, repo);
	check_locked(arena, repo);
	check_deep(arena, repo);
	check_flips(arena, repo, argc > 1 ? atoi(argv[1]) : HARVESTS);
	repo_close(repo);
	arena_release(arena);
	scratch_end();
	return test_end();
}
