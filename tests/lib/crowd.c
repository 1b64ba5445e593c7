/* crowd.c — a pretend agent: crowd FILE N. Makes up to N processes, writes into FILE how many there were with
 * itself, and ends them. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int n, char **words)
{
	int most = n > 2 ? atoi(words[2]) : 0, made = 0;
	pid_t *ids = calloc((size_t)most + 1, sizeof *ids);
	for (; ids && made < most && (ids[made] = fork()) >= 0; made++)
		if (ids[made] == 0)
			for (;;)
				pause();
	FILE *file = n > 1 ? fopen(words[1], "w") : NULL;
	if (file) {
		fprintf(file, "%d\n", made + 1);
		fclose(file);
	}
	for (int i = 0; i < made; i++)
		kill(ids[i], SIGKILL);
	return !file;
}
