/* orchc.c — the compiler: what its commands are, and how their answers are shown.
 *
 * The answer (an image, a listing, a page, diagnostics as JSON) goes to stdout, talk about it to stderr. */
#include "common/command.h"
#include "common/file.h"
#include "common/version.h"
#include "compiler/compile.h"
#include "compiler/eval.h"
#include "compiler/explain.h"
#include "schedule/image.h"
#include "schedule/listing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_CLEAN, STATUS_FINDINGS, STATUS_USAGE, STATUS_WORLD };

static int say_failure(const struct fail *fail)
{
	fprintf(stderr, "error: %s\n", fail->text);
	return STATUS_WORLD;
}

static int write_out(struct str text)
{
	struct fail fail;
	return file_write_all(STDOUT_FILENO, "standard output", text, &fail) ? STATUS_CLEAN : say_failure(&fail);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void summarise(const struct compile *c, struct text *out)
{
	const struct plan *plan = &c->plan;
	struct arena *arena = c->diags.arena;
	text_addf(out, "plan %.*s: %zu agent%s", STR_ARG(plan->name), plan->agents.n, plural(plan->agents.n));
	if (plan->groups.n)
		text_addf(out, " in %zu group%s", plan->groups.n, plural(plan->groups.n));
	if (c->schedule) {
		struct str wall = eval_duration_text(arena, c->times.wall), work = eval_duration_text(arena, c->times.work);
		struct str path = eval_duration_text(arena, c->times.critical_path);
		if (c->times.unknown < plan->agents.n)
			text_addf(out, "; %.*s of work in %.*s with %u job%s, critical path %.*s", STR_ARG(work),
				  STR_ARG(wall), plan->jobs, plural(plan->jobs), STR_ARG(path));
	}
	if (c->disabled)
		text_addf(out, "; %zu statement%s switched off", c->disabled, plural(c->disabled));
	if (c->diags.errors)
		text_addf(out, "; %zu error%s", c->diags.errors, plural(c->diags.errors));
	if (c->diags.warnings)
		text_addf(out, "; %zu warning%s", c->diags.warnings, plural(c->diags.warnings));
	text_add_byte(out, '\n');
}

/* Shows what was found, and says the plan in a line. */
static int report(const struct command_line *line, const struct compile *c)
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
	int status = write_out(text_str(&json));
	fwrite(out.at, 1, out.n, stderr);
	text_release(&out);
	text_release(&json);
	return status ? status : c->diags.errors ? STATUS_FINDINGS : STATUS_CLEAN;
}

static int run_check(const struct command_line *line)
{
	int worst = STATUS_CLEAN;
	for (size_t i = 0; i < line->operand_n; i++) {
		struct arena arena = { 0 };
		struct compile c;
		struct fail fail;
		bool read = compile_plan(&arena, line->operand[i], &c, &fail);
		int status = read ? report(line, &c) : say_failure(&fail);
		worst = status > worst ? status : worst;
		if (read && command_value(line, "--strict") && c.diags.warnings && worst == STATUS_CLEAN)
			worst = STATUS_FINDINGS;
		arena_release(&arena);
	}
	return worst;
}

/* --output, or the operand with its ending replaced. */
static struct str output_path(struct arena *arena, const struct command_line *line, const char *ending)
{
	const char *given = command_value(line, "--output");
	struct str path = str_from(line->operand[0]);
	if (given)
		return str_from(given);
	if (str_ends(path, str_from(ending)))
		path.n -= strlen(ending);
	return arena_format(arena, "%.*s.orchb", STR_ARG(path));
}

static int write_image(struct arena *arena, const struct command_line *line, const struct schedule *schedule,
		       const char *ending)
{
	struct text image = { 0 };
	struct fail fail;
	struct str path = output_path(arena, line, ending);
	image_write(schedule, &image);
	bool written = str_is(path, "-") ? file_write_all(STDOUT_FILENO, "standard output", text_str(&image), &fail) :
					   file_write(path.at, text_str(&image), 0666, &fail);
	text_release(&image);
	return written ? STATUS_CLEAN : say_failure(&fail);
}

