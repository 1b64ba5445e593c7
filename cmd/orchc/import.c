/* import.c — orchc import: a hand-written plan in Markdown as a plan for orch. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/output.h"
#include "cmd/orchc/report.h"
#include "cmd/orchc/talk.h"
#include "cmd/repository.h"
#include "common/file.h"
#include "compiler/draft_write.h"
#include "compiler/format.h"
#include "compiler/import_any.h"
#include "compiler/load.h"
#include "grammar/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_LARGEST = 64 << 20 };

static struct str folder_of(struct str path)
{
	size_t slash = path.n;
	while (slash && path.at[slash - 1] != '/')
		slash--;
	return str_slice(path, 0, slash ? slash - 1 : 0);
}

/* The nearest folder above that is a repository's, or the folder itself: what a plan in it may
 * refer to. */
static struct str root_of(struct arena *arena, struct str folder)
{
	for (struct str at = folder; at.n; at = folder_of(at))
		if (file_there(arena_format(arena, "%.*s/.git", STR_ARG(at)).at))
			return at;
	return folder;
}

/* How a plan in `folder` refers to the document, both absolute; empty when it may not. */
static struct str refer(struct arena *arena, struct str folder, struct str document)
{
	struct str root = root_of(arena, folder);
	if (!str_starts(document, root) || document.n <= root.n || document.at[root.n] != '/')
		return STR("");
	struct text out = { 0 };
	while (!(str_starts(document, folder) && document.at[folder.n] == '/')) {
		text_add(&out, STR("../"));
		folder = folder_of(folder);
	}
	text_add(&out, str_slice(document, folder.n + 1, document.n));
	struct str path = arena_copy(arena, text_str(&out));
	text_release(&out);
	return path;
}

static struct str prompt_file(struct arena *arena, const struct command_line *line,
			      const char *path)
{
	const char *output = command_value(line, "--output");
	if (command_value(line, "--inline") || !strcmp(path, "-"))
		return STR("");
	char *document = realpath(path, NULL);
	struct str whole = arena_copy(arena, str_from(document));
	free(document);
	struct str folder = folder_of(whole);
	if (output && strcmp(output, "-")) {
		struct str named = folder_of(str_from(output));
		const char *at = named.n            ? arena_copy(arena, named).at
				 : output[0] == '/' ? "/"
						    : ".";
		char *found = realpath(at, NULL);
		folder = arena_copy(arena, str_from(found));
		free(found);
	}
	return whole.n && folder.n ? refer(arena, folder, whole) : STR("");
}

static int list_options(const struct import *import)
{
	struct text out = { 0 };
	for (size_t i = 0; i < import->options.n; i++) {
		const struct import_option *option = &import->options.at[i];
		text_addf(&out, "%.*s\t%.*s%s\n", STR_ARG(option->id), STR_ARG(option->title),
			  i == import->chosen ? "\ttaken unless --option says otherwise" : "");
	}
	if (!import->options.n)
		fputs("the document offers no alternatives\n", stderr);
	else
		fprintf(stderr,
			"one of them: `--option %.*s`, or words that no other heading has\n",
			STR_ARG(import->options.at[import->options.n - 1].id));
	int status = talk_answer(text_str(&out));
	text_release(&out);
	return status;
}

static int write_plan(const struct command_line *line, const struct writer *writer,
		      const struct draft *draft)
{
	const char *output = command_value(line, "--output");
	struct text out = { 0 };
	struct fail fail;
	int status = STATUS_CLEAN;
	struct format format;
	draft_write(draft, &out);
	struct str plan = text_str(&out);
	if (format_plan(draft->arena, STR("imported.orch"), plan, &format) == FORMAT_DONE)
		plan = format.text;
	if (!output || !strcmp(output, "-"))
		status = talk_answer(plan);
	else if (!writer_output(writer, plan, &fail))
		status = talk_failure(&fail);
	text_release(&out);
	return status;
}

static void summarise(const struct import *import, const struct diags *diags, const char *path)
{
	const struct draft *draft = &import->draft;
	fprintf(stderr, "import %s: %zu agent%s", path, draft->agents.n,
		talk_plural(draft->agents.n));
	if (draft->groups.n)
		fprintf(stderr, " in %zu group%s", draft->groups.n, talk_plural(draft->groups.n));
	if (import->options.n) {
		const struct import_option *option = &import->options.at[import->chosen];
		fprintf(stderr, " of `%.*s`", STR_ARG(option->title));
	}
	if (diags->warnings)
		fprintf(stderr, "; %zu finding%s", diags->warnings, talk_plural(diags->warnings));
	fputc('\n', stderr);
}

