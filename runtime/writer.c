/* writer.c — see writer.h. A request is a header with three lengths and three texts: the path, which
 * is empty for the output, what the file held, and what it shall hold. The answer is a struct fail,
 * empty when all went well. */
#include "runtime/writer.h"

#include "common/arena.h"
#include "common/file.h"
#include "common/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARTS = 3, PART_LARGEST = 1 << 30 };

static bool read_whole(int fd, void *at, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = read(fd, (char *)at + done, n - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

/* The asker says a name; what counts is where it leads to. */
static bool find_root(const struct writer_orders *orders, struct str path, const char *real,
		      struct str *root)
{
	struct str file = str_from(real);
	for (size_t i = 0; i < orders->file_n; i++)
		if (str_equal(orders->files[i].path, path)) {
			*root = orders->files[i].root;
			return true;
		}
	for (size_t i = 0; i < orders->roots.n; i++) {
		*root = orders->roots.at[i];
		if (path_is_below(file, *root) &&
		    (str_ends(file, STR(".orch")) || str_ends(file, STR(".md"))))
			return true;
	}
	return false;
}

static bool replace(struct arena *arena, const struct writer_orders *orders, const struct str *part,
		    struct fail *fail)
{
	char real[PATH_MAX];
	struct str root;
	const char *why;
	if (memchr(part[0].at, 0, part[0].n) || !realpath(part[0].at, real))
		return fail_system(fail, "cannot write %s", part[0].at);
	if (!find_root(orders, part[0], real, &root))
		return fail_set(fail, "%s is not written: it is none of the plans", part[0].at);
	/* That it leads out of the root is said by file_replace(). */
	if (path_is_below(str_from(real), root) &&
	    !path_is_safe(path_below(str_from(real), root), &why))
		return fail_set(fail, "%s is not written: it leads to %s, and %s", part[0].at, real,
				why);
	return file_replace(arena, part[0].at, root, part[1], part[2], fail);
}

/* Nothing is put into a git folder, by whatever way its name leads there. */
static bool is_in_git(const char *path)
{
	char folder[PATH_MAX];
	const char *why;
	struct arena arena = { 0 };
	struct str name = path_last(str_from(path));
	bool found = realpath(file_folder(&arena, path).at, folder) != NULL;
	struct str inside = str_slice(str_from(found ? folder : ""), found,
				      found ? strlen(folder) : 0);
	bool in = (inside.n && !path_is_safe(inside, &why)) ||
		  (name.n && !path_is_safe(name, &why));
	arena_release(&arena);
	return in;
}

static bool write_output(const struct writer_orders *orders, struct str bytes, struct fail *fail)
{
	if (!orders->output)
		return fail_set(fail, "there is no file to be written");
	if (is_in_git(orders->output))
		return fail_set(fail, "%s is not written: nothing is put into a `.git`",
				orders->output);
	return orders->output_new ? file_write_new(orders->output, bytes, 0666, fail)
				  : file_write(orders->output, bytes, 0666, fail);
}

static bool read_request(struct arena *arena, int fd, struct str part[PARTS])
{
	uint64_t length[PARTS];
	if (!read_whole(fd, length, sizeof length))
		return false;
	for (int i = 0; i < PARTS; i++) {
		if (length[i] > PART_LARGEST)
			return false;
		char *at = arena_take(arena, (size_t)length[i] + 1);
		if (!read_whole(fd, at, (size_t)length[i]))
			return false;
		at[length[i]] = 0;
		part[i] = (struct str){ at, (size_t)length[i] };
	}
	return true;
}

/* Until the asker is gone. A request that is cut short is none. */
static void serve(const struct writer_orders *orders, int in, int out)
{
	struct str part[PARTS];
	struct arena arena = { 0 };
	while (read_request(&arena, in, part)) {
		struct fail fail = { "" };
		bool good = part[0].n ? replace(&arena, orders, part, &fail)
				      : write_output(orders, part[2], &fail);
		struct fail ignored;
		if (good)
			fail = (struct fail){ "" };
		if (!file_write_all(out, "the answer", (struct str){ fail.text, sizeof fail.text },
				    &ignored))
			break;
		arena_release(&arena);
	}
	arena_release(&arena);
}

bool writer_begin(struct writer *writer, const struct writer_orders *orders, struct fail *fail)
{
	int to[2], from[2];
	if (pipe2(to, O_CLOEXEC))
		return fail_system(fail, "cannot make a pipe");
	if (pipe2(from, O_CLOEXEC)) {
		fail_system(fail, "cannot make a pipe");
		close(to[0]);
		close(to[1]);
		return false;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(to[1]);
		close(from[0]);
		serve(orders, to[0], from[1]);
		_exit(0);
	}
	if (pid < 0)
		fail_system(fail, "cannot make a process that writes");
	close(to[0]);
	close(from[1]);
	*writer = (struct writer){ to[1], from[0] };
	if (pid < 0)
		writer_end(writer);
	return pid > 0;
}

static bool ask(const struct writer *writer, const struct str part[PARTS], struct fail *fail)
{
	uint64_t length[PARTS];
	BUG_IF(!writer->to, "there is no writer");
	for (int i = 0; i < PARTS; i++)
		length[i] = part[i].n;
	struct str header = { (const char *)length, sizeof length };
	bool good = file_write_all(writer->to, "the writer's pipe", header, fail);
	for (int i = 0; good && i < PARTS; i++)
		good = file_write_all(writer->to, "the writer's pipe", part[i], fail);
	if (!good)
		return false;
	if (!read_whole(writer->from, fail->text, sizeof fail->text))
		return fail_set(fail, "the process that writes files ended too early");
	fail->text[sizeof fail->text - 1] = 0;
	fail->error = 0;
	return !fail->text[0];
}

bool writer_replace(const struct writer *writer, struct str path, struct str before,
		    struct str after, struct fail *fail)
{
	return ask(writer, (const struct str[PARTS]){ path, before, after }, fail);
}

bool writer_output(const struct writer *writer, struct str bytes, struct fail *fail)
{
	return ask(writer, (const struct str[PARTS]){ STR(""), STR(""), bytes }, fail);
}

void writer_end(struct writer *writer)
{
	char byte;
	if (!writer->to)
		return;
	close(writer->to);
	/* It closes its end when it ends. */
	(void)!read(writer->from, &byte, 1);
	close(writer->from);
	*writer = (struct writer){ 0, 0 };
}
