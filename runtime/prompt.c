/* prompt.c — see prompt.h. */
#include "runtime/prompt.h"

static void list(struct text *out, const char *what, struct str_list patterns)
{
	if (!patterns.n)
		return;
	text_add(out, str_from(what));
	text_add_byte(out, '\n');
	for (size_t i = 0; i < patterns.n; i++)
		text_addf(out, "  %.*s\n", STR_ARG(patterns.at[i]));
}

static void add_command(struct text *out, const struct schedule_command *command)
{
	text_add(out, STR(" "));
	for (size_t i = 0; i < command->words.n; i++)
		text_addf(out, " %.*s", STR_ARG(command->words.at[i]));
	text_add_byte(out, '\n');
}

static void tests(struct text *out, const struct schedule *schedule,
		  const struct schedule_agent *agent)
{
	bool any = false;
	for (size_t i = 0; i < agent->code.n; i++) {
		if (agent->code.at[i].op != OP_CHECK)
			continue;
		if (!any)
			text_add(out, STR("When you have ended, your work is tested with:\n"));
		any = true;
		add_command(out, &schedule->command[agent->code.at[i].operand]);
	}
}

void prompt_write(const struct schedule *schedule, uint32_t index, struct str feedback,
		  struct text *out)
{
	const struct schedule_agent *agent = &schedule->agent[index];
	text_addf(
		out,
		"You are the agent \"%.*s\" of the plan \"%.*s\". You work alone in a copy of the repository, which is "
		"the folder you were started in; other agents work at the same time in copies of their own.\n",
		STR_ARG(agent->name), STR_ARG(schedule->plan.name));
	if (agent->owns.n || agent->creates.n) {
		list(out, "You may create, change and delete what matches:", agent->owns);
		list(out, "You are to create, and may then change:", agent->creates);
		text_add(
			out,
			STR("Any change elsewhere makes your whole work invalid: nothing of it will be used.\n"));
	} else {
		text_add(out, STR("You may read everything, and must not change any file.\n"));
	}
	list(out, "You may rely on:", agent->reads);
	tests(out, schedule, agent);
	text_add(
		out,
		STR("Do not commit: your changes are taken from the files as you leave them. Nobody will answer questions; "
		    "end when the work is done.\n"));
	if (feedback.n) {
		text_add(
			out,
			STR("\nThis is not the first attempt. The folder is as the last attempt left it. What came of it:\n\n"));
		text_add(out, feedback);
		if (!str_ends(feedback, STR("\n")))
			text_add_byte(out, '\n');
	}
	text_add(out, STR("\nYour task:\n\n"));
	text_add(out, agent->prompt);
}

void prompt_go_on(struct str feedback, struct text *out)
{
	if (!feedback.n) {
		text_add(
			out,
			STR("You were interrupted. The folder is as you left it; your task and its rules are the same. Go on, "
			    "and end when the work is done.\n"));
		return;
	}
	text_add(out, feedback);
	if (!str_ends(feedback, STR("\n")))
		text_add_byte(out, '\n');
	text_add(
		out,
		STR("\nThe folder is as you left it; your task and its rules are the same. Mend this, and end when the "
		    "work is done.\n"));
}

struct str prompt_put_in(struct arena *arena, struct str word, const struct prompt_values *with)
{
	static const struct str names[] = { { "${prompt_file}", 14 },
					    { "${prompt}", 9 },
					    { "${session}", 10 } };
	const struct str values[] = { with->file, with->prompt, with->session };
	struct text out = { 0 };
	while (word.n) {
		size_t taken = 0;
		for (size_t i = 0; !taken && i < sizeof names / sizeof *names; i++)
			if (str_starts(word, names[i])) {
				text_add(&out, values[i]);
				taken = names[i].n;
			}
		if (!taken) {
			text_add_byte(&out, *word.at);
			taken = 1;
		}
		word = str_slice(word, taken, word.n);
	}
	struct str result = arena_copy(arena, text_str(&out));
	text_release(&out);
	return result;
}
