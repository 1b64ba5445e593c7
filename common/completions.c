/* completions.c — see completions.h.
 *
 * A row says of an option whether it takes an argument and which; an operand that is called PLAN,
 * FILE, IMAGE … in capitals is completed with files, AGENT with the agents there are, a word in small
 * letters with itself. */
#include "common/completions.h"

#include "common/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool optional(const struct command_option *option)
{
	return option->argument && *option->argument == '[';
}

static void add_choices(const char *choices, struct text *out)
{
	for (; *choices; choices++)
		text_add_byte(out, *choices == '|' ? ' ' : *choices);
}

/* A text between single quotes: ' is closed, escaped and opened again. `also` get a backslash. */
static void add_quoted(const char *text, const char *quote, const char *also, struct text *out)
{
	for (; *text; text++)
		if (*text == '\'') {
			text_add(out, str_from(quote));
		} else {
			if (strchr(also, *text))
				text_add_byte(out, '\\');
			text_add_byte(out, *text);
		}
}

/* Words of `arguments` that stand for themselves, as bash and zsh in `bash|zsh`. */
static void add_operands(const char *arguments, struct text *out)
{
	static const char ends[] = "|[] ";
	while (*arguments) {
		size_t n = strcspn(arguments, ends);
		if (n && strspn(arguments, "abcdefghijklmnopqrstuvwxyz") == n)
			text_addf(out, "%.*s ", (int)n, arguments);
		arguments += n + (arguments[n] != 0);
	}
}

static bool takes_files(const char *arguments)
{
	static const char *const words[] = { "PLAN", "FOLDER", "IMAGE", "LISTING", "DOCUMENT" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(arguments, words[i]))
			return true;
	return false;
}

/* Operands that are called AGENT, in programs that can tell which agents there are. */
static bool takes_agents(const struct command_program *p, const struct command *command)
{
	return p->agents && strstr(command->arguments, "AGENT");
}

static void bash_arguments(const char *command, const struct command_option *options, size_t n,
			   struct text *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct command_option *option = &options[i];
		if (!option->argument || optional(option))
			continue;
		text_addf(out, "\t%s:%s", command, option->name);
		if (option->letter)
			text_addf(out, " | %s:-%c", command, option->letter);
		text_add(out, STR(") mapfile -t COMPREPLY < <(compgen "));
		if (option->choices) {
			text_add(out, STR("-W '"));
			add_choices(option->choices, out);
			text_add_byte(out, '\'');
		} else {
			text_add(out, STR("-f"));
		}
		text_add(out, STR(" -- \"$cur\"); return ;;\n"));
	}
}

static void bash_names(const struct command_option *options, size_t n, struct text *out)
{
	for (size_t i = 0; i < n; i++) {
		text_addf(out, "%s ", options[i].name);
		if (options[i].letter)
			text_addf(out, "-%c ", options[i].letter);
	}
}

static void bash_command(const struct command_program *p, const struct command *command,
			 struct text *out)
{
	text_addf(out, "\t%s)\n\t\toptions='", command->name);
	bash_names(command->options, command->option_n, out);
	bash_names(p->options, p->option_n, out);
	text_add(out, STR("--help' words='"));
	add_operands(command->arguments, out);
	text_addf(out, "' files=%s", takes_files(command->arguments) ? "yes" : "");
	if (takes_agents(p, command))
		text_addf(out, "\n\t\twords=$(_%s_agents)", p->name);
	text_add(out, STR(" ;;\n"));
}

static void add_commands(const struct command_program *p, struct text *out)
{
	for (size_t i = 0; i < p->command_n; i++)
		text_addf(out, "%s ", p->commands[i]->name);
}

