/* scratch.h — a folder for a test that works on files, gone afterwards, and git in it as an oracle.
 * On a memory file system where there is one: the tests make many small files. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "common/file.h"
#include "common/text.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_folder[64];

/* Makes the folder, changes to it, and gives git a world without the user's configuration. */
static inline bool scratch_begin(const char *name)
{
	struct stat info;
	bool memory = stat("/dev/shm", &info) == 0 && access("/dev/shm", W_OK) == 0;
	snprintf(scratch_folder, sizeof scratch_folder, "%s/orch-%s-XXXXXX",
		 memory ? "/dev/shm" : "/tmp", name);
	return mkdtemp(scratch_folder) && chdir(scratch_folder) == 0 && setenv("HOME", scratch_folder, 1) == 0 &&
	       setenv("GIT_CONFIG_NOSYSTEM", "1", 1) == 0 && unsetenv("XDG_CONFIG_HOME") == 0 &&
	       setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1) == 0;
}

static inline void scratch_end(void)
{
	struct fail fail;
	if (chdir("/") || !file_remove_tree(scratch_folder, &fail))
		printf("%s is left behind\n", scratch_folder);
}

/* Runs a shell command quietly; true when it succeeds. */
__attribute__((format(printf, 1, 2))) static inline bool scratch_run(const char *format, ...)
{
	struct text command = { 0 };
	char line[8192];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	text_addf(&command, "{ %s\n} >>%s/log 2>&1", line, scratch_folder);
	int status = system(command.at);
	text_release(&command);
	return status == 0;
}

/* The first line that a shell command prints, in static memory; "" when it fails. */
__attribute__((format(printf, 1, 2))) static inline const char *scratch_ask(const char *format, ...)
{
	static char answer[4096];
	char line[8192];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	answer[0] = 0;
	FILE *pipe = popen(line, "r");
	if (!pipe || !fgets(answer, sizeof answer, pipe))
		answer[0] = 0;
	if (pipe && pclose(pipe))
		answer[0] = 0;
	answer[strcspn(answer, "\n")] = 0;
	return answer;
}

static inline void scratch_put(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");
	if (!file || fputs(content, file) < 0 || fclose(file))
		abort();
}

/* A repository `r` with a file, a folder with a file, and one commit on the branch main. */
static inline bool scratch_repository(void)
{
	return scratch_run("git init -q -b main r && cd r && git config user.name tester && git config user.email tester@x && "
			   "echo one > a && mkdir d && echo two > d/b && git add -A && git commit -qm one");
}

#endif