/* Whether the repository ignores a path can be asked when there is one that can be read. */
static void ask_repository(struct arena *arena, struct repository *repository, const char *path,
			   struct import_ask *ask)
{
	struct str root;
	struct fail fail;
	if (!strcmp(path, "-") || !load_root(arena, path, &root) ||
	    !repository->reader.open(repository->reader.context, root, &fail) ||
	    !repository->baseline.git)
		return;
	ask->ignores = repository->reader.ignores;
	ask->context = repository->reader.context;
}

static int import_document(struct arena *arena, const struct command_line *line,
			   struct repository *repository, const char *path)
{
	struct sources sources = { .arena = arena };
	struct diags diags = { .arena = arena, .sources = &sources };
	const char *option = command_value(line, "--option");
	struct import_ask ask = { .option = str_from(option),
				  .file = prompt_file(arena, line, path) };
	struct import import;
	struct fail fail;
	struct str text;
	bool read = strcmp(path, "-") ? file_read(arena, path, DOCUMENT_LARGEST, &text, &fail)
				      : talk_input(arena, path, &text, &fail);
	if (read && encoding_is_binary(text))
		read = fail_set(&fail, "%s is not a document: it is not text", path);
	if (!read)
		return talk_failure(&fail);
	ask_repository(arena, repository, path, &ask);
	uint32_t source = source_add(&sources, str_from(path), text);
	bool found = import_any(&sources, source, &diags, &ask, &import);
	if (command_value(line, "--list") && !diags.errors)
		return list_options(&import);
	diag_sort(&diags);
	int status = report_diags(line, &diags);
	if (!found)
		return status ? status : STATUS_FINDINGS;
	summarise(&import, &diags, path);
	int written = write_plan(line, &repository->writer, &import.draft);
	return written ? written : status;
}

static int run_import(const struct command_line *line)
{
	const char *output = command_value(line, "--output"),
		   *format = command_value(line, "--format"),
		   *option = command_value(line, "--option");
	bool to_file = output && strcmp(output, "-");
	if (option && !str_trim(str_from(option)).n) {
		fputs("error: --option needs the letter of an alternative or words of its heading; --list shows them\n",
		      stderr);
		return STATUS_USAGE;
	}
	if (!to_file && format && strcmp(format, "text")) {
		fputs("error: standard output cannot take both the plan and the findings: name a file for the plan with -o\n",
		      stderr);
		return STATUS_USAGE;
	}
	if (to_file && !command_value(line, "--force") && file_there(output)) {
		fprintf(stderr,
			"error: %s is there already: name another file, or add --force to replace it\n",
			output);
		return STATUS_USAGE;
	}
	if (!output_may(output, line->operand[0], NULL, ""))
		return STATUS_USAGE;
	struct arena arena = { 0 };
	struct repository repository;
	struct repository_work work = { .plans = line->operand,
					.plan_n = strcmp(line->operand[0], "-") != 0,
					.output = output,
					.output_new = !command_value(line, "--force") };
	struct fail fail;
	repository_init(&repository);
	int status = repository_shut_in(&repository, &work, &fail)
			     ? import_document(&arena, line, &repository, line->operand[0])
			     : talk_failure(&fail);
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const struct command_option import_options[] = {
	{ "--output", 'o', "FILE", NULL, "where the plan goes; without it, standard output" },
	{ "--option", 0, "NAME", NULL,
	  "which of several alternatives: its letter, or words that no other heading has" },
	{ "--list", 0, NULL, NULL, "show the alternatives that the document offers" },
	{ "--inline", 0, NULL, NULL,
	  "write prompts into the plan instead of referring to the document" },
	{ "--force", 0, NULL, NULL, "replace a file that is there" },
	REPORT_OPTIONS,
};

static const char import_help[] =
	"Turns a plan that somebody wrote in Markdown into one for orch: tables of tasks, headings like\n"
	"`### Agent 3: Title` with their prompts and `File:` lines, lists of agents, orders, shell loops that\n"
	"make work trees, times. No model is asked. Lists of tasks are read as well: tasks.md of spec-kit\n"
	"(`- [ ] T012 [P] …`) and tasks.json of task-master, whose tags are alternatives.\n"
	"\n"
	"    orchc import PLAN.md -o plan.orch\n"
	"\n"
	"Everything in which the document contradicts itself, is too vague or lacks what a plan needs is\n"
	"shown with its lines, and so is each line that looks like part of the plan and was not understood.\n"
	"Then `orchc check plan.orch` tells what is wrong with the plan itself.\n";

const struct command import_command = {
	"import",
	"DOCUMENT",
	1,
	1,
	"a plan in Markdown, or a list of tasks, as a plan for orch",
	import_help,
	import_options,
	sizeof import_options / sizeof *import_options,
	run_import,
};
