/* report.c — see report.h. */
#include "cmd/orchc/report.h"

#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "compiler/eval.h"

#include <stdio.h>
#include <unistd.h>

static void summarise(const struct compile *c, struct text *out)
{
	const struct plan *plan = &c->plan;
	struct arena *arena = c->diags.arena;
	text_addf(out, "plan %.*s: %zu agent%s", STR_ARG(plan->name), plan->agents.n, talk_plural(plan->agents.n));
	if (plan->groups.n)
		text_addf(out, " in %zu group%s", plan->groups.n, talk_plural(plan->groups.n));
	if (c->schedule) {
		struct str wall = eval_duration_text(arena, c->times.wall), work = eval_duration_text(arena, c->times.work);
		struct str path = eval_duration_text(arena, c->times.critical_path);
		if (c->times.unknown < plan->agents.n)
			text_addf(out, "; %.*s of work in %.*s with %u job%s, critical path %.*s", STR_ARG(work),
				  STR_ARG(wall), plan->jobs, talk_plural(plan->jobs), STR_ARG(path));
	}
	if (c->disabled)
		text_addf(out, "; %zu statement%s switched off", c->disabled, talk_plural(c->disabled));
	if (c->diags.errors)
		text_addf(out, "; %zu error%s", c->diags.errors, talk_plural(c->diags.errors));
	if (c->diags.warnings)
		text_addf(out, "; %zu warning%s", c->diags.warnings, talk_plural(c->diags.warnings));
	text_add_byte(out, '\n');
}

int report_show(const struct command_line *line, const struct compile *c)
{
	struct text out = { 0 }, json = { 0 };
	bool colour = command_colour(command_value(line, "--color"), STDERR_FILENO);
	bool as_json = command_value(line, "--json") != NULL;
	for (size_t i = 0; i < c->diags.list.n; i++) {
		if (as_json)
			diag_print_json(&c->diags, &c->diags.list.at[i], &json);
		else
			diag_print(&c->diags, &c->diags.list.at[i], colour, &out);
		if (!as_json)
			text_add_byte(&out, '\n');
	}
	summarise(c, &out);
	int status = talk_answer(text_str(&json));
	fwrite(out.at, 1, out.n, stderr);
	text_release(&out);
	text_release(&json);
	return status ? status : c->diags.errors ? STATUS_FINDINGS : STATUS_CLEAN;
}
