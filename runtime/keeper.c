/* keeper.c — see keeper.h. */
#include "runtime/keeper.h"

#include "runtime/reap.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { END_ALL = SIGUSR1 }; /* its parent has died, or says so */

/* Bound to its parent; also to one that died before this was said. */
static void bind_life(int signal, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != parent)
		_exit(127);
}

static _Noreturn void end_all(void)
{
	reap_all(NULL, 0);
	_exit(0);
}

static _Noreturn void look_after(pid_t program, const sigset_t *awaited, struct cell_end *end)
{
	int status;
	syscall(SYS_close_range, 0, ~0U, 0);
	for (;;) {
		for (pid_t id; (id = waitpid(-1, &status, WNOHANG)) > 0;)
			if (id == program) {
				end->status = status;
				end->ended = true;
				end_all();
			}
		int signal = sigwaitinfo(awaited, NULL);
		if (signal == END_ALL)
			end_all();
		if (signal == SIGTERM)
			reap_ask(program, end->ask);
	}
}

pid_t keeper_start(struct cell_end *end, int *error)
{
	sigset_t awaited, before;
	struct fail fail;
	pid_t self = getpid(), program = -1;
	*error = 0;
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, END_ALL);
	/* Before there is a keeper, so that it misses nothing. */
	sigprocmask(SIG_BLOCK, &awaited, &before);
	pid_t keeper = fork();
	if (keeper) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		return keeper;
	}
	setsid();
	bind_life(END_ALL, self);
	self = getpid();
	if (reap_adopt(&fail))
		program = fork();
	if (program < 0) {
		*error = errno;
		return 0;
	}
	if (program)
		look_after(program, &awaited, end);
	bind_life(SIGKILL, self);
	return 0;
}

void keeper_stop(pid_t keeper)
{
	kill(keeper, END_ALL);
}
