/* command.h — a command line read by a table: commands, their arguments and options, and the help
 * that is made of the same rows. What a row does not say, the program does not take.
 *
 * Everything here is read only and static; what is read off the arguments points into them. */
#ifndef COMMON_COMMAND_H
#define COMMON_COMMAND_H

#include "common/arena.h"
#include "common/fail.h"
#include "common/text.h"

struct command_option {
	const char *name;	/* "--output" */
	char letter;		/* 'o' for -o, or 0 */
	const char *argument;	/* "FILE", "[=FILE]" for one that may be left out, or NULL for a switch */
	const char *choices;	/* "auto|always|never": what the argument may be; NULL: anything */
	const char *meaning;	/* in a few words, without a full stop */
};
#define COMMAND_OPTIONS_MOST 16		/* of one command, with those of the program */
#define COMMAND_OPERANDS_ANY SIZE_MAX

struct command_line;
struct command {
	const char *name;	/* "check" */
	const char *arguments;	/* "PLAN", as shown in help */
	size_t least, most;	/* how many operands; COMMAND_OPERANDS_ANY: no limit */
	const char *summary;	/* one line, without a full stop */
	const char *help;	/* whole paragraphs, each ending in a newline */
	const struct command_option *options;
	size_t option_n;
	int (*run)(const struct command_line *);	/* the exit status */
	bool lasting;		/* its work takes long, and it may be told to stop */
};
struct command_program {
	const char *name, *version, *summary;
	const struct command *const *commands;
	size_t command_n;
	const struct command_option *options;	/* that every command takes */
	size_t option_n;
	const char *help;	/* shown below the list of commands */
	const char *agents;	/* for completions, in sh and fish alike: prints the names that an operand AGENT may be; NULL */
};
struct command_line {
	const struct command_program *program;
	const struct command *command;	/* NULL: only help or the version was asked for */
	char **operand;		/* borrowed from argv, in an array in the arena */
	size_t operand_n;
	const char *value[COMMAND_OPTIONS_MOST];	/* by option: the command's, then the program's */
	struct str answer;	/* help or version that was asked for, in the arena; empty: run the command */
};

/* False with a message for the user, to be followed by exit status 2. */
bool command_read(struct arena *, const struct command_program *, int argc, char **argv,
		  struct command_line *, struct fail *);
/* The option's argument, "" for a switch that was given or an argument left out, NULL when it was
 * not. `name` must be in the table. */
const char *command_value(const struct command_line *, const char *name);
const struct command *command_find(const struct command_program *, struct str name);	/* or NULL */
bool command_takes(const struct command_line *, const char *name);	/* is it in the table? */
/* `command` NULL: of the program. */
void command_help(const struct command_program *, const struct command *, struct text *out);
/* Is output to `fd` to be coloured? `when` is the argument of --color, or NULL. The environment
 * counts as COMMAND_COLOUR_HELP, a program's last paragraph of help, says. */
#define COMMAND_COLOUR_HELP                                                                                   \
	"Colours: as --color says; else none if NO_COLOR is set; else if FORCE_COLOR or CLICOLOR_FORCE is set\n" \
	"(FORCE_COLOR=0: none); else on a terminal, unless TERM is dumb.\n"
bool command_colour(const char *when, int fd);
/* What a program's main does: reads the command line, answers it or runs the command. The exit
 * status: 2 when the command line is wrong, 3 when the answer cannot be written. */
int command_main(const struct command_program *, int argc, char **argv);

#endif