static void write_bash(const struct command_program *p, struct text *out)
{
	text_addf(out,
		  "# Completion of %s for bash, made by `%s completions bash`.\n",
		  p->name, p->name);
	if (p->agents)
		text_addf(out, "_%s_agents() {\n\t%s\n}\n", p->name, p->agents);
	text_addf(out,
		  "_%s() {\n"
		  "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
		  "\tlocal command='' options='' words='' files='' i\n"
		  "\tif [ \"$cur\" = = ]; then\n\t\tcur=\n"
		  "\telif [ \"$prev\" = = ]; then\n\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
		  "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		  "\t\tcase ${COMP_WORDS[i]} in\n",
		  p->name);
	for (size_t i = 0; i < p->option_n; i++)
		if (p->options[i].argument && !optional(&p->options[i]))
			text_addf(
				out,
				"\t\t%s)\n\t\t\t[ \"${COMP_WORDS[i + 1]}\" != = ] || i=$((i + 1))\n"
				"\t\t\ti=$((i + 1)) ;;\n",
				p->options[i].name);
	text_add(out, STR("\t\t-*) ;;\n\t\t*)\n\t\t\tcommand=${COMP_WORDS[i]}\n\t\t\tbreak ;;\n"
			  "\t\tesac\n\tdone\n\tCOMPREPLY=()\n\tcase $command:$prev in\n"));
	for (size_t i = 0; i < p->command_n; i++)
		bash_arguments(p->commands[i]->name, p->commands[i]->options,
			       p->commands[i]->option_n, out);
	bash_arguments("*", p->options, p->option_n, out);
	text_add(out, STR("\tesac\n\tcase $command in\n\t'')\n\t\toptions='"));
	bash_names(p->options, p->option_n, out);
	text_add(out, STR("--help --version' words='"));
	add_commands(p, out);
	text_add(out, STR("help' ;;\n\thelp) words='"));
	add_commands(p, out);
	text_add(out, STR("' ;;\n"));
	for (size_t i = 0; i < p->command_n; i++)
		bash_command(p, p->commands[i], out);
	text_addf(out,
		  "\tesac\n\tcase $cur in\n"
		  "\t-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\") ;;\n"
		  "\t*)\n\t\tmapfile -t COMPREPLY < <(\n"
		  "\t\t\tcompgen -W \"$words\" -- \"$cur\"\n"
		  "\t\t\t[ -z \"$files\" ] || compgen -f -- \"$cur\"\n\t\t) ;;\n"
		  "\tesac\n}\ncomplete -o filenames -F _%s %s\n",
		  p->name, p->name);
}

static void zsh_spec(const struct command_option *option, const char *name, const char *joint,
		     struct text *out)
{
	text_addf(out, " \\\n\t\t\t'%s%s[", name,
		  !option->argument  ? ""
		  : optional(option) ? "=-"
				     : joint);
	add_quoted(option->meaning, "'\\''", "[]:\\", out);
	text_add_byte(out, ']');
	if (option->argument) {
		text_add(out, optional(option) ? STR("::argument:") : STR(":argument:"));
		if (option->choices) {
			text_add_byte(out, '(');
			add_choices(option->choices, out);
			text_add_byte(out, ')');
		} else {
			text_add(out, STR("_files"));
		}
	}
	text_add_byte(out, '\'');
}

static void zsh_options(const struct command_option *options, size_t n, struct text *out)
{
	for (size_t i = 0; i < n; i++) {
		char letter[] = { '-', options[i].letter, 0 };
		zsh_spec(&options[i], options[i].name, "=", out);
		if (options[i].letter)
			zsh_spec(&options[i], letter, "+", out);
	}
}

static void write_zsh(const struct command_program *p, struct text *out)
{
	text_addf(out,
		  "#compdef %s\n# Completion of %s for zsh, made by `%s completions zsh`.\n",
		  p->name, p->name, p->name);
	if (p->agents)
		text_addf(out, "_%s_agents() {\n\t%s\n}\n", p->name, p->agents);
	text_addf(out,
		  "_%s() {\n\tlocal state line curcontext=$curcontext\n\tlocal -a commands\n"
		  "\tcommands=(\n",
		  p->name);
	for (size_t i = 0; i < p->command_n; i++) {
		text_addf(out, "\t\t'%s:", p->commands[i]->name);
		add_quoted(p->commands[i]->summary, "'\\''", ":\\", out);
		text_add(out, STR("'\n"));
	}
	text_add(out, STR("\t\t'help:this, or all about a command'\n\t)\n\t_arguments -C"));
	zsh_options(p->options, p->option_n, out);
	text_add(out,
		 STR(" \\\n\t\t\t'--version[which version this is]' '--help[help]' \\\n"
		     "\t\t\t'1:command:->command' '*::argument:->argument'\n"
		     "\tcase $state in\n\tcommand) _describe command commands ;;\n\targument)\n"
		     "\t\tcase $words[1] in\n\t\thelp) _describe command commands ;;\n"));
	for (size_t i = 0; i < p->command_n; i++) {
		const struct command *command = p->commands[i];
		text_addf(out, "\t\t%s) _arguments", command->name);
		zsh_options(command->options, command->option_n, out);
		zsh_options(p->options, p->option_n, out);
		text_add(out, STR(" '--help[help]'"));
		struct text words = { 0 };
		add_operands(command->arguments, &words);
		if (words.n)
			text_addf(out, " '*:argument:(%.*s)'", (int)words.n, words.at);
		else if (takes_agents(p, command))
			text_addf(out, " '*:agent:{compadd -- $(_%s_agents)}'", p->name);
		else if (takes_files(command->arguments))
			text_add(out, STR(" '*:file:_files'"));
		text_release(&words);
		text_add(out, STR(" ;;\n"));
	}
	text_addf(
		out,
		"\t\tesac ;;\n\tesac\n}\nif [ \"$funcstack[1]\" = _%s ]; then\n\t_%s \"$@\"\nelse\n"
		"\tcompdef _%s %s\nfi\n",
		p->name, p->name, p->name, p->name);
}

