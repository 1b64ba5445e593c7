/* explain.c — orchc explain: what a message means. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "compiler/explain.h"

#include <stdio.h>
#include <string.h>

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
		return talk_answer(explain_find(code));
	}
	struct text list = { 0 };
	explain_list(&list);
	int status = talk_answer(text_str(&list));
	text_release(&list);
	return status;
}

static const char explain_help[] =
	"Tells what a message means, with an example of it and of its cure.\n"
	"\n"
	"    orchc explain E0301\n"
	"    orchc explain overlap\n"
	"    orchc explain list          # every code, its name and its meaning\n";

const struct command explain_command = {
	"explain", "[CODE|NAME|list]", 0, 1, "what a message means, and what to do", explain_help,
	NULL, 0, run_explain,
};
