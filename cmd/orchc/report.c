/* report.c — see report.h. */
#include "cmd/orchc/report.h"

#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "common/version.h"
#include "compiler/eval.h"
#include "compiler/explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As many as one can still read. A program that reads wants all. */
enum { MOST_FOR_PEOPLE = 100 };

static const char *option(const struct command_line *line, const char *name)
{
	return command_takes(line, name) ? command_value(line, name) : NULL;
}

static bool is_for_programs(enum report_format format)
{
	return format == REPORT_JSON || format == REPORT_SARIF || format == REPORT_GITLAB;
}

bool report_begin(struct report *report, const struct command_line *line)
{
	static const char *const names[] = { "text", "short", "json", "sarif", "github", "gitlab" };
	const char *format = option(line, "--format"), *most = option(line, "--max-errors");
	*report = (struct report){ .line = line };
	for (size_t i = 0; format && i < sizeof names / sizeof *names; i++)
		if (str_is(str_from(format), names[i]))
			report->format = (enum report_format)i;
	report->colour = command_colour(command_value(line, "--color"), STDERR_FILENO);
	uint64_t n = is_for_programs(report->format) ? 0 : MOST_FOR_PEOPLE;
	if (most && !str_to_number(str_from(most), &n)) {
		fprintf(stderr, "error: --max-errors is a number up to 18446744073709551615, not `%s`\n",
			most);
		report->status = STATUS_USAGE;
		return false;
	}
	report->most = n && n < SIZE_MAX ? (size_t)n : SIZE_MAX;
	return true;
}

void report_worsen(struct report *report, int status)
{
	if (status > report->status)
		report->status = status;
}

static void add_count(struct text *out, const char *before, size_t n, const char *what)
{
	if (n)
		text_addf(out, "%s%zu %s%s", before, n, what, talk_plural(n));
}

/* The plan, and how long it will take. */
static void add_plan(const struct compile *c, struct text *out)
{
	const struct plan *plan = &c->plan;
	struct arena *arena = c->diags.arena;
	if (plan->span.start == plan->span.end)
		text_add(out, STR("no plan"));
	else
		text_addf(out, "plan %.*s", STR_ARG(plan->name));
	text_addf(out, ": %zu agent%s", plan->agents.n, talk_plural(plan->agents.n));
	add_count(out, " in ", plan->groups.n, "group");
	if (c->schedule && c->times.unknown < plan->agents.n) {
		struct str wall = eval_duration_text(arena, c->times.wall),
			   work = eval_duration_text(arena, c->times.work);
		struct str path = eval_duration_text(arena, c->times.critical_path);
		text_addf(out, "; %.*s of work in %.*s with %u job%s, critical path %.*s",
			  STR_ARG(work), STR_ARG(wall), plan->jobs, talk_plural(plan->jobs),
			  STR_ARG(path));
	}
	add_count(out, "; ", c->disabled, "statement");
	if (c->disabled)
		text_add(out, STR(" switched off"));
}

static void add_counts(const struct diags *diags, size_t left_out, struct text *out)
{
	add_count(out, out->n ? "; " : "", diags->errors, "error");
	add_count(out, out->n ? "; " : "", diags->warnings, "warning");
	add_count(out, out->n ? "; " : "", left_out, "old finding");
	if (left_out)
		text_add(out, STR(" left out"));
	if (out->n)
		text_add_byte(out, '\n');
}

/* What --max-errors kept back. */
static void add_rest(size_t errors, size_t warnings, struct text *out)
{
	add_count(out, "", errors, "more error");
	add_count(out, errors ? " and " : "", warnings, "more warning");
	if (errors + warnings)
		text_addf(out, " %s not shown: --max-errors 0 shows all\n",
			  errors + warnings == 1 ? "is" : "are");
}

static void show(struct report *report, const struct diags *diags, const struct diag *diag,
		 struct text *talk)
{
	switch (report->format) {
	case REPORT_TEXT:
		diag_print(diags, diag, report->colour, talk);
		text_add_byte(talk, '\n');
		break;
	case REPORT_SHORT:
		diag_print_short(diags, diag, &report->answer);
		break;
	case REPORT_JSON:
		diag_print_json(diags, diag, &report->answer);
		break;
	case REPORT_SARIF:
		diag_sarif_add(&report->sarif, diags, diag);
		break;
	case REPORT_GITHUB:
		diag_print_github(diags, diag, &report->answer);
		break;
	case REPORT_GITLAB:
		diag_gitlab_add(&report->gitlab, diags, diag);
		break;
	}
}

/* The findings, then the summary: the plan's, unless there is none, and how many there were. */
static void add(struct report *report, const struct diags *diags, const struct compile *c,
		size_t left_out)
{
	struct text talk = { 0 }, summary = { 0 };
	size_t errors = diags->errors < report->most ? diags->errors : report->most;
	size_t room = report->most - errors;
	size_t warnings = diags->warnings < room ? diags->warnings : room;
	size_t errors_left = errors, warnings_left = warnings;
	for (size_t i = 0; i < diags->list.n; i++) {
		const struct diag *diag = &diags->list.at[i];
		size_t *left = diag_info(diag->code)->severity == DIAG_ERROR ? &errors_left
									     : &warnings_left;
		if (!*left)
			continue;
		--*left;
		show(report, diags, diag, &talk);
	}
	if (c)
		add_plan(c, &summary);
	add_counts(diags, left_out, &summary);
	text_add(&talk, text_str(&summary));
	add_rest(diags->errors - errors, diags->warnings - warnings, &talk);
	fwrite(talk.at, 1, talk.n, stderr);
	text_release(&talk);
	text_release(&summary);
	report_worsen(report, diags->errors ? STATUS_FINDINGS : STATUS_CLEAN);
}

void report_add(struct report *report, const struct diags *diags)
{
	add(report, diags, NULL, 0);
}

void report_add_plan(struct report *report, const struct compile *c, size_t left_out)
{
	add(report, &c->diags, c, left_out);
}

void report_add_failure(struct report *report, const struct fail *fail)
{
	if (!strcmp(fail->text, report->failure.text))
		return;
	report->failure = *fail;
	diag_sarif_add_failure(&report->sarif, str_from(fail->text));
	report_worsen(report, talk_failure(fail));
}

int report_end(struct report *report)
{
	struct text sarif = { 0 }, gitlab = { 0 };
	diag_sarif_end(&report->sarif, VERSION, explain_find, &sarif);
	diag_gitlab_end(&report->gitlab, &gitlab);
	if (report->format == REPORT_SARIF)
		text_add(&report->answer, text_str(&sarif));
	if (report->format == REPORT_GITLAB)
		text_add(&report->answer, text_str(&gitlab));
	text_release(&sarif);
	text_release(&gitlab);
	report_worsen(report, talk_answer(text_str(&report->answer)));
	text_release(&report->answer);
	return report->status;
}

int report_show(const struct command_line *line, const struct compile *c)
{
	struct report report;
	if (!report_begin(&report, line))
		return report.status;
	report_add_plan(&report, c, 0);
	return report_end(&report);
}

int report_diags(const struct command_line *line, const struct diags *diags)
{
	struct report report;
	if (!report_begin(&report, line))
		return report.status;
	report_add(&report, diags);
	return report_end(&report);
}
