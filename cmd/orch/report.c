/* report.c — orch report: all that is known of a run, for those who were not there. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "common/file.h"
#include "compiler/drawing_svg.h"
#include "runtime/page.h"
#include "runtime/visible.h"

#include <time.h>

enum { PICTURE_AGENTS = 400 };	/* with more of them nobody finds anything in it */

static void draw(struct run *run, const struct review *review, struct str *picture,
		 struct str *caption)
{
	struct text svg = { 0 };
	if (run->schedule->agent_n > PICTURE_AGENTS)
		return;
	struct drawing drawing = drawing_of(&run->arena, run->schedule, &review->planned,
					    review->jobs);
	drawing_svg_write(&run->arena, &drawing, 0, &svg);
	*picture = arena_copy(&run->arena, text_str(&svg));
	*caption = drawing.summary;
	text_release(&svg);
}

static int write_page(struct run *run, const struct review *review, const char *file)
{
	struct text out = { 0 }, said = { 0 };
	struct str picture = { 0 }, caption = { 0 };
	struct fail fail;
	draw(run, review, &picture, &caption);
	page_write(review, picture, caption, &out);
	if (str_equal(str_from(file), STR("-")))
		return talk_answer(&out, STATUS_MERGED);
	bool good = file_write(file, text_str(&out), 0666, &fail);
	text_release(&out);
	if (!good)
		return talk_failure(&fail);
	text_add(&said, STR("wrote "));
	visible_add(&said, str_from(file), false);
	text_add_byte(&said, '\n');
	talk_aside(&said);
	return STATUS_MERGED;
}

static int report(struct run *run, const struct command_line *line, int64_t id)
{
	struct report what;
	struct review review;
	struct text out = { 0 };
	struct fail fail;
	const char *file = command_value(line, "--html");
	if (file && command_value(line, "--json"))
		return talk_usage("--html and %.*s are two forms: ask for one of them", STR("--json"));
	if (!talk_look(run, id, &fail) || !report_read(run, &what, &fail) ||
	    !review_gather(run, &what, time(NULL), &review, &fail))
		return talk_failure(&fail);
	if (file)
		return write_page(run, &review, file);
	if (command_value(line, "--json"))
		review_write_json(&review, &out);
	else
		review_write(&review, &out);
	return talk_answer(&out, STATUS_MERGED);
}

static int run_report(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int64_t id;
	if (!talk_run_number(line, 0, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[0]));
	int status = report(&run, line, id);
	run_close(&run);
	return status;
}

static const struct command_option report_options[] = {
	{ "--html", 0, "FILE", NULL, "a page that needs nothing else; - is standard output" },
	{ "--json", 0, NULL, NULL, "one object of JSON" },
};
const struct command report_command = {
	"report",
	"[RUN]",
	0,
	1,
	"what a run planned, did, changed and cost",
	"Also while it goes on. The page has the graph, each agent's times against those planned, its attempts,\n"
	"changes, tests with what they printed, what it spent, and how to go on.\n\n"
	"    orch report --html report.html\n",
	report_options,
	sizeof report_options / sizeof *report_options,
	run_report,
};
