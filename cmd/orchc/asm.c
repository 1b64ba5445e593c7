/* asm.c — orchc asm: an image of such a text. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "cmd/orchc/image_out.h"
#include "cmd/repository.h"
#include "schedule/listing.h"

static int run_asm(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct repository repository;
	struct schedule *schedule;
	struct str text;
	struct fail fail;
	int status = STATUS_FINDINGS;
	struct str path = image_out_path(&arena, line, ".orchs");
	struct repository_work work = { .output = path.at };
	if (!image_out_may(path.at, line->operand[0])) {
		arena_release(&arena);
		return STATUS_USAGE;
	}
	repository_init(&repository);
	if (!talk_input(&arena, line->operand[0], &text, &fail) ||
	    !repository_shut_in(&repository, &work, &fail))
		status = talk_failure(&fail);
	else if (!listing_read(&arena, text, str_from(line->operand[0]), &schedule, &fail))
		talk_failure(&fail);
	else
		status = image_out_write(&repository.writer, path, schedule);
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const struct command_option asm_options[] = {
	{ "--output", 'o', "FILE", NULL, "where the image goes; - is standard output" },
};

static const char asm_help[] =
	"Makes an image of a listing, as `orchc disasm` writes it. What it says is proved again, as the\n"
	"compiler does: a listing that was edited cannot weaken it.\n"
	"\n"
	"    orchc disasm site.orchb | orchc asm - -o again.orchb\n";

const struct command asm_command = {
	"asm",
	"LISTING",
	1,
	1,
	"make an image of such a text",
	asm_help,
	asm_options,
	sizeof asm_options / sizeof *asm_options,
	run_asm,
};