static void fish_options(const char *program, const char *command,
			 const struct command_option *options, size_t n, struct text *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct command_option *option = &options[i];
		text_addf(out, "complete -c %s", program);
		if (command)
			text_addf(out, " -n '__fish_seen_subcommand_from %s'", command);
		text_addf(out, " -l %s", option->name + 2);
		if (option->letter)
			text_addf(out, " -s %c", option->letter);
		if (option->choices) {
			text_add(out, STR(" -x -a '"));
			add_choices(option->choices, out);
			text_add_byte(out, '\'');
		} else if (option->argument && !optional(option)) {
			text_add(out, STR(" -r -F"));
		}
		text_add(out, STR(" -d '"));
		add_quoted(option->meaning, "\\'", "\\", out);
		text_add(out, STR("'\n"));
	}
}

static void write_fish(const struct command_program *p, struct text *out)
{
	text_addf(
		out,
		"# Completion of %s for fish, made by `%s completions fish`.\n"
		"complete -c %s -f\n"
		"complete -c %s -l help -d 'help'\n"
		"complete -c %s -n __fish_use_subcommand -l version -d 'which version this is'\n"
		"complete -c %s -n __fish_use_subcommand -a help -d 'this, or all about a command'\n"
		"complete -c %s -n '__fish_seen_subcommand_from help' -a '",
		p->name, p->name, p->name, p->name, p->name, p->name, p->name);
	add_commands(p, out);
	text_add(out, STR("'\n"));
	if (p->agents)
		text_addf(out, "function _%s_agents\n\t%s\nend\n", p->name, p->agents);
	fish_options(p->name, NULL, p->options, p->option_n, out);
	for (size_t i = 0; i < p->command_n; i++) {
		const struct command *command = p->commands[i];
		text_addf(out, "complete -c %s -n __fish_use_subcommand -a %s -d '", p->name,
			  command->name);
		add_quoted(command->summary, "\\'", "\\", out);
		text_add(out, STR("'\n"));
		fish_options(p->name, command->name, command->options, command->option_n, out);
		if (takes_files(command->arguments))
			text_addf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -F\n",
				  p->name, command->name);
		text_addf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -a '", p->name,
			  command->name);
		add_operands(command->arguments, out);
		if (takes_agents(p, command))
			text_addf(out, "(_%s_agents)", p->name);
		text_add(out, STR("'\n"));
	}
}

void completions_write(const struct command_program *program, struct str shell, struct text *out)
{
	if (str_is(shell, "bash"))
		write_bash(program, out);
	else if (str_is(shell, "zsh"))
		write_zsh(program, out);
	else
		write_fish(program, out);
}

static int run_completions(const struct command_line *line)
{
	struct str shell = str_from(line->operand[0]);
	struct text out = { 0 };
	struct fail fail;
	int status = 0;
	if (!str_is(shell, "bash") && !str_is(shell, "zsh") && !str_is(shell, "fish")) {
		fprintf(stderr,
			"error: there are completions for bash, zsh and fish, not for `%s`\n",
			line->operand[0]);
		return 2;
	}
	completions_write(line->program, shell, &out);
	if (!file_write_all(STDOUT_FILENO, "standard output", text_str(&out), &fail)) {
		fprintf(stderr, "error: %s\n", fail.text);
		status = 3;
	}
	text_release(&out);
	return status;
}

const struct command completions_command = {
	"completions",
	"bash|zsh|fish",
	1,
	1,
	"what a shell needs to complete this program's command line",
	"For bash, in ~/.bashrc:   eval \"$(PROGRAM completions bash)\"\n"
	"For zsh, in ~/.zshrc behind compinit:   eval \"$(PROGRAM completions zsh)\"\n"
	"For fish, in ~/.config/fish/config.fish:   PROGRAM completions fish | source\n"
	"PROGRAM is orch or orchc. `make install` puts them where shells look for them.\n",
	NULL,
	0,
	run_completions,
};