static int run_build(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct compile c;
	struct fail fail;
	if (!compile_plan(&arena, line->operand[0], &c, &fail)) {
		arena_release(&arena);
		return say_failure(&fail);
	}
	int status = report(line, &c);
	if (c.schedule) {
		compile_verify(&c);
		status = write_image(&arena, line, c.schedule, ".orch");
	}
	arena_release(&arena);
	return status;
}

enum { INPUT_LARGEST = 1 << 30 };

static bool read_input(struct arena *arena, const char *path, struct str *bytes, struct fail *fail)
{
	if (strcmp(path, "-"))
		return file_read(arena, path, INPUT_LARGEST, bytes, fail);
	return file_read_all(arena, STDIN_FILENO, "standard input", INPUT_LARGEST, bytes, fail);
}

static int list_schedule(const struct schedule *schedule)
{
	struct text listing = { 0 };
	listing_write(schedule, &listing);
	int status = write_out(text_str(&listing));
	text_release(&listing);
	return status;
}

static int run_disasm(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct schedule *schedule = NULL;
	struct compile c;
	struct str bytes;
	struct fail fail;
	int status = STATUS_CLEAN;
	if (!read_input(&arena, line->operand[0], &bytes, &fail)) {
		status = say_failure(&fail);
	} else if (image_recognise(bytes)) {
		if (!image_read(&arena, bytes, &schedule, &fail))
			status = say_failure(&fail);
	} else if (!compile_plan(&arena, line->operand[0], &c, &fail)) {
		status = say_failure(&fail);
	} else {
		status = c.diags.list.n ? report(line, &c) : STATUS_CLEAN;
		schedule = c.schedule;
	}
	if (schedule)
		status = list_schedule(schedule);
	arena_release(&arena);
	return status;
}

static int run_asm(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct schedule *schedule;
	struct str text;
	struct fail fail;
	int status = STATUS_FINDINGS;
	if (!read_input(&arena, line->operand[0], &text, &fail))
		status = say_failure(&fail);
	else if (!listing_read(&arena, text, str_from(line->operand[0]), &schedule, &fail))
		say_failure(&fail);
	else
		status = write_image(&arena, line, schedule, ".orchs");
	arena_release(&arena);
	return status;
}

static int say_unknown_code(const char *word)
{
	size_t nearest = SIZE_MAX, distance = 4;
	for (unsigned code = 0; code < DIAG_COUNT; code++) {
		size_t d = str_distance(str_from(word), str_from(diag_info(code)->name), distance);
		if (d < distance) {
			distance = d;
			nearest = code;
		}
	}
	if (nearest == SIZE_MAX)
		fprintf(stderr, "error: there is no code or name `%s`; `orchc explain list` has them all\n", word);
	else
		fprintf(stderr, "error: there is no code or name `%s`; did you mean `%s`?\n", word,
			diag_info((enum diag_code)nearest)->name);
	return STATUS_USAGE;
}

static int run_explain(const struct command_line *line)
{
	enum diag_code code;
	if (line->operand_n && strcmp(line->operand[0], "list")) {
		if (!diag_find(str_from(line->operand[0]), &code))
			return say_unknown_code(line->operand[0]);
		return write_out(explain_find(code));
	}
	struct text list = { 0 };
	explain_list(&list);
	int status = write_out(text_str(&list));
	text_release(&list);
	return status;
}

