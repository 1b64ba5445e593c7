/* lock.c — one of a hundred wins; the lock of a killed holder is free at once. */
#include "runtime/lock.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

enum { CONTENDERS = 100 };

/* Each waits for the start, tries once, tells how it went, and holds what it has until told. */
static void contend(int start, int told, int finish)
{
	char byte;
	int fd;
	struct fail fail = { "" };
	while (read(start, &byte, 1) > 0)
		;
	bool won = lock_take("lock", "run 1 of a plan", &fd, &fail);
	if (!won && !strstr(fail.text, "is locked by another process ("))
		_exit(1);
	if (write(told, won ? "w" : "l", 1) != 1)
		_exit(1);
	while (read(finish, &byte, 1) > 0)
		;
	_exit(0);
}

static void test_contenders(void)
{
	int start[2], told[2], finish[2], won = 0, lost = 0, bad = 0;
	if (pipe(start) || pipe(told) || pipe(finish))
		abort();
	fflush(NULL);
	for (int i = 0; i < CONTENDERS; i++)
		if (fork() == 0) {
			close(start[1]);
			close(finish[1]);
			contend(start[0], told[1], finish[0]);
		}
	close(start[1]);
	for (int i = 0; i < CONTENDERS; i++) {
		char byte = 0;
		if (read(told[0], &byte, 1) != 1)
			break;
		won += byte == 'w';
		lost += byte == 'l';
	}
	close(finish[1]);
	for (int status; wait(&status) > 0;)
		bad += status != 0;
	CHECK(won == 1 && lost == CONTENDERS - 1 && !bad, "one of a hundred wins");
	close(start[0]);
	close(told[0]);
	close(told[1]);
	close(finish[0]);
}

static pid_t hold(const char *what)
{
	int told[2];
	char byte;
	if (pipe(told))
		abort();
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		int fd;
		struct fail fail;
		if (!lock_take("lock", what, &fd, &fail) || write(told[1], "w", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(told[1]);
	if (read(told[0], &byte, 1) != 1)
		child = -1;
	close(told[0]);
	return child;
}

static void test_killed(void)
{
	bool refused = true, freed = true;
	for (int i = 0; i < 50; i++) {
		int fd;
		struct fail fail;
		pid_t child = hold("run 7 of `demo`");
		if (!CHECK(child > 0, "the lock is taken"))
			return;
		refused &= !lock_take("lock", "run 8", &fd, &fail) &&
			   strstr(fail.text, "run 7 of `demo`, since 20") &&
			   strstr(fail.text, "pid ");
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		freed &= lock_take("lock", "run 8", &fd, &fail);
		close(fd);
	}
	CHECK(refused, "the refused one is told who holds it");
	CHECK(freed, "the lock of a killed holder is free at once");
}

static void test_odd(void)
{
	int fd, second;
	struct fail fail;
	if (!CHECK(lock_take("lock", "a", &fd, &fail), "a free lock is taken"))
		return;
	CHECK(!lock_take("lock", "b", &second, &fail), "not twice, not even by one process");
	unlink("lock");
	CHECK(lock_take("lock", "b", &second, &fail), "a removed lock is another lock");
	close(second);
	close(fd);
	scratch_put("lock", "pid 1, \x1b[31mred\r\xff, since ever\nmore");
	fd = open("lock", O_RDWR);
	if (flock(fd, LOCK_EX))
		abort();
	CHECK(!lock_take("lock", "b", &second, &fail) &&
		      strstr(fail.text, "(pid 1, ?[31mred??, since ever)"),
	      "a foreign text cannot drive the terminal");
	close(fd);
	if (symlink("lock", "link"))
		abort();
	CHECK(!lock_take("link", "b", &second, &fail) && strstr(fail.text, "link"),
	      "a link is not followed");
	CHECK(!lock_take("none/lock", "b", &second, &fail) && strstr(fail.text, "none/lock"),
	      "no folder: named");
}

int main(void)
{
	if (!scratch_begin("lock"))
		return 1;
	test_contenders();
	test_killed();
	test_odd();
	scratch_end();
	return test_end();
}
