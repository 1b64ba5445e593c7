/* A program is run to its end, with all that it started: daemons, stopped ones, ones that hear no
 * TERM. */
#include "runtime/child.h"

#include "runtime/reap.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

struct ran {
	struct child_end end;
	struct str output;
	bool good;
};
struct limits {
	int64_t timeout, idle;
	uint64_t log;
};

static struct ran run(struct arena *arena, const char *script, struct limits limits)
{
	const char *words[] = { "sh", "-c", script, NULL },
		   *env[] = { "PATH=/usr/bin:/bin", "GREETING=hello there", NULL };
	struct child_orders orders = { .words = words,
				       .env = env,
				       .folder = scratch_folder,
				       .input = "input",
				       .timeout = limits.timeout,
				       .idle = limits.idle,
				       .grace = 100 };
	struct ran ran = { .good = false };
	struct watch watch;
	struct output output;
	struct fail fail;
	if (!watch_begin(&watch, -1, &fail) ||
	    !output_open(&output, "log.txt", limits.log ? limits.log : OUTPUT_LIMIT, &fail))
		abort();
	ran.good = child_run(&orders, &watch, &output, &ran.end, &fail);
	ran.output = output_tail(&output, arena, 1000);
	ran.good = output_close(&output, &fail) && ran.good;
	watch_end(&watch);
	return ran;
}

static bool gone(const char *file)
{
	struct arena arena = { 0 };
	struct fail fail;
	struct str text;
	bool is_gone = file_read(&arena, file, 100, &text, &fail);
	for (struct str part; is_gone && str_split(&text, '\n', &part) && part.n;)
		is_gone = kill((pid_t)strtol(part.at, NULL, 10), 0) != 0 && errno == ESRCH;
	arena_release(&arena);
	return is_gone;
}

static void ends(struct arena *arena)
{
	struct ran ran = run(arena, "read line; echo \"$line and $GREETING\"; pwd; exit 3",
			     (struct limits){ 0 });
	CHECK(ran.good && ran.end.why == CHILD_EXITED && ran.end.status == 3 && !ran.end.signal,
	      "its exit status is told");
	CHECK(str_starts(ran.output, STR("what it reads and hello there\n")),
	      "input, environment and output are as they should be");
	CHECK(str_find_text(ran.output, str_from(scratch_folder)) != SIZE_MAX,
	      "it is started in its folder");
	ran = run(arena, "cat >/dev/null; cat; kill -9 $$", (struct limits){ 0 });
	CHECK(ran.end.why == CHILD_EXITED && ran.end.signal == 9 && ran.end.status == -1,
	      "its signal is told");
	ran = run(arena, "tty; kill -0 0 && echo group; ps -o sid= -p $$ | tr -d ' '; echo $$",
		  (struct limits){ 0 });
	CHECK(str_find_text(ran.output, STR("not a tty")) != SIZE_MAX, "it has no terminal");
}

static void not_started(struct arena *arena)
{
	const char *words[] = { "no-such-program-anywhere", NULL },
		   *env[] = { "PATH=/usr/bin:/bin", NULL };
	struct child_orders orders = {
		.words = words, .env = env, .folder = scratch_folder, .input = "input", .grace = 100
	};
	struct watch watch;
	struct output output;
	struct child_end end;
	struct fail fail;
	bool good = watch_begin(&watch, -1, &fail) &&
		    output_open(&output, "log.txt", OUTPUT_LIMIT, &fail);
	CHECK(good && child_run(&orders, &watch, &output, &end, &fail) &&
		      end.why == CHILD_NOT_STARTED && end.error == ENOENT,
	      "a program that is not there is told apart from one that fails");
	words[0] = "/etc/passwd";
	CHECK(child_run(&orders, &watch, &output, &end, &fail) && end.why == CHILD_NOT_STARTED,
	      "a file that is no program");
	scratch_put("no-interpreter", "#!/no/such/interpreter\n");
	chmod("no-interpreter", 0755);
	words[0] = arena_format(arena, "%s/no-interpreter", scratch_folder).at;
	CHECK(child_run(&orders, &watch, &output, &end, &fail) && end.why == CHILD_NOT_STARTED &&
		      end.error == ENOENT,
	      "one that exec refuses");
	output_close(&output, &fail);
	watch_end(&watch);
}

/* A user of its own, who may have two processes: this one and the keeper. Says the test's result. */
static int with_two_processes(struct arena *arena)
{
	const struct rlimit two = { 2, 2 };
	if ((getuid() ? unshare(CLONE_NEWUSER) : setresuid(54321, 54321, 54321)) ||
	    setrlimit(RLIMIT_NPROC, &two))
		return 2;
	struct ran ran = run(arena, "exit 0", (struct limits){ 0 });
	return !(ran.good && ran.end.why == CHILD_NOT_STARTED && ran.end.error == EAGAIN);
}

