/* doctor.c — orch doctor: what this machine can do, and what to change. */
#include "cmd/orch/carry.h"
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "common/json.h"
#include "runtime/doctor.h"

enum { TITLE = 18 };

static void write_line(const struct doctor_line *line, bool colour, struct text *out)
{
	static const char *const colours[] = {
		[DOCTOR_OK] = "\x1b[32m", [DOCTOR_WEAKER] = "\x1b[33m", [DOCTOR_BAD] = "\x1b[31m"
	};
	text_addf(out, "%s%-7s%s %-*s %.*s\n", colour ? colours[line->state] : "",
		  doctor_state_name(line->state), colour ? "\x1b[0m" : "", TITLE, line->title,
		  STR_ARG(line->what));
	if (line->advice.n)
		text_addf(out, "%*s → %.*s\n", 7 + TITLE, "", STR_ARG(line->advice));
}

static void write_json(const struct doctor_line *line, struct text *out)
{
	json_open(out, NULL, '{');
	json_write_text(out, "name", str_from(line->name));
	json_write_text(out, "state", str_from(doctor_state_name(line->state)));
	json_write_text(out, "what", line->what);
	json_write_text(out, "advice", line->advice);
	json_close(out, '}');
	text_add_byte(out, '\n');
}

static int run_doctor(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct doctor doctor;
	struct text out = { 0 };
	struct fail fail;
	const char *node;
	bool json = command_value(line, "--json");
	bool colour = command_colour(command_value(line, "--color"), 1);
	int status = STATUS_WORLD;
	if (!carry_find_node(&arena, &node, &fail)) {
		talk_failure(&fail);
	} else {
		doctor_examine(&arena, ".", node, &doctor);
		bool good = doctor_can_run(&doctor);
		for (size_t i = 0; i < doctor.n; i++)
			if (json)
				write_json(&doctor.at[i], &out);
			else
				write_line(&doctor.at[i], colour, &out);
		if (!json)
			text_addf(&out, "\n%s\n",
				  good ? "A run can start here."
				       : "No run can start here before what is bad is mended.");
		status = talk_answer(&out, good ? STATUS_MERGED : STATUS_FAILED);
	}
	arena_release(&arena);
	return status;
}

static const struct command_option doctor_options[] = {
	{ "--json", 0, NULL, NULL, "a line of JSON for each check" },
};
const struct command doctor_command = {
	"doctor",
	"",
	0,
	0,
	"what this machine can do for runs, and what to change",
	"Each line is a check that was made just now: ok; weaker, a run can start with less than there could\n"
	"be; bad, no run can start. Exit status 0 when a run can start here, else 1.\n",
	doctor_options,
	1,
	run_doctor,
};
