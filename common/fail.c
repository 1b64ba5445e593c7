/* fail.c — see fail.h. */
#include "common/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool fail_set(struct fail *fail, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(fail->text, sizeof fail->text, format, args);
	va_end(args);
	fail->error = 0;
	return false;
}

bool fail_system(struct fail *fail, const char *format, ...)
{
	int error = errno;
	va_list args;
	va_start(args, format);
	vsnprintf(fail->text, sizeof fail->text, format, args);
	va_end(args);
	size_t n = strlen(fail->text);
	snprintf(fail->text + n, sizeof fail->text - n, ": %s", strerror(error));
	fail->error = error;
	return false;
}

bool fail_of_machine(int error)
{
	static const int errors[] = { ENOSPC, EDQUOT, EIO,     ENFILE, EMFILE, ENOMEM,
				      EAGAIN, EINTR,  ENOBUFS, EROFS,  ESTALE, ENODEV };
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i] == error)
			return true;
	return false;
}

void fail_memory(void)
{
	static const char message[] = "error: out of memory\n";
	ssize_t written = write(2, message, sizeof message - 1);
	(void)written;
	_exit(3);
}

void fail_bug(const char *file, int line, const char *condition, const char *why)
{
	fprintf(stderr,
		"error: this is a bug in orch: %s (%s) at %s:%d\n"
		"Nothing that was recorded is lost. Please report it with the plan.\n",
		why, condition, file, line);
	abort();
}