static void no_room(struct arena *arena)
{
	int status = -1;
	chmod(".", 0777);
	unlink("log.txt");
	pid_t id = fork();
	if (id == 0)
		_exit(with_two_processes(arena));
	waitpid(id, &status, 0);
	unlink("log.txt");
	chmod(".", 0700);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		puts("child: no user with two processes can be had here");
	else
		CHECK(status == 0,
		      "where no process can be had, it was not started, and not killed");
}

static void survivors(struct arena *arena)
{
	struct ran ran =
		run(arena,
		    "(setsid sh -c 'echo $$ >> pids; trap \"\" TERM HUP; sleep 1000' & ) ; "
		    "while ! [ -s pids ]; do sleep 0.01; done; echo over",
		    (struct limits){ 0 });
	CHECK(ran.end.why == CHILD_EXITED && ran.end.status == 0 && !ran.end.survivors,
	      "a daemon does not hold up the end");
	CHECK(gone("pids"), "a daemon with a session of its own is gone");
	unlink("pids");
	ran = run(
		arena,
		"sh -c 'echo $$ >> pids; kill -STOP $$' & sh -c 'echo $$ >> pids; exec sleep 1000' & "
		"while [ \"$(wc -l < pids 2>/dev/null || echo 0)\" -lt 2 ]; do sleep 0.01; done",
		(struct limits){ 0 });
	CHECK(ran.end.why == CHILD_EXITED && gone("pids"), "one that stopped itself is gone");
	unlink("pids");
	ran = run(
		arena,
		"for i in 1 2 3 4 5 6 7 8; do setsid sh -c 'while :; do sleep 0.01 & done' & done; exit 0",
		(struct limits){ 0 });
	CHECK(ran.end.status == 0 && !ran.end.survivors && reap_all(NULL, 0),
	      "ones that fork for ever are gone");
}

static void deadlines(struct arena *arena)
{
	struct ran ran = run(arena, "trap '' TERM; while :; do echo tick; sleep 0.02; done",
			     (struct limits){ .timeout = 300, .idle = 250 });
	CHECK(ran.end.why == CHILD_TIMEOUT && ran.end.signal == 9,
	      "one that hears no TERM is killed after its timeout");
	ran = run(arena, "echo once; exec sleep 1000",
		  (struct limits){ .idle = 200, .timeout = 60000 });
	CHECK(ran.end.why == CHILD_IDLE && ran.end.signal == 15, "one that is silent is ended");
	ran = run(arena, "trap 'echo bye; exit 0' TERM; while :; do sleep 0.01; done",
		  (struct limits){ .timeout = 200 });
	CHECK(ran.end.why == CHILD_TIMEOUT && str_ends(ran.output, STR("bye\n")),
	      "one that ends itself on TERM is heard to the end");
	ran = run(arena, "kill -STOP $$; echo never", (struct limits){ .timeout = 200 });
	CHECK(ran.end.why == CHILD_TIMEOUT, "one that stops itself is ended");
}

static void much_output(struct arena *arena)
{
	struct stat info;
	struct ran ran = run(arena, "head -c 3000000 /dev/zero | tr '\\0' 'x'; echo; echo the end",
			     (struct limits){ .log = 10000 });
	CHECK(ran.end.status == 0 && str_is(ran.output, "the end\n"),
	      "the end of the output is at hand");
	CHECK(stat("log.txt", &info) == 0 && info.st_size > 10000 + OUTPUT_TAIL - 10 &&
		      info.st_size < 11000 + OUTPUT_TAIL,
	      "the log has its limit and the end");
	CHECK(scratch_run(
		      "grep -a -q '^.orch: [0-9]* bytes are left out' log.txt && tail -n 1 log.txt | grep -q '^the end$'"),
	      "the log says what is left out");
	ran = run(arena, "printf 'a\\nb\\n'", (struct limits){ .log = 3 });
	CHECK(scratch_run("[ \"$(tr '\\n' / < log.txt)\" = a/b/ ]"),
	      "nothing is left out where nothing need be");
}

int main(void)
{
	struct arena arena = { 0 };
	struct fail fail;
	if (!scratch_begin("child") || !reap_adopt(&fail))
		return 1;
	scratch_put("input", "what it reads\n");
	ends(&arena);
	not_started(&arena);
	no_room(&arena);
	survivors(&arena);
	deadlines(&arena);
	much_output(&arena);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
