/* image_out.c — see image_out.h. */
#include "cmd/orchc/image_out.h"

#include "cmd/orchc/commands.h"
#include "cmd/orchc/output.h"
#include "cmd/orchc/talk.h"
#include "common/file.h"
#include "schedule/image.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct str image_out_path(struct arena *arena, const struct command_line *line, const char *ending)
{
	const char *given = command_value(line, "--output");
	struct str path = str_from(line->operand[0]);
	if (given)
		return str_from(given);
	if (str_is(path, "-"))
		return path;
	if (str_ends(path, str_from(ending)))
		path.n -= strlen(ending);
	else if (str_ends(path, STR(".md")))
		path.n -= strlen(".md");
	return arena_format(arena, "%.*s.orchb", STR_ARG(path));
}

bool image_out_may(const char *path, const char *input)
{
	return output_may(path, input, image_recognise, "an image");
}

int image_out_write(const struct writer *writer, struct str path, const struct schedule *schedule)
{
	struct text image = { 0 };
	struct fail fail;
	image_write(schedule, &image);
	bool written = str_is(path, "-") ? file_write_all(STDOUT_FILENO, "standard output",
							  text_str(&image), &fail)
					 : writer_output(writer, text_str(&image), &fail);
	if (written && !str_is(path, "-"))
		fprintf(stderr, "wrote %.*s: %zu bytes\n", STR_ARG(path), image.n);
	text_release(&image);
	return written ? STATUS_CLEAN : talk_failure(&fail);
}
