/* build.c — orchc build: check, and write the image. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "cmd/orchc/image_out.h"
#include "cmd/orchc/output.h"
#include "cmd/orchc/report.h"
#include "cmd/repository.h"

#include <stdio.h>
#include <string.h>

static int run_build(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct repository repository;
	struct compile c;
	struct fail fail;
	int status;
	const char *output = command_value(line, "--output"),
		   *format = command_value(line, "--format");
	if (output && !strcmp(output, "-") && format && strcmp(format, "text")) {
		fputs("error: standard output cannot take both the image and the findings: name a file for the image\n",
		      stderr);
		return STATUS_USAGE;
	}
	if (!talk_plans_named(line->operand, 1))
		return STATUS_USAGE;
	struct str path = image_out_path(&arena, line, ".orch");
	struct repository_work work = { .plans = line->operand, .plan_n = 1, .output = path.at };
	if (!image_out_may(path.at, line->operand[0])) {
		arena_release(&arena);
		return STATUS_USAGE;
	}
	repository_init(&repository);
	if (!repository_shut_in(&repository, &work, &fail) ||
	    !compile_plan(&arena, line->operand[0], &repository.reader, &c, &fail)) {
		status = talk_failure(&fail);
	} else {
		status = report_show(line, &c);
		if (c.schedule && !output_apart(path.at, &c.load)) {
			status = STATUS_USAGE;
		} else if (c.schedule) {
			compile_prompts(&c);
			compile_verify(&c);
			status = image_out_write(&repository.writer, path, c.schedule);
		}
	}
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const struct command_option build_options[] = {
	{ "--output", 'o', "FILE", NULL, "where the image goes; - is standard output" },
	REPORT_OPTIONS,
};

static const char build_help[] =
	"Checks the plan and writes its schedule as an image, PLAN with the ending .orchb unless --output\n"
	"says otherwise. `orch exec` takes an image as it takes a plan. The same plan gives the same bytes\n"
	"anywhere. With errors, nothing is written.\n"
	"\n"
	"    orchc build site.orch -o site.orchb\n";

const struct command build_command = {
	"build",
	"PLAN",
	1,
	1,
	"check, and write the image that `orch exec` runs",
	build_help,
	build_options,
	sizeof build_options / sizeof *build_options,
	run_build,
};
