/* turns.c — runs a command and its peers in turns, and says how they compare.
 *
 *     turns ROUNDS BEFORE COMMAND … -- PEER … -- PEER …
 *
 * One line: the median seconds of COMMAND; for each peer the ratio to it, below 1 when COMMAND is
 * the faster one, or - when the peer is not installed; COMMAND's peak MiB; its growth against
 * BEFORE seconds, or -; its exit status. Seconds are the processor's, for what is compared waits
 * for nothing, and what else the machine does is not counted. Programs are started by vfork, so
 * that starting them costs the same whatever we are. */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { PEERS_MOST = 8, ROUNDS_MOST = 101 };
extern char **environ;

struct run {
	double seconds, mib;
	int status;
};
struct subject {
	char **words;
	struct run run[ROUNDS_MOST];
};

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Status 127: there is no such program. */
static struct run run_once(char **words)
{
	posix_spawn_file_actions_t quiet;
	struct rusage used = { 0 };
	pid_t pid;
	int status = 127 << 8;
	posix_spawn_file_actions_init(&quiet);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_RDWR, 0);
	if (!posix_spawnp(&pid, words[0], &quiet, NULL, words, environ))
		wait4(pid, &status, 0, &used);
	posix_spawn_file_actions_destroy(&quiet);
	return (struct run){ seconds(used.ru_utime) + seconds(used.ru_stime),
			     (double)used.ru_maxrss / 1024,
			     WIFEXITED(status) ? WEXITSTATUS(status) : 128 };
}

static int compare(const void *a, const void *b)
{
	const struct run *x = a, *y = b;
	return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

int main(int n, char **words)
{
	static struct subject subject[PEERS_MOST];
	int rounds = n > 3 ? atoi(words[1]) : 0, count = 1;
	if (rounds < 1 || rounds > ROUNDS_MOST)
		return 2;
	subject[0].words = words + 3;
	for (int i = 3; i < n; i++)
		if (!strcmp(words[i], "--") && count < PEERS_MOST) {
			words[i] = NULL;
			subject[count++].words = words + i + 1;
		}
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++)
			subject[i].run[round] = run_once(subject[i].words);
	for (int i = 0; i < count; i++)
		qsort(subject[i].run, (size_t)rounds, sizeof *subject[i].run, compare);
	struct run ours = subject[0].run[rounds / 2];
	double before = atof(words[2]);
	printf("%.6f", ours.seconds);
	for (int i = 1; i < count; i++) {
		struct run peer = subject[i].run[rounds / 2];
		if (peer.status == 127)
			printf(" -");
		else
			printf(" %.2f", ours.seconds / peer.seconds);
	}
	printf(" %.0f", ours.mib);
	if (before > 0)
		printf(" %.1f", ours.seconds / before);
	else
		printf(" -");
	printf(" %d\n", ours.status);
	return 0;
}
