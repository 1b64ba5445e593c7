/* child.c — see child.h. The program's end is noticed through SIGCHLD in the watch, never by
 * waiting for the end of its output: a daemon may hold that pipe as long as it likes. */
#include "runtime/child.h"

#include "runtime/crowd.h"
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
	PART = 64 << 10, /* bytes read at once */
	COUNT_MS =
		100, /* between two counts of its processes, where the kernel does not hold them */
};

struct running {
	const struct child_orders *orders;
	struct watch *watch;
	struct output *output;
	struct child_end *end;
	pid_t id;
	int pipe;                      /* what it prints; -1 after its end */
	int64_t began, heard, counted; /* milliseconds */
	bool counting;                 /* its processes, since the kernel does not hold them */
	bool gone;                     /* the program itself has ended */
};

static const char *variable(const char *const *env, const char *name)
{
	size_t n = strlen(name);
	for (; *env; env++)
		if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
			return *env + n + 1;
	return NULL;
}

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

/* In the new process, before exec: only calls that are safe after fork. */
static _Noreturn void become(const struct child_orders *orders, const char *program,
			     const struct watch *watch, pid_t parent, int input, int printed,
			     int report)
{
	static const int usual[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGCHLD };
	int error = 0;
	setsid();
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		signal(usual[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &watch->before, NULL);
	/* If the node dies by -9, the agent's program does too; the rest of its processes fall to
	 * orch. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	if (chdir(orders->folder) || dup2(input, 0) < 0 || dup2(printed, 1) < 0 ||
	    dup2(printed, 2) < 0 ||
	    (orders->box && orders->box->folder && write(orders->box->enter, "0", 1) != 1))
		error = errno;
	if (!error && orders->limit)
		error = limit_enter(orders->limit);
	if (!error) {
		execve(program, (char *const *)orders->words, (char *const *)orders->env);
		error = errno;
	}
	if (write(report, &error, sizeof error) < 0)
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

static bool start(struct running *run, const char *program, struct fail *fail)
{
	int printed[2] = { -1, -1 }, report[2] = { -1, -1 }, error = 0;
	pid_t self = getpid();
	ssize_t n = 0;
	int input = lift(open(run->orders->input, O_RDONLY | O_CLOEXEC));
	bool good = false;
	if (input < 0)
		fail_system(fail, "cannot read %s", run->orders->input);
	else if (pipe2(printed, O_CLOEXEC) || pipe2(report, O_CLOEXEC) ||
		 (printed[1] = lift(printed[1])) < 0 || (report[1] = lift(report[1])) < 0)
		fail_system(fail, "cannot make a pipe");
	else if ((run->id = fork()) < 0)
		fail_system(fail, "cannot start a process");
	else
		good = true;
	if (good && run->id == 0)
		become(run->orders, program, run->watch, self, input, printed[1], report[1]);
	if (input >= 0)
		close(input);
	if (printed[1] >= 0)
		close(printed[1]);
	if (report[1] >= 0)
		close(report[1]);
	while (good && (n = read(report[0], &error, sizeof error)) < 0 && errno == EINTR)
		;
	if (n == (ssize_t)sizeof error)
		*run->end = (struct child_end){ .why = CHILD_NOT_STARTED,
						.status = -1,
						.error = error };
	if (report[0] >= 0)
		close(report[0]);
	run->pipe = good ? printed[0] : -1;
	if (!good && printed[0] >= 0)
		close(printed[0]);
	if (good)
		fcntl(run->pipe, F_SETFL, O_NONBLOCK);
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
	if (*left <= 0 || !run->counting)
		return *left <= 0;
	if (run->counted + COUNT_MS - now <= 0) {
		uint32_t most = run->orders->limit->processes;
		run->counted = now;
		*why = CHILD_CROWD;
		if (crowd_count(most + 1) > most)
			return true;
	}
	if (run->counted + COUNT_MS - now < *left)
		*left = run->counted + COUNT_MS - now;
	return false;
}

/* Asks it to end; a stopped process is woken, or it could not hear. */
static void ask_to_end(struct running *run)
{
	int64_t until = watch_now() + run->orders->grace;
	kill(-run->id, SIGTERM);
	kill(-run->id, SIGCONT);
	while (!run->gone && !run->watch->orphaned && watch_now() < until) {
		if (watch_wait(run->watch, run->pipe, until - watch_now()))
			hear(run);
		look(run);
	}
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
		kill(-run->id, SIGKILL);
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
	struct str program = child_find(&arena, orders->words[0], variable(orders->env, "PATH"),
					orders->folder);
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
		if (end->why != CHILD_NOT_STARTED)
			live(&run);
		end->survivors = !reap_all(NULL, 0);
		hear(&run);
	}
	if (run.pipe >= 0)
		close(run.pipe);
	end->ms = watch_now() - run.began;
	arena_release(&arena);
	return good;
}
