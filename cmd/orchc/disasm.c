/* disasm.c — orchc disasm: a schedule as text. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "cmd/orchc/report.h"
#include "cmd/repository.h"
#include "schedule/image.h"
#include "schedule/listing.h"

static int list_schedule(const struct schedule *schedule)
{
	struct text listing = { 0 };
	listing_write(schedule, &listing);
	int status = talk_answer(text_str(&listing));
	text_release(&listing);
	return status;
}

static int run_disasm(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct repository repository;
	struct repository_work work = { .without_facts = true };
	struct schedule *schedule = NULL;
	struct compile c;
	struct str bytes;
	struct fail fail;
	int status = STATUS_CLEAN;
	repository_init(&repository);
	bool good = talk_input(&arena, line->operand[0], &bytes, &fail), image = false;
	if (good) {
		image = image_recognise(bytes);
		if (!image && !talk_plans_named(line->operand, 1)) {
			arena_release(&arena);
			return STATUS_USAGE;
		}
		work.plans = line->operand;
		work.plan_n = !image;
		good = repository_shut_in(&repository, &work, &fail);
	}
	if (!good) {
		status = talk_failure(&fail);
	} else if (image) {
		if (!image_read(&arena, bytes, &schedule, &fail))
			status = talk_failure(&fail);
	} else if (!compile_plan(&arena, line->operand[0], NULL, &c, &fail)) {
		status = talk_failure(&fail);
	} else {
		status = c.diags.list.n ? report_show(line, &c) : STATUS_CLEAN;
		schedule = c.schedule;
		if (schedule)
			compile_prompts(&c);
	}
	if (schedule)
		status = list_schedule(schedule);
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const char disasm_help[] =
	"Shows a schedule as text: who there is, who waits for whom, and every instruction that a run\n"
	"carries out. `orchc asm` makes the same image of it again.\n"
	"\n"
	"    orchc disasm site.orchb\n"
	"    orchc disasm site.orch      # of a plan, as it would be built\n";

const struct command disasm_command = {
	"disasm", "IMAGE|PLAN", 1, 1, "show a schedule as text", disasm_help,
	NULL, 0, run_disasm,
};
