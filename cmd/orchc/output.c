/* output.c — see output.h. Two names are one file when the kernel says so: links and other
 * spellings are seen through. */
#include "cmd/orchc/output.h"

#include "common/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BEGINNING = 256 }; /* bytes; what tells what a file is stands in them */

static bool is_none(const char *path)
{
	return !path || !strcmp(path, "-");
}

static bool say_same(const char *path, const char *what)
{
	fprintf(stderr, "error: %s is %s, and would be lost: name another file for the output\n",
		path, what);
	return false;
}

/* What cannot be read does not look like anything. */
static bool looks_own(const char *path, output_is_own *own)
{
	char bytes[BEGINNING];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
	if (fd >= 0)
		close(fd);
	return n >= 0 && own((struct str){ bytes, (size_t)n });
}

bool output_may(const char *path, const char *input, output_is_own *own, const char *what)
{
	struct stat there, read;
	if (is_none(path) || stat(path, &there))
		return true;
	bool reads = strcmp(input, "-") ? !stat(input, &read) : !fstat(STDIN_FILENO, &read);
	if (reads && read.st_dev == there.st_dev && read.st_ino == there.st_ino &&
	    S_ISREG(there.st_mode))
		return say_same(path, "what is read");
	if (!S_ISREG(there.st_mode)) {
		fprintf(stderr,
			"error: %s is %s, not a file: name one, or `-` for standard output\n", path,
			S_ISDIR(there.st_mode) ? "a folder" : "something special");
		return false;
	}
	if (!own || !there.st_size || looks_own(path, own))
		return true;
	fprintf(stderr,
		"error: %s is there already, and is not %s that could be replaced: name another file, or remove it\n",
		path, what);
	return false;
}

bool output_apart(const char *path, const struct load *load)
{
	struct stat there;
	if (is_none(path) || stat(path, &there))
		return true;
	for (size_t i = 0; i < load->files.n; i++)
		if (load->files.at[i].device == there.st_dev &&
		    load->files.at[i].number == there.st_ino)
			return say_same(path, "read for the plan");
	return true;
}
