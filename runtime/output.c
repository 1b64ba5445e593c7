/* output.c — see output.h. */
#include "runtime/output.h"

#include "common/file.h"
#include "common/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool output_open(struct output *output, const char *path, uint64_t limit, struct fail *fail)
{
	*output = (struct output){ .path = path, .limit = limit };
	output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (output->fd < 0)
		return fail_system(fail, "cannot write %s", path);
	output->ring = malloc(OUTPUT_TAIL);
	if (!output->ring)
		fail_memory();
	return true;
}

static void remember(struct output *output, struct str bytes)
{
	size_t skip = bytes.n > OUTPUT_TAIL ? bytes.n - OUTPUT_TAIL : 0;
	output->all += skip;
	bytes = str_slice(bytes, skip, bytes.n);
	while (bytes.n) {
		size_t at = output->all % OUTPUT_TAIL;
		size_t part = bytes.n < OUTPUT_TAIL - at ? bytes.n : OUTPUT_TAIL - at;
		memcpy(output->ring + at, bytes.at, part);
		output->all += part;
		bytes = str_slice(bytes, part, bytes.n);
	}
}

void output_add(struct output *output, struct str bytes)
{
	uint64_t room = output->limit - output->written;
	struct str part = str_slice(bytes, 0, bytes.n < room ? bytes.n : (size_t)room);
	if (part.n && !output->failed) {
		if (file_write_all(output->fd, output->path, part, &output->fail))
			output->written += part.n;
		else
			output->failed = true;
	}
	remember(output, bytes);
	if (output->heard)
		output->heard(output->self, bytes);
}

/* The last `n` bytes, which must be remembered. */
static struct str last(const struct output *output, struct arena *arena, size_t n)
{
	char *copy = arena_take(arena, n + 1);
	for (size_t i = 0; i < n; i++)
		copy[i] = output->ring[(output->all - n + i) % OUTPUT_TAIL];
	return (struct str){ copy, n };
}

struct str output_tail(const struct output *output, struct arena *arena, size_t bytes)
{
	if (bytes > OUTPUT_TAIL)
		bytes = OUTPUT_TAIL;
	if (output->all <= bytes)
		return last(output, arena, (size_t)output->all);
	struct str tail = last(output, arena, bytes);
	size_t line = str_find(tail, '\n');
	return line < tail.n - 1 ? str_slice(tail, line + 1, tail.n) : tail;
}

/* What came after the limit: the line about the gap, and the remembered end. */
static bool write_rest(struct output *output, struct fail *fail)
{
	uint64_t missed = output->all - output->written;
	struct arena arena = { 0 };
	struct text note = { 0 };
	size_t n = missed < OUTPUT_TAIL ? (size_t)missed : OUTPUT_TAIL;
	if (missed > n)
		text_addf(&note,
			  "\n[orch: %llu bytes are left out here; the log's limit is %llu bytes]\n",
			  (unsigned long long)(missed - n), (unsigned long long)output->limit);
	text_add(&note, last(output, &arena, n));
	bool good = file_write_all(output->fd, output->path, text_str(&note), fail);
	text_release(&note);
	arena_release(&arena);
	return good;
}

bool output_close(struct output *output, struct fail *fail)
{
	bool good = true;
	if (output->failed) {
		*fail = output->fail;
		good = false;
	} else if (output->fd >= 0 && output->all > output->written) {
		good = write_rest(output, fail);
	}
	if (output->fd >= 0)
		close(output->fd);
	free(output->ring);
	output->fd = -1;
	output->ring = NULL;
	return good;
}