static const struct command_option check_options[] = {
	{ "--json", 0, NULL, NULL, "what was found as JSON on standard output, a line each" },
	{ "--strict", 0, NULL, NULL, "warnings are findings, too: exit status 1" },
};
static const struct command_option build_options[] = {
	{ "--output", 'o', "FILE", NULL, "where the image goes; - is standard output" },
	{ "--json", 0, NULL, NULL, "what was found as JSON on standard output, a line each" },
};
static const struct command_option disasm_options[] = {
	{ "--json", 0, NULL, NULL, "what was found as JSON on standard output, a line each" },
};
static const struct command_option asm_options[] = {
	{ "--output", 'o', "FILE", NULL, "where the image goes; - is standard output" },
};
static const struct command_option options[] = {
	{ "--color", 0, "WHEN", "auto|always|never", "colours; auto: on a terminal, unless NO_COLOR is set" },
};

static const char check_help[] =
	"Reads the plan and what it imports, and proves that no two agents that may run at the\n"
	"same time own a path in common. Nothing is run, and nothing is written.\n"
	"\n"
	"    orchc check site.orch\n"
	"\n"
	"Everything that is wrong is shown at once, each with its place, the reason and what to do.\n"
	"`orchc explain CODE` tells more about any of it. A warning that is meant to be is silenced by\n"
	"`# orch: allow(NAME) why` on the line before it.\n"
	"\n"
	"Exit status: 0 clean, 1 something was found, 2 wrong usage, 3 a file could not be read.\n";
static const char build_help[] =
	"Checks the plan and writes its schedule as an image, PLAN with the ending .orchb unless --output\n"
	"says otherwise. `orch exec` takes an image as it takes a plan. The same plan gives the same bytes\n"
	"anywhere. With errors, nothing is written.\n"
	"\n"
	"    orchc build site.orch -o site.orchb\n";
static const char disasm_help[] =
	"Shows a schedule as text: who there is, who waits for whom, and every instruction that a run\n"
	"carries out. `orchc asm` makes the same image of it again.\n"
	"\n"
	"    orchc disasm site.orchb\n"
	"    orchc disasm site.orch      # of a plan, as it would be built\n";
static const char asm_help[] =
	"Makes an image of a listing, as `orchc disasm` writes it. What it says is proved again, as the\n"
	"compiler does: a listing that was edited cannot weaken it.\n"
	"\n"
	"    orchc disasm site.orchb | orchc asm - -o again.orchb\n";
static const char explain_help[] =
	"Tells what a message means, with an example of it and of its cure.\n"
	"\n"
	"    orchc explain E0301\n"
	"    orchc explain overlap\n"
	"    orchc explain list          # every code, its name and its meaning\n";

static const struct command commands[] = {
	{ "check", "PLAN…", 1, COMMAND_OPERANDS_ANY, "is the plan sound?", check_help, check_options,
	  sizeof check_options / sizeof *check_options, run_check },
	{ "build", "PLAN", 1, 1, "check, and write the image that `orch exec` runs", build_help, build_options,
	  sizeof build_options / sizeof *build_options, run_build },
	{ "disasm", "IMAGE|PLAN", 1, 1, "show a schedule as text", disasm_help, disasm_options,
	  sizeof disasm_options / sizeof *disasm_options, run_disasm },
	{ "asm", "LISTING", 1, 1, "make an image of such a text", asm_help, asm_options,
	  sizeof asm_options / sizeof *asm_options, run_asm },
	{ "explain", "[CODE|NAME|list]", 0, 1, "what a message means, and what to do", explain_help, NULL, 0,
	  run_explain },
};
static const struct command_program program = {
	"orchc", VERSION, "the compiler of plans for many coding agents", commands,
	sizeof commands / sizeof *commands, options, sizeof options / sizeof *options,
	"A first plan is in examples/hello.orch; docs/language.md tells the rest.\n"
	"Exit status: 0 clean, 1 something was found, 2 wrong usage, 3 a file could not be read.\n",
};

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct command_line line;
	struct fail fail;
	int status;
	if (!command_read(&arena, &program, argc, argv, &line, &fail)) {
		fprintf(stderr, "error: %s\n", fail.text);
		status = STATUS_USAGE;
	} else if (line.answer.n) {
		status = write_out(line.answer);
	} else {
		status = line.command->run(&line);
	}
	arena_release(&arena);
	return status;
}
