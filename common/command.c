/* command.c — see command.h. */
#include "common/command.h"

#include "common/file.h"
#include "common/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command_option *option_at(const struct command_line *line, size_t i)
{
	size_t own = line->command ? line->command->option_n : 0;
	return i < own ? &line->command->options[i] : &line->program->options[i - own];
}

static size_t option_count(const struct command_line *line)
{
	return (line->command ? line->command->option_n : 0) + line->program->option_n;
}

/* Of the names, the one most like `word`, or NULL when none is near. */
struct nearest {
	struct str word;
	const char *name;
	size_t distance;
};

static void nearest_try(struct nearest *nearest, const char *name)
{
	size_t limit = nearest->word.n / 3 + 1;
	size_t distance = str_distance(nearest->word, str_from(name), limit);
	if (distance <= limit && (!nearest->name || distance < nearest->distance)) {
		nearest->name = name;
		nearest->distance = distance;
	}
}

static bool unknown_option(const struct command_line *line, struct str word, struct fail *fail)
{
	struct nearest nearest = { word, NULL, 0 };
	for (size_t i = 0; i < option_count(line); i++)
		nearest_try(&nearest, option_at(line, i)->name);
	nearest_try(&nearest, "--help");
	const char *about = line->command ? line->command->name : "";
	if (nearest.name)
		return fail_set(fail, "there is no option %.*s; did you mean %s?", STR_ARG(word),
				nearest.name);
	return fail_set(fail, "there is no option %.*s; `%s help%s%s` lists them", STR_ARG(word),
			line->program->name, *about ? " " : "", about);
}

const struct command *command_find(const struct command_program *program, struct str word)
{
	for (size_t i = 0; i < program->command_n; i++)
		if (str_is(word, program->commands[i]->name))
			return program->commands[i];
	return NULL;
}

static bool unknown_command(const struct command_program *program, struct str word,
			    struct fail *fail)
{
	struct nearest nearest = { word, NULL, 0 };
	for (size_t i = 0; i < program->command_n; i++)
		nearest_try(&nearest, program->commands[i]->name);
	nearest_try(&nearest, "help");
	if (nearest.name)
		return fail_set(fail, "there is no command `%.*s`; did you mean `%s`?",
				STR_ARG(word), nearest.name);
	return fail_set(fail, "there is no command `%.*s`; `%s help` lists them", STR_ARG(word),
			program->name);
}

static bool is_choice(const char *choices, struct str word)
{
	struct str rest = str_from(choices), choice;
	while (str_split(&rest, '|', &choice))
		if (str_equal(choice, word))
			return true;
	return false;
}

struct reading {
	struct command_line *line;
	int argc, at; /* `at`: the argument that is being read */
	char **argv;
	struct fail *fail;
};

/* `joined`: what stands behind `=` or behind the letter, or NULL. */
static bool take_option(struct reading *r, size_t option, const char *joined)
{
	const struct command_option *about = option_at(r->line, option);
	bool optional = about->argument && *about->argument == '[';
	if (!about->argument || (optional && !joined)) {
		if (joined)
			return fail_set(r->fail, "%s takes no argument", about->name);
		r->line->value[option] = "";
		return true;
	}
	if (!joined && r->at + 1 >= r->argc)
		return fail_set(r->fail, "%s needs an argument: %s", about->name, about->argument);
	const char *value = joined ? joined : r->argv[++r->at];
	if (about->choices && !is_choice(about->choices, str_from(value)))
		return fail_set(r->fail, "%s is one of %s, not `%s`", about->name, about->choices,
				value);
	r->line->value[option] = value;
	return true;
}

static bool read_option(struct reading *r)
{
	struct str word = str_from(r->argv[r->at]);
	bool is_long = str_starts(word, STR("--"));
	size_t equals = is_long ? str_find(word, '=') : SIZE_MAX;
	struct str name = equals == SIZE_MAX ? word : str_slice(word, 0, equals);
	for (size_t i = 0; i < option_count(r->line); i++) {
		const struct command_option *option = option_at(r->line, i);
		if (is_long && str_is(name, option->name))
			return take_option(r, i, equals == SIZE_MAX ? NULL : word.at + equals + 1);
		if (!is_long && option->letter && word.at[1] == option->letter)
			return take_option(r, i, word.n > 2 ? word.at + 2 : NULL);
	}
	return unknown_option(r->line, name, r->fail);
}

