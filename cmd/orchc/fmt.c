/* fmt.c — orchc fmt: plans in their one form. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/fmt_files.h"
#include "cmd/orchc/report.h"
#include "cmd/orchc/talk.h"
#include "cmd/repository.h"
#include "compiler/format.h"
#include "compiler/load.h"
#include "runtime/difference.h"

#include <stdio.h>
#include <string.h>

struct formatting {
	const struct command_line *line;
	bool check, diff;
	size_t n, changed;
	struct repository repository;
	int worst;	/* exit status so far */
};

static void note_status(struct formatting *f, int status)
{
	f->worst = status > f->worst ? status : f->worst;
}

static int show_mistakes(const struct formatting *f, struct format *format)
{
	diag_sort(&format->diags);
	int status = report_diags(f->line, &format->diags);
	fprintf(stderr, "%.*s is not formatted: first its mistakes must go\n",
		STR_ARG(source_get(&format->sources, 0)->path));
	return status;
}

/* A plan that was formatted. `path` NULL: it came from standard input. */
static int answer(struct formatting *f, struct arena *arena, const char *path, struct str before,
		  const struct format *format)
{
	struct fail fail;
	struct text out = { 0 };
	bool looks = f->check || f->diff;
	bool good = true;
	f->changed += format->changed;
	if (f->diff)
		good = !format->changed ||
		       difference_write(path ? fmt_files_label(arena, path) : STR("standard input"),
					before, format->text, &out, &fail);
	else if (f->check && format->changed)
		text_addf(&out, "%s\n", path ? path : "standard input");
	else if (!looks && !path)
		text_add(&out, format->text);
	else if (!looks && format->changed) {
		good = writer_replace(&f->repository.writer, str_from(path), before, format->text, &fail);
		text_addf(&out, "%s\n", path);
	}
	int status = good ? talk_answer(text_str(&out)) : talk_failure(&fail);
	text_release(&out);
	return status ? status : looks && format->changed ? STATUS_FINDINGS : STATUS_CLEAN;
}

/* What has NUL bytes is UTF-16, or no text at all: what the parser would find in it helps nobody. */
static void say_no_text(const char *name, struct str text)
{
	struct str line, rest = text;
	size_t number = 0;
	do {
		str_split(&rest, '\n', &line);
		number++;
	} while (str_find(line, 0) == SIZE_MAX);
	fprintf(stderr,
		"error: %s has a NUL byte in line %zu, so it is no text in UTF-8, which plans are\n",
		name, number);
}

static void format_one(struct formatting *f, const char *path)
{
	struct arena arena = { 0 };
	struct format format;
	struct str text;
	struct fail fail;
	int status = STATUS_FINDINGS;
	f->n++;
	if (path && load_is_markdown(str_from(path))) {
		fprintf(stderr,
			"error: %s is Markdown, which is laid out by hand: fmt takes .orch files\n",
			path);
		status = STATUS_USAGE;
	} else if (!talk_input(&arena, path ? path : "-", &text, &fail)) {
		status = talk_failure(&fail);
	} else if (str_find(text, 0) != SIZE_MAX) {
		say_no_text(path ? path : "standard input", text);
	} else {
		switch (format_plan(&arena, str_from(path ? path : "standard input"), text,
				    &format)) {
		case FORMAT_DONE:
			status = answer(f, &arena, path, text, &format);
			break;
		case FORMAT_MISTAKES:
			status = show_mistakes(f, &format);
			break;
		case FORMAT_ALLOW:
			talk_failure(&format.fail);
			break;
		case FORMAT_UNPROVEN:
			status = talk_failure(&format.fail);
			break;
		}
	}
	note_status(f, status);
	arena_release(&arena);
}

/* All files are known by now; only they are read from here on. */
static bool shut_in(struct formatting *f, const struct fmt_files *files, struct fail *fail)
{
	struct arena *arena = &f->repository.arena;
	VEC(struct str) paths = { 0 };
	for (size_t i = 0; i < files->list.n; i++)
		*VEC_ADD(arena, &paths) = files->list.at[i].path;
	struct repository_work work = { .files = { paths.at, paths.n }, .libgit2 = f->diff };
	if (!f->check && !f->diff) {
		work.exchanged = files->list.at;
		work.exchanged_n = files->list.n;
	}
	return repository_shut_in(&f->repository, &work, fail);
}

/* Every file that the command line names, in order. */
static void format_all(struct formatting *f)
{
	struct arena arena = { 0 };
	struct fmt_files files = { 0 };
	struct fail fail;
	bool none = !f->line->operand_n;
	bool standard = !none && !strcmp(f->line->operand[0], "-");
	for (size_t i = 0; i < f->line->operand_n + none && !standard; i++)
		if (!fmt_files_find(&arena, none ? "." : f->line->operand[i], &files, &fail))
			note_status(f, talk_failure(&fail));
	bool shut = shut_in(f, &files, &fail);
	if (!shut)
		note_status(f, talk_failure(&fail));
	else if (standard)
		format_one(f, NULL);
	for (size_t i = 0; i < files.list.n && shut; i++)
		format_one(f, files.list.at[i].path.at);
	if (!files.list.n && !standard && f->worst == STATUS_CLEAN)
		fprintf(stderr, "there is no plan (*.orch) here\n");
	arena_release(&arena);
}

static int run_fmt(const struct command_line *line)
{
	struct formatting f = { .line = line, .check = command_value(line, "--check") != NULL,
				.diff = command_value(line, "--diff") != NULL };
	for (size_t i = 0; i < line->operand_n; i++)
		if (!strcmp(line->operand[i], "-") && line->operand_n > 1) {
			fprintf(stderr,
				"error: `-` is standard input, and cannot be formatted together with files\n");
			return STATUS_USAGE;
		}
	repository_init(&f.repository);
	format_all(&f);
	repository_close(&f.repository);
	if (f.check && f.changed)
		fprintf(stderr, "%zu of %zu plan%s would be formatted by `orchc fmt`\n", f.changed,
			f.n, talk_plural(f.n));
	return f.worst;
}

static const struct command_option fmt_options[] = {
	{ "--check", 0, NULL, NULL, "name the files that would change, and write nothing" },
	{ "--diff", 0, NULL, NULL, "show what would change, and write nothing" },
};

static const char fmt_help[] =
	"Lays plans out in the one form that all plans have: white space, line breaks, the columns of arguments\n"
	"and comments. The names of the files that were changed are printed. Of a folder, every *.orch in it and\n"
	"below is formatted; without arguments, those of this folder. `-` reads standard input and prints.\n"
	"\n"
	"    orchc fmt\n"
	"    orchc fmt --check plans/       # for CI: exit status 1 when a file would change\n"
	"\n"
	"Before a file is written it is proved that it says the same: the same statements and values, and every\n"
	"comment where it was. A file with syntax errors is left as it is, and the errors are shown.\n"
	"\n"
	"Exit status: 0 all is in form, 1 a file has errors or (--check, --diff) would change, 2 wrong usage,\n"
	"3 a file could not be read or written.\n";

const struct command fmt_command = {
	"fmt",
	"[-|PLAN|FOLDER…]",
	0,
	COMMAND_OPERANDS_ANY,
	"lay plans out in their one form",
	fmt_help,
	fmt_options,
	sizeof fmt_options / sizeof *fmt_options,
	run_fmt,
};
