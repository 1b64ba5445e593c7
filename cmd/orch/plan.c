/* plan.c — see plan.h. */
#include "cmd/orch/plan.h"

#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "cmd/repository.h"
#include "common/file.h"
#include "compiler/compile.h"
#include "schedule/image.h"

#include <stdio.h>
#include <unistd.h>

enum { LARGEST_IMAGE = 1 << 30 };

/* What is wrong with the plan is shown; warnings do not keep it from running. */
static void show_diags(const struct diags *diags, bool colour)
{
	struct text out = { 0 };
	for (size_t i = 0; i < diags->list.n; i++)
		diag_print(diags, &diags->list.at[i], colour, &out);
	if (diags->errors)
		text_addf(&out, "error: nothing was run, since the plan has %zu error%s\n",
			  diags->errors, diags->errors == 1 ? "" : "s");
	if (out.n)
		fputs(out.at, stderr);
	text_release(&out);
}

static int compile(struct arena *arena, const struct command_line *line, const char *path,
		   struct str *image)
{
	struct compile result;
	struct repository repository;
	struct text bytes = { 0 };
	struct fail fail;
	repository_init(&repository);
	bool read = compile_plan(arena, path, &repository.reader, &result, &fail);
	repository_close(&repository);
	if (!read)
		return talk_failure(&fail);
	show_diags(&result.diags, command_colour(command_value(line, "--color"), STDERR_FILENO));
	if (!result.schedule)
		return STATUS_FAILED;
	compile_prompts(&result);
	image_write(result.schedule, &bytes);
	*image = arena_copy(arena, text_str(&bytes));
	text_release(&bytes);
	return STATUS_MERGED;
}

int plan_read(struct arena *arena, const struct command_line *line, struct str *image,
	      struct schedule **schedule)
{
	const char *path = line->operand[0];
	struct fail fail;
	if (!file_read(arena, path, LARGEST_IMAGE, image, &fail))
		return talk_failure(&fail);
	if (!image_recognise(*image)) {
		int status = compile(arena, line, path, image);
		if (status != STATUS_MERGED)
			return status;
	}
	return image_read(arena, *image, schedule, &fail) ? STATUS_MERGED : talk_failure(&fail);
}