static bool check_operands(const struct command_line *line, struct fail *fail)
{
	const struct command *command = line->command;
	if (line->operand_n < command->least)
		return fail_set(fail, "`%s %s` needs more: %s %s %s", line->program->name,
				command->name, line->program->name, command->name,
				command->arguments);
	if (line->operand_n > command->most)
		return fail_set(fail, "`%s %s` does not take `%s`: %s %s %s", line->program->name,
				command->name, line->operand[command->most], line->program->name,
				command->name, command->arguments);
	return true;
}

static bool answer_help(struct arena *arena, struct command_line *line,
			const struct command *command)
{
	struct text text = { 0 };
	command_help(line->program, command, &text);
	line->answer = arena_copy(arena, text_str(&text));
	text_release(&text);
	return true;
}

/* `help`, `help COMMAND` and what else comes before a command. */
static bool read_front(struct arena *arena, struct reading *r, bool *done)
{
	struct command_line *line = r->line;
	const struct command_program *program = line->program;
	*done = true;
	if (r->argc < 2)
		return fail_set(r->fail, "what is to be done? `%s help` lists the commands",
				program->name);
	struct str word = str_from(r->argv[1]);
	if (str_is(word, "--version")) {
		line->answer = arena_format(arena, "%s %s\n", program->name, program->version);
		return true;
	}
	if (str_is(word, "--help") || str_is(word, "-h"))
		return answer_help(arena, line, NULL);
	if (str_is(word, "help")) {
		if (r->argc < 3)
			return answer_help(arena, line, NULL);
		const struct command *about = command_find(program, str_from(r->argv[2]));
		return about ? answer_help(arena, line, about)
			     : unknown_command(program, str_from(r->argv[2]), r->fail);
	}
	*done = false;
	/* The program's own options may stand before the command, too. */
	for (r->at = 1; r->at < r->argc && r->argv[r->at][0] == '-'; r->at++)
		if (!read_option(r))
			return false;
	if (r->at == r->argc)
		return fail_set(r->fail, "what is to be done? `%s help` lists the commands",
				program->name);
	const char *before[COMMAND_OPTIONS_MOST];
	memcpy(before, line->value, sizeof before);
	word = str_from(r->argv[r->at++]);
	line->command = command_find(program, word);
	if (!line->command)
		return unknown_command(program, word, r->fail);
	size_t own = line->command->option_n;
	BUG_IF(option_count(line) > COMMAND_OPTIONS_MOST, "a command with too many options");
	memset(line->value, 0, sizeof line->value);
	memcpy(line->value + own, before, program->option_n * sizeof *before);
	return true;
}

bool command_read(struct arena *arena, const struct command_program *program, int argc, char **argv,
		  struct command_line *line, struct fail *fail)
{
	*line = (struct command_line){ .program = program, .answer = STR("") };
	struct reading r = { line, argc, 1, argv, fail };
	bool done;
	if (!read_front(arena, &r, &done))
		return false;
	if (done)
		return true;
	line->operand = ARENA_MANY(arena, (size_t)argc, char *);
	bool options = true;
	for (; r.at < argc; r.at++) {
		char *word = argv[r.at];
		if (options && !strcmp(word, "--")) {
			options = false;
		} else if (options && (!strcmp(word, "--help") || !strcmp(word, "-h"))) {
			return answer_help(arena, line, line->command);
		} else if (options && word[0] == '-' && word[1]) {
			if (!read_option(&r))
				return false;
		} else {
			line->operand[line->operand_n++] = word;
		}
	}
	return check_operands(line, fail);
}

