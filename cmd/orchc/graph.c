/* graph.c — orchc graph: a plan as a picture. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/output.h"
#include "cmd/orchc/report.h"
#include "cmd/orchc/talk.h"
#include "cmd/repository.h"
#include "common/path.h"
#include "compiler/drawing_dot.h"
#include "compiler/drawing_gantt.h"
#include "compiler/drawing_mermaid.h"
#include "compiler/drawing_svg.h"

#include <stdio.h>
#include <string.h>

enum { OWNS_SHOWN = 2, OWNS_AGENTS = 60 }; /* patterns for each of so many agents, else none */

enum format { FORMAT_SVG, FORMAT_DOT, FORMAT_MERMAID };

static const char *const format_names[] = { "svg", "dot", "mermaid" };

/* As --format says, else as the ending of --output does. False, and said, when the ending is none
 * of a picture that is written here, or the two do not agree. */
static bool find_format(const struct command_line *line, enum format *format)
{
	static const struct {
		const char *ending;
		enum format format;
	} known[] = { { ".svg", FORMAT_SVG },         { ".dot", FORMAT_DOT },
		      { ".gv", FORMAT_DOT },          { ".mmd", FORMAT_MERMAID },
		      { ".mermaid", FORMAT_MERMAID }, { ".md", FORMAT_MERMAID } };
	const char *given = command_value(line, "--format"),
		   *path = command_value(line, "--output");
	struct str name = path_last(str_from(path ? path : ""));
	size_t i = 0;
	*format = FORMAT_SVG;
	while (given && strcmp(given, format_names[*format]))
		++*format;
	while (i < sizeof known / sizeof *known && !str_ends(name, str_from(known[i].ending)))
		i++;
	if (i < sizeof known / sizeof *known) {
		if (given && known[i].format != *format) {
			fprintf(stderr,
				"error: %s ends in %s, which is not what --format %s writes: leave out one of them\n",
				path, known[i].ending, given);
			return false;
		}
		*format = known[i].format;
	} else if (!given && str_find(name, '.') != SIZE_MAX) {
		fprintf(stderr,
			"error: %s has an ending that no picture written here has: .svg, .dot, .gv, .mmd, .mermaid and .md are known; or say --format\n",
			path);
		return false;
	}
	return true;
}

static bool begins(struct str text, const char *beginning)
{
	return str_starts(text, str_from(beginning));
}

static bool is_svg(struct str text)
{
	return begins(text, "<svg") || begins(text, "<?xml");
}

static bool is_dot(struct str text)
{
	return begins(text, "digraph");
}

static bool is_mermaid(struct str text)
{
	return begins(text, "flowchart") || begins(text, "gantt");
}

static bool may_write(const struct command_line *line, enum format format)
{
	static output_is_own *const own[] = { is_svg, is_dot, is_mermaid };
	return output_may(command_value(line, "--output"), line->operand[0], own[format],
			  "a picture of this form");
}

static void draw(struct arena *arena, const struct command_line *line, enum format format,
		 const struct drawing *d, size_t owns_most, struct text *out)
{
	bool gantt = command_value(line, "--gantt") != NULL;
	switch (format) {
	case FORMAT_SVG:
		if (gantt)
			drawing_gantt_write(arena, d, out);
		else
			drawing_svg_write(arena, d, owns_most, out);
		break;
	case FORMAT_DOT: drawing_dot_write(arena, d, owns_most, out); break;
	case FORMAT_MERMAID:
		if (gantt)
			drawing_mermaid_gantt(arena, d, out);
		else
			drawing_mermaid_write(arena, d, owns_most, out);
	}
}

static int write_picture(struct arena *arena, const struct command_line *line, enum format format,
			 const struct writer *writer, const struct compile *c)
{
	struct drawing drawing = drawing_make(arena, c);
	const char *owns = command_value(line, "--owns"), *path = command_value(line, "--output");
	uint64_t owns_most = drawing.agent_n <= OWNS_AGENTS ? OWNS_SHOWN : 0;
	struct text out = { 0 };
	struct fail fail;
	if (owns && !str_to_number(str_from(owns), &owns_most)) {
		fprintf(stderr,
			"error: --owns takes a number, how many patterns each agent shows; `%s` is none\n",
			owns);
		return STATUS_USAGE;
	}
	draw(arena, line, format, &drawing, owns_most, &out);
	int status = STATUS_CLEAN;
	if (!path || str_is(str_from(path), "-"))
		status = talk_answer(text_str(&out));
	else if (!writer_output(writer, text_str(&out), &fail))
		status = talk_failure(&fail);
	text_release(&out);
	return status;
}

static int run_graph(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct repository repository;
	struct repository_work work = { .plans = line->operand,
					.plan_n = 1,
					.without_facts = true,
					.output = command_value(line, "--output") };
	struct compile c;
	struct fail fail;
	enum format format;
	int status = STATUS_FINDINGS;
	if (!talk_plans_named(line->operand, 1) || !find_format(line, &format))
		return STATUS_USAGE;
	if (format == FORMAT_DOT && command_value(line, "--gantt")) {
		fprintf(stderr,
			"error: dot knows no axis of time: leave out --gantt, or say --format svg or mermaid\n");
		return STATUS_USAGE;
	}
	if (!may_write(line, format))
		return STATUS_USAGE;
	repository_init(&repository);
	if (!repository_shut_in(&repository, &work, &fail) ||
	    !compile_plan(&arena, line->operand[0], NULL, &c, &fail))
		status = talk_failure(&fail);
	else if (!c.schedule)
		report_show(line, &c);
	else if (!output_apart(command_value(line, "--output"), &c.load))
		status = STATUS_USAGE;
	else
		status = write_picture(&arena, line, format, &repository.writer, &c);
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const struct command_option graph_options[] = {
	{ "--format", 0, "FORMAT", "svg|dot|mermaid",
	  "of the picture; else as the ending of FILE says, else svg" },
	{ "--gantt", 0, NULL, NULL,
	  "over time: when each agent would run, with the plan's jobs and pools" },
	{ "--owns", 0, "N", NULL,
	  "how many of its patterns each agent shows; default 2, with many agents 0" },
	{ "--output", 'o', "FILE", NULL,
	  "where the picture goes; - is standard output, the default" },
};

static const char graph_help[] =
	"Draws who comes after whom, from left to right: agents that stand above one another might start at\n"
	"the same time. Edges that others imply are left out. Groups are boxes, and what is on the critical\n"
	"path is marked. With --gantt, when each agent would start and end is drawn as `orch exec` would\n"
	"have it if all estimates were right.\n"
	"\n"
	"    orchc graph site.orch -o site.svg\n"
	"    orchc graph --gantt site.orch -o when.svg\n"
	"    orchc graph --format mermaid site.orch    # for a Markdown file: GitHub draws it\n"
	"    orchc graph --format dot site.orch | dot -Tpdf -o site.pdf\n"
	"\n"
	"A plan with errors has no picture: they are shown, and the exit status is 1.\n";

const struct command graph_command = {
	"graph",
	"PLAN",
	1,
	1,
	"draw who comes after whom, and when",
	graph_help,
	graph_options,
	sizeof graph_options / sizeof *graph_options,
	run_graph,
};
