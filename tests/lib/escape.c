/* escape.c — a pretend agent that tries to outlive its run: escape WHAT FOLDER. It leaves behind a daemon that hears
 * no signal, one that stopped itself, one without open files, a crowd of sessions, one in namespaces of
 * its own, and, for a WHAT that begins in `chain-`, a process that is never the same for longer than a
 * moment. Then it writes FOLDER/ready and
 *
 *     end    ends with 0      fail   ends with 1      hang   hears no TERM and never ends
 *     stop   stops itself     read   reads its input, and then for ever
 *
 * All are of this one program, so whoever looks for them knows them by their executable file. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CROWD = 12, SIGNALS = 64 };

static void hear_nothing(void)
{
	for (int i = 1; i <= SIGNALS; i++)
		signal(i, SIG_IGN);
}

static void wait_for_ever(void)
{
	for (;;)
		pause();
}

static void daemon_body(void)
{
	hear_nothing();
	wait_for_ever();
}

static void stopped_body(void)
{
	for (;;)
		raise(SIGSTOP);
}

static void closed_body(void)
{
	syscall(SYS_close_range, 0, ~0U, 0);
	if (chdir("/"))
		_exit(0);
	daemon_body();
}

static void nested_body(void)
{
	/* Where it may not, it is a daemon like the others. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0 && fork() > 0)
		daemon_body();
	daemon_body();
}

static void chain_body(void)
{
	for (;;) {
		if (fork() > 0)
			_exit(0);
		setsid();
		usleep(300);
	}
}

/* Twice forked, in a session of its own: nobody's child but of whoever takes orphans. */
static void leave(void (*body)(void))
{
	if (fork())
		return;
	setsid();
	if (fork())
		_exit(0);
	body();
	_exit(0);
}

int main(int n, char **words)
{
	const char *what = n > 1 ? words[1] : "end";
	leave(daemon_body);
	leave(stopped_body);
	leave(closed_body);
	leave(nested_body);
	for (int i = 0; i < CROWD; i++)
		leave(daemon_body);
	if (!strncmp(what, "chain-", 6)) {
		leave(chain_body);
		what += 6;
	}
	usleep(20000);
	const char *folder = n > 2 ? words[2] : "out";
	mkdir(folder, 0777);
	if (chdir(folder))
		return 2;
	close(open("ready", O_WRONLY | O_CREAT, 0666));
	if (!strcmp(what, "end"))
		return 0;
	if (!strcmp(what, "fail"))
		return 1;
	if (!strcmp(what, "stop"))
		stopped_body();
	if (!strcmp(what, "read")) {
		hear_nothing();
		while (read(0, &(char){ 0 }, 1) >= 0)
			usleep(100);
	}
	hear_nothing();
	wait_for_ever();
}