const char *command_value(const struct command_line *line, const char *name)
{
	for (size_t i = 0; i < option_count(line); i++)
		if (!strcmp(option_at(line, i)->name, name))
			return line->value[i];
	BUG_IF(true, "an option that is not in the table");
	return NULL;
}

bool command_takes(const struct command_line *line, const char *name)
{
	for (size_t i = 0; i < option_count(line); i++)
		if (!strcmp(option_at(line, i)->name, name))
			return true;
	return false;
}

/* The left column, which is as wide as most of what stands in it. */
static void help_left(struct text *left, struct text *out)
{
	enum { COLUMN = 28 };
	size_t width = utf8_width(text_str(left));
	text_addf(out, "  %s%*s", left->at, (int)(width < COLUMN ? COLUMN - width + 1 : 1), "");
	text_release(left);
}

static void help_option(const struct command_option *option, struct text *out)
{
	struct text left = { 0 };
	if (option->letter)
		text_addf(&left, "-%c, ", option->letter);
	text_addf(&left, "%s%s%s", option->name,
		  option->argument && *option->argument != '[' ? " " : "",
		  option->choices    ? option->choices
		  : option->argument ? option->argument
				     : "");
	help_left(&left, out);
	text_addf(out, "%s\n", option->meaning);
}

static void help_options(const struct command_option *options, size_t n, struct text *out)
{
	for (size_t i = 0; i < n; i++)
		help_option(&options[i], out);
}

static void help_program(const struct command_program *program, struct text *out)
{
	text_addf(out, "%s: %s\n\nusage: %s COMMAND [OPTION…] [ARGUMENT…]\n\n", program->name,
		  program->summary, program->name);
	for (size_t i = 0; i < program->command_n; i++) {
		struct text left = { 0 };
		text_addf(&left, "%s %s", program->commands[i]->name,
			  program->commands[i]->arguments);
		help_left(&left, out);
		text_addf(out, "%s\n", program->commands[i]->summary);
	}
	text_addf(out, "  %-28s %s\n", "help [COMMAND]", "this, or all about a command");
	text_addf(out, "  %-28s %s\n\n", "--version", "which version this is");
	help_options(program->options, program->option_n, out);
	text_addf(out, "%s%s", program->option_n ? "\n" : "", program->help);
}

void command_help(const struct command_program *program, const struct command *command,
		  struct text *out)
{
	if (!command) {
		help_program(program, out);
		return;
	}
	text_addf(out, "%s %s: %s\n\nusage: %s %s", program->name, command->name, command->summary,
		  program->name, command->name);
	if (command->option_n + program->option_n)
		text_add(out, STR(" [OPTION…]"));
	text_addf(out, "%s%s\n\n%s", *command->arguments ? " " : "", command->arguments,
		  command->help);
	if (command->option_n + program->option_n)
		text_add_byte(out, '\n');
	help_options(command->options, command->option_n, out);
	help_options(program->options, program->option_n, out);
}

static bool is_no(const char *value)
{
	return !strcmp(value, "0") || !strcmp(value, "false");
}

bool command_colour(const char *when, int fd)
{
	const char *off = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR"),
		   *old = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");
	if (when && strcmp(when, "auto"))
		return !strcmp(when, "always");
	if (off && *off)
		return false;
	if (force && *force)
		return !is_no(force);
	if (old && *old && !is_no(old))
		return true;
	return term && *term && strcmp(term, "dumb") && isatty(fd);
}

int command_main(const struct command_program *program, int argc, char **argv)
{
	struct arena arena = { 0 };
	struct command_line line;
	struct fail fail;
	int status = 0;
	file_hold_standard();
	if (!command_read(&arena, program, argc, argv, &line, &fail)) {
		fprintf(stderr, "error: %s\n", fail.text);
		status = 2;
	} else if (!line.answer.n) {
		status = line.command->run(&line);
	} else if (!file_write_all(STDOUT_FILENO, "standard output", line.answer, &fail)) {
		fprintf(stderr, "error: %s\n", fail.text);
		status = 3;
	}
	arena_release(&arena);
	return status;
}
