/* explain.c — orchc explain: what a message means. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "compiler/explain.h"

#include <stdio.h>

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
		fprintf(stderr,
			"error: there is no code or name `%s`; `orchc explain list` has them all\n",
			word);
	else
		fprintf(stderr, "error: there is no code or name `%s`; did you mean `%s`?\n", word,
			diag_info((enum diag_code)nearest)->name);
	return STATUS_USAGE;
}

static int answer(void (*write)(struct text *))
{
	struct text text = { 0 };
	write(&text);
	int status = talk_answer(text_str(&text));
	text_release(&text);
	return status;
}

static int run_explain(const struct command_line *line)
{
	enum diag_code code;
	struct str word = line->operand_n ? str_from(line->operand[0]) : STR("list");
	if (str_is(word, "list"))
		return answer(explain_list);
	if (str_is(word, "all"))
		return answer(explain_all);
	return diag_find(word, &code) ? talk_answer(explain_find(code)) : say_unknown_code(word.at);
}

static const char explain_help[] =
	"Tells what a message means, with an example of it and of its cure.\n"
	"\n"
	"    orchc explain E0301\n"
	"    orchc explain overlap\n"
	"    orchc explain list          # every code, its name and its meaning\n"
	"    orchc explain all           # everything, as one document in Markdown\n";

const struct command explain_command = {
	"explain",
	"[CODE|NAME|list|all]",
	0,
	1,
	"what a message means, and what to do",
	explain_help,
	NULL,
	0,
	run_explain,
};
