/* child.c — see child.h. The program's end is noticed through SIGCHLD in the watch, never by
 * waiting for the end of its output: a daemon may hold that pipe as long as it likes. */
#include "runtime/child.h"

#include "runtime/cell.h"
#include "runtime/crowd.h"
#include "runtime/environment.h"
#include "runtime/fence.h"
#include "runtime/keeper.h"
#include "runtime/reap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PART = 64 << 10,    /* bytes read at once */
	COUNT_MS = 100,     /* between two counts of processes that the kernel does not hold */
	PATIENCE_MS = 5000, /* for a keeper to end all */
};

struct running {
	const struct child_orders *orders;
	struct watch *watch;
	struct output *output;
	struct child_end *end;
	struct cell_end *cell; /* shared with who waits for the program: init or a keeper */
	pid_t id;
	int pipe;                      /* what it prints; -1 after its end */
	int64_t began, heard, counted; /* milliseconds */
	bool counting;                 /* its processes, since the kernel does not hold them */
	bool gone;                     /* the program itself has ended */
};

static bool is_program(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

struct str child_find(struct arena *arena, const char *word, const char *path_variable,
		      const char *folder)
{
	struct str path, part,
		rest = str_from(path_variable ? path_variable : "/usr/local/bin:/usr/bin:/bin");
	if (strchr(word, '/')) {
		path = *word == '/' ? arena_copy(arena, str_from(word))
				    : arena_format(arena, "%s/%s", folder, word);
		return is_program(path.at) ? path : (struct str){ 0 };
	}
	while (*word && str_split(&rest, ':', &part)) {
		path = part.n && *part.at == '/'
			       ? arena_format(arena, "%.*s/%s", STR_ARG(part), word)
			       : arena_format(arena, "%s/%.*s/%s", folder, STR_ARG(part), word);
		if (is_program(path.at))
			return path;
	}
	return (struct str){ 0 };
}

/* What child_find did not find: errno for it. */
static int why_not(struct arena *arena, const char *word, const char *folder)
{
	struct stat info;
	if (!strchr(word, '/'))
		return ENOENT;
	if (stat(*word == '/' ? word : arena_format(arena, "%s/%s", folder, word).at, &info))
		return errno;
	return S_ISDIR(info.st_mode) ? EISDIR : EACCES;
}

/* What the new process says when it cannot become the program: the text is empty when exec failed. */
struct told {
	int error;
	struct fail uncontained;
};

/* Without namespaces: what can be had of a boundary in this process itself. */
static bool contain(const struct boundary *boundary, struct fail *fail)
{
	if (!boundary || boundary->level != SANDBOX_LANDLOCK)
		return true;
	return fence_enter(boundary, fail);
}

static _Noreturn void give_up(int report, const struct told *told)
{
	if (write(report, told, sizeof *told) < 0)
		_exit(126);
	_exit(127);
}

/* The files must not be 0 … 2, or dup2 would leave them close-on-exec. */
static int lift(int fd)
{
	if (fd < 0 || fd > 2)
		return fd;
	int lifted = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return lifted;
}

/* In the new process, before exec. The input is opened in here: through one that was opened outside
 * the program could open it again, to be written. */
static _Noreturn void become(const struct running *run, const char *program, int printed,
			     int report)
{
	static const int usual[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGCHLD };
	const struct child_orders *orders = run->orders;
	struct told told = { 0 };
	setsid();
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		signal(usual[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &run->watch->before, NULL);
	if (!contain(orders->boundary, &told.uncontained))
		give_up(report, &told);
	int input = lift(open(orders->input, O_RDONLY | O_CLOEXEC));
	if (input < 0 || chdir(orders->folder) || dup2(input, 0) < 0 || dup2(printed, 1) < 0 ||
	    dup2(printed, 2) < 0 ||
	    (orders->box && orders->box->folder && write(orders->box->enter, "0", 1) != 1))
		told.error = errno;
	else if (orders->limit)
		told.error = limit_enter(orders->limit);
	if (told.error)
		give_up(report, &told);
	execve(program, (char *const *)orders->words, (char *const *)orders->env);
	told.error = errno;
	give_up(report, &told);
}

/* The new process: in a cell, or with a keeper. If the node dies by -9, all of it does too. */
static pid_t split(struct running *run, const int report[2], struct told *told)
{
	const struct boundary *boundary = run->orders->boundary;
	*told = (struct told){ 0 };
	run->cell = cell_share();
	if (run->cell)
		run->cell->ask = run->orders->ask ? run->orders->ask : SIGTERM;
	if (!run->cell)
		return -1;
	if (boundary && boundary->level == SANDBOX_NAMESPACES)
		return cell_start(boundary, run->orders->limit, report, run->cell,
				  &told->uncontained);
	return keeper_start(run->cell, &told->error);
}

static void hear_report(struct running *run, int report)
{
	struct told told;
	ssize_t n;
	while ((n = read(report, &told, sizeof told)) < 0 && errno == EINTR)
		;
	if (n != (ssize_t)sizeof told)
		return;
	bool contained = !*told.uncontained.text;
	*run->end = (struct child_end){ .why = contained ? CHILD_NOT_STARTED : CHILD_UNCONTAINED,
					.status = -1,
					.error = told.error,
					.uncontained = told.uncontained };
}

/* The kernel gave no namespaces, which it did when the run began. */
static void refused(struct running *run)
{
	*run->end = (struct child_end){ .why = CHILD_UNCONTAINED, .status = -1 };
	fail_system(&run->end->uncontained, "the kernel refuses namespaces");
}

static void close_if(int fd)
{
	if (fd >= 0)
		close(fd);
}

static bool start(struct running *run, const char *program, struct fail *fail)
{
	int printed[2] = { -1, -1 }, report[2] = { -1, -1 };
	struct told told;
	bool good = access(run->orders->input, R_OK) == 0 ||
		    fail_system(fail, "cannot read %s", run->orders->input);
	if (good && (pipe2(printed, O_CLOEXEC) || pipe2(report, O_CLOEXEC) ||
		     (printed[1] = lift(printed[1])) < 0 || (report[1] = lift(report[1])) < 0))
		good = fail_system(fail, "cannot make a pipe");
	if (good) {
		run->id = split(run, report, &told);
		const struct boundary *boundary = run->orders->boundary;
		if (run->id < 0 && boundary && boundary->level == SANDBOX_NAMESPACES)
			refused(run);
		else
			good = run->id >= 0 || fail_system(fail, "cannot start a process");
		if (good && run->id == 0 && (told.error || *told.uncontained.text))
			give_up(report[1], &told);
		if (good && run->id == 0)
			become(run, program, printed[1], report[1]);
	}
	close_if(printed[1]);
	close_if(report[1]);
	if (good)
		hear_report(run, report[0]);
	close_if(report[0]);
	run->pipe = good ? printed[0] : -1;
	if (good)
		fcntl(run->pipe, F_SETFL, O_NONBLOCK);
	else
		close_if(printed[0]);
	return good;
}

/* Takes what is there, but not without end: the deadlines are looked at in between. */
static void hear(struct running *run)
{
	char part[PART];
	for (int parts = 0; run->pipe >= 0 && parts < 64; parts++) {
		ssize_t n = read(run->pipe, part, sizeof part);
		if (n > 0) {
			output_add(run->output, (struct str){ part, (size_t)n });
			run->heard = watch_now();
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			close(run->pipe);
			run->pipe = -1;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void look(struct running *run)
{
	int status;
	if (run->gone || waitpid(run->id, &status, WNOHANG) != run->id)
		return;
	run->gone = true;
	/* Init or the keeper has waited for the program; or was killed, and the program with it. */
	status = run->cell->ended ? run->cell->status : SIGKILL;
	if (WIFEXITED(status))
		run->end->status = WEXITSTATUS(status);
	else
		run->end->signal = WTERMSIG(status);
}

/* Is it to be ended now? Otherwise *left is how long to wait at most. */
static bool over(struct running *run, enum child_why *why, int64_t *left)
{
	int64_t now = watch_now();
	*left = INT64_MAX;
	if (run->watch->orphaned || run->watch->stopped) {
		*why = run->watch->orphaned ? CHILD_ORPHANED : CHILD_STOPPED;
		return true;
	}
	if (run->orders->timeout) {
		*left = run->began + run->orders->timeout - now;
		*why = CHILD_TIMEOUT;
	}
	if (run->orders->idle && run->heard + run->orders->idle - now < *left) {
		*left = run->heard + run->orders->idle - now;
		*why = CHILD_IDLE;
	}
	if (*left <= 0 || !run->counting || run->cell->counted)
		return *left <= 0;
	if (run->counted + COUNT_MS - now <= 0) {
		/* Init or the keeper is not its. */
		uint32_t most = run->orders->limit->processes + 1;
		run->counted = now;
		*why = CHILD_CROWD;
		if (crowd_count(most + 1) > most)
			return true;
	}
	if (run->counted + COUNT_MS - now < *left)
		*left = run->counted + COUNT_MS - now;
	return false;
}

/* Asks it to end, and waits a while. */
static void ask_to_end(struct running *run)
{
	int64_t until = watch_now() + run->orders->grace;
	reap_ask(run->id, SIGTERM);
	while (!run->gone && !run->watch->orphaned && watch_now() < until) {
		if (watch_wait(run->watch, run->pipe, until - watch_now()))
			hear(run);
		look(run);
	}
}

/* Of a cell the kernel ends all at once. */
static void end_now(struct running *run)
{
	const struct boundary *boundary = run->orders->boundary;
	int64_t until = watch_now() + PATIENCE_MS;
	if (!boundary || boundary->level != SANDBOX_NAMESPACES) {
		keeper_stop(run->id);
		for (look(run); !run->gone && watch_now() < until; look(run))
			watch_wait(run->watch, -1, until - watch_now());
	}
	if (!run->gone)
		kill(-run->id, SIGKILL);
}

static void live(struct running *run)
{
	enum child_why why = CHILD_EXITED;
	int64_t left;
	for (look(run); !run->gone; look(run)) {
		if (over(run, &why, &left)) {
			run->end->why = why;
			/* One that forks without end is not waited for. */
			if (why != CHILD_ORPHANED && why != CHILD_CROWD)
				ask_to_end(run);
			break;
		}
		if (watch_wait(run->watch, run->pipe, left))
			hear(run);
	}
	if (!run->gone)
		end_now(run);
	while (!run->gone) {
		look(run);
		if (!run->gone)
			watch_wait(run->watch, -1, 20);
	}
}

bool child_run(const struct child_orders *orders, struct watch *watch, struct output *output,
	       struct child_end *end, struct fail *fail)
{
	struct running run = {
		.orders = orders, .watch = watch, .output = output, .end = end, .pipe = -1
	};
	struct arena arena = { 0 };
	*end = (struct child_end){ .why = CHILD_EXITED, .status = -1 };
	struct str program = child_find(&arena, orders->words[0],
					environment_value(orders->env, "PATH"), orders->folder);
	bool good = true;
	run.began = run.heard = watch_now();
	run.counting = orders->limit && !(orders->box && orders->box->processes);
	if (!program.n)
		*end = (struct child_end){ .why = CHILD_NOT_STARTED,
					   .status = -1,
					   .error = why_not(&arena, orders->words[0],
							    orders->folder) };
	else
		good = start(&run, program.at, fail);
	if (good && run.id > 0) {
		if (end->why == CHILD_EXITED)
			live(&run);
		end->survivors = !reap_all(NULL, 0);
		hear(&run);
	}
	close_if(run.pipe);
	cell_unshare(run.cell);
	end->ms = watch_now() - run.began;
	arena_release(&arena);
	return good;
}
