/* talk.c — see talk.h. */
#include "cmd/orchc/talk.h"

#include "cmd/orchc/commands.h"
#include "common/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_LARGEST = 1 << 30 };

int talk_failure(const struct fail *fail)
{
	fprintf(stderr, "error: %s\n", fail->text);
	return STATUS_WORLD;
}

int talk_answer(struct str text)
{
	struct fail fail;
	return file_write_all(STDOUT_FILENO, "standard output", text, &fail) ? STATUS_CLEAN
									     : talk_failure(&fail);
}

bool talk_input(struct arena *arena, const char *path, struct str *bytes, struct fail *fail)
{
	if (strcmp(path, "-"))
		return file_read(arena, path, INPUT_LARGEST, bytes, fail);
	return file_read_all(arena, STDIN_FILENO, "standard input", INPUT_LARGEST, bytes, fail);
}

bool talk_plans_named(char *const *path, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(path[i], "-")) {
			fputs("error: a plan is not read from standard input, for what it imports is found from where its file lies: name the file\n",
			      stderr);
			return false;
		}
	return true;
}

const char *talk_plural(size_t n)
{
	return n == 1 ? "" : "s";
}
