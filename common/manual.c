/* manual.c — see manual.h. The page is written in the macros of man(7). */
#include "common/manual.h"

#include "common/file.h"

#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

/* What roff would read as its own: backslashes, the hyphen of an option, a mark that begins a line. */
static void add_text(struct str text, bool begins, struct text *out)
{
	if (begins && text.n && (text.at[0] == '.' || text.at[0] == '\''))
		text_add(out, STR("\\&"));
	for (size_t i = 0; i < text.n; i++)
		switch (text.at[i]) {
		case '\\': text_add(out, STR("\\e")); break;
		case '-': text_add(out, STR("\\-")); break;
		case '`': text_add(out, STR("\\(ga")); break;
		case '\'': text_add(out, STR("\\(aq")); break;
		case '^': text_add(out, STR("\\(ha")); break;
		case '~': text_add(out, STR("\\(ti")); break;
		default: text_add_byte(out, text.at[i]);
		}
}

/* Paragraphs are filled, lines that are set in stay as they are. */
static void add_help(const char *help, struct text *out)
{
	struct str rest = str_from(help), line;
	bool set_in = false;
	while (str_split(&rest, '\n', &line)) {
		bool in = line.n && line.at[0] == ' ';
		if (in != set_in && line.n) {
			text_add(out, in ? STR(".PP\n.nf\n") : STR(".fi\n.PP\n"));
			set_in = in;
		}
		if (line.n) {
			add_text(line, true, out);
			text_add_byte(out, '\n');
		} else if (!set_in && rest.n) {
			text_add(out, STR(".PP\n"));
		}
	}
	if (set_in)
		text_add(out, STR(".fi\n"));
}

static void add_options(const struct command_option *options, size_t n, struct text *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct command_option *o = &options[i];
		text_add(out, STR(".TP\n"));
		if (o->letter)
			text_addf(out, "\\fB\\-%c\\fR, ", o->letter);
		text_add(out, STR("\\fB"));
		add_text(str_from(o->name), false, out);
		text_add(out, STR("\\fR"));
		if (o->argument) {
			text_add(out, *o->argument == '[' ? STR("\\fI") : STR(" \\fI"));
			add_text(str_from(o->choices ? o->choices : o->argument), false, out);
			text_add(out, STR("\\fR"));
		}
		text_add_byte(out, '\n');
		add_text(str_from(o->meaning), true, out);
		text_add_byte(out, '\n');
	}
}

static void add_command(const struct command_program *p, const struct command *command,
			struct text *out)
{
	text_addf(out, ".SS \"%s %s", p->name, command->name);
	if (*command->arguments)
		text_add_byte(out, ' ');
	add_text(str_from(command->arguments), false, out);
	text_add(out, STR("\"\n"));
	add_text(str_from(command->summary), true, out);
	text_add(out, STR(".\n.PP\n"));
	add_help(command->help, out);
	add_options(command->options, command->option_n, out);
}

void manual_write(const struct command_program *p, struct text *out)
{
	text_add(out, STR(".TH "));
	for (const char *c = p->name; *c; c++)
		text_add_byte(out, (char)toupper((unsigned char)*c));
	text_addf(out, " 1 \"\" \"%s %s\"\n.SH NAME\n%s \\- ", p->name, p->version, p->name);
	add_text(str_from(p->summary), false, out);
	text_addf(
		out,
		"\n.SH SYNOPSIS\n\\fB%s\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR…] [\\fIARGUMENT\\fR…]\n.br\n"
		"\\fB%s help\\fR [\\fICOMMAND\\fR]\n.br\n\\fB%s \\-\\-version\\fR\n.SH COMMANDS\n",
		p->name, p->name, p->name);
	for (size_t i = 0; i < p->command_n; i++)
		add_command(p, p->commands[i], out);
	text_add(out, STR(".SH OPTIONS\nEvery command takes these, too.\n"));
	add_options(p->options, p->option_n, out);
	text_add(out, STR(".TP\n\\fB\\-\\-help\\fR\nwhat a command does and takes\n.SH NOTES\n"));
	add_help(p->help, out);
}

static int run_manual(const struct command_line *line)
{
	struct text out = { 0 };
	struct fail fail;
	int status = 0;
	manual_write(line->program, &out);
	if (!file_write_all(STDOUT_FILENO, "standard output", text_str(&out), &fail)) {
		fprintf(stderr, "error: %s\n", fail.text);
		status = 3;
	}
	text_release(&out);
	return status;
}

const struct command manual_command = {
	"manual",
	"",
	0,
	0,
	"the manual page of this program, for `man -l -`",
	"All that `help` says of each command, as one page for man. `make install` puts it where man looks.\n",
	NULL,
	0,
	run_manual,
};
