/* mend.c — see mend.h. */
#include "cmd/orchc/mend.h"

#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "common/shown.h"
#include "compiler/fix.h"
#include "runtime/difference.h"

#include <stdio.h>
#include <string.h>

static bool given(const struct command_line *line, const char *option)
{
	return command_value(line, option) != NULL;
}

bool mend_wanted(const struct command_line *line)
{
	return given(line, "--fix") || given(line, "--diff");
}

bool mend_begin(const struct command_line *line, struct repository_work *work)
{
	const char *format = command_value(line, "--format");
	const char *wrong = NULL;
	if (given(line, "--unsafe") && !mend_wanted(line))
		wrong = "--unsafe goes with --fix or --diff";
	else if (given(line, "--diff") && format && strcmp(format, "text"))
		wrong = "--diff and the findings would both go to standard output: leave out --format";
	if (wrong)
		fprintf(stderr, "error: %s\n", wrong);
	work->changes = given(line, "--fix") && !given(line, "--diff");
	work->libgit2 = given(line, "--diff");
	return !wrong;
}

static size_t count_left(const struct compile *c, struct str path)
{
	size_t n = 0;
	for (size_t i = 0; i < c->diags.list.n; i++)
		n += str_equal(source_get(&c->sources, c->diags.list.at[i].span.source)->path,
			       path);
	return n;
}

/* How many of what is left --unsafe would mend. */
static size_t count_unsafe(const struct compile *c)
{
	size_t n = 0;
	for (size_t i = 0; i < c->diags.list.n; i++)
		n += fix_of(&c->sources, &c->diags.list.at[i], true) != NULL;
	return n;
}

/* A line for each file, and what was not done. */
static void say(const struct command_line *line, const struct fix *fix)
{
	struct text talk = { 0 };
	bool only_shown = given(line, "--diff");
	for (size_t i = 0; i < fix->files.n; i++) {
		const struct fix_file *file = &fix->files.at[i];
		shown_add(&talk, file->path);
		text_addf(&talk, ": %s %zu of %zu\n", only_shown ? "would fix" : "fixed",
			  file->fixed, file->fixed + count_left(fix->compile, file->path));
	}
	if (fix->refused)
		text_addf(&talk, "%zu fix%s left out: with %s, the plan would have more errors\n",
			  fix->refused, fix->refused == 1 ? " was" : "es were",
			  fix->refused == 1 ? "it" : "them");
	size_t more = given(line, "--unsafe") ? 0 : count_unsafe(fix->compile);
	if (more)
		text_addf(&talk, "%zu %scan be fixed by --unsafe, which may change what is meant\n",
			  more, fix->files.n ? "more " : "");
	if (talk.n) {
		text_add_byte(&talk, '\n');
		fwrite(talk.at, 1, talk.n, stderr);
	}
	text_release(&talk);
}

static bool show_changes(struct report *report, const struct fix *fix, struct fail *fail)
{
	bool good = true;
	for (size_t i = 0; i < fix->files.n && good; i++) {
		const struct fix_file *file = &fix->files.at[i];
		good = difference_write(file->path, file->before, file->after, &report->answer,
					fail);
	}
	return good;
}

static bool write_files(const struct writer *writer, struct fix *fix, struct fail *fail)
{
	bool good = true;
	struct str root = fix->compile->load.root;
	for (size_t i = 0; i < fix->files.n && good; i++) {
		const struct fix_file *file = &fix->files.at[i];
		struct str path = arena_format(&fix->arena, "%.*s/%.*s", STR_ARG(root),
					       STR_ARG(file->path));
		good = writer_replace(writer, path, file->before, file->after, fail);
	}
	return good;
}

size_t mend_plan(struct report *report, const struct repository *repository, const char *path)
{
	struct fix fix;
	struct fail fail;
	size_t warnings = 0;
	bool diff = given(report->line, "--diff");
	if (!fix_plan(&fix, path, &repository->reader, NULL, given(report->line, "--unsafe"), &fail) ||
	    !(diff ? show_changes(report, &fix, &fail)
		   : write_files(&repository->writer, &fix, &fail))) {
		report_add_failure(report, &fail);
	} else {
		say(report->line, &fix);
		report_add_plan(report, fix.compile, 0);
		warnings = fix.compile->diags.warnings;
		if (diff && fix.files.n)
			report_worsen(report, STATUS_FINDINGS);
	}
	fix_release(&fix);
	return warnings;
}
