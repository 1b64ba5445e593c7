/* command.c — what common/command.c makes of command lines. */
#include "common/command.h"

#include "tests/unit/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_nothing(const struct command_line *line)
{
	return (int)line->operand_n;
}

static const struct command_option build_options[] = {
	{ "--output", 'o', "FILE", NULL, "where the result goes" },
	{ "--force", 0, NULL, NULL, "whatever is there" },
};
static const struct command_option options[] = {
	{ "--color", 0, "WHEN", "auto|always|never", "colours" },
};
static const struct command check = { "check",    "PLAN…", 1, COMMAND_OPERANDS_ANY, "look at it",
				      "Looks.\n", NULL,    0, run_nothing };
static const struct command build = { "build",    "PLAN",        1, 1,          "make it",
				      "Makes.\n", build_options, 2, run_nothing };
static const struct command *const commands[] = { &check, &build };
static const struct command_program program = { "prog",  "1.2", "an example", commands, 2,
						options, 1,     "More.\n" };

struct outcome {
	bool good;
	struct command_line line;
	struct fail fail;
};

static struct outcome reading(struct arena *arena, char *words)
{
	char name[] = "prog", *argv[16] = { name };
	int argc = 1;
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	struct outcome o = { 0 };
	o.good = command_read(arena, &program, argc, argv, &o.line, &o.fail);
	return o;
}
#define READ(words) reading(&arena, (char[]){ words })

/* What decides, each with all that is weaker set to the contrary. */
static void test_colour(void)
{
	static const struct {
		const char *when, *no_color, *force, *old, *term;
		bool on_terminal, elsewhere;
	} row[] = {
		{ NULL, NULL, NULL, NULL, "xterm", true, false },
		{ "auto", "", "", "", "xterm", true, false },
		{ NULL, NULL, NULL, NULL, "dumb", false, false },
		{ NULL, NULL, NULL, NULL, NULL, false, false },
		{ NULL, NULL, NULL, "1", "dumb", true, true },
		{ NULL, NULL, NULL, "0", "xterm", true, false },
		{ NULL, NULL, "3", "0", "dumb", true, true },
		{ NULL, NULL, "0", "1", "xterm", false, false },
		{ NULL, NULL, "false", NULL, "xterm", false, false },
		{ NULL, "1", "1", "1", "xterm", false, false },
		{ "always", "1", "0", "0", "dumb", true, true },
		{ "never", NULL, "1", "1", "xterm", false, false },
	};
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), file = open("/dev/null", O_RDWR);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *name[] = { "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM" };
		const char *value[] = { row[i].no_color, row[i].force, row[i].old, row[i].term };
		for (int k = 0; k < 4; k++)
			value[k] ? setenv(name[k], value[k], 1) : unsetenv(name[k]);
		if (!CHECK(command_colour(row[i].when, terminal) == row[i].on_terminal,
			   "colour on a terminal") ||
		    !CHECK(command_colour(row[i].when, file) == row[i].elsewhere,
			   "colour elsewhere"))
			printf("row %zu\n", i);
	}
	close(terminal);
	close(file);
}

int main(void)
{
	struct arena arena = { 0 };
	test_colour();
	struct outcome o = READ("build -o x.orchb plan.orch --force --color=never");
	CHECK(o.good && !o.line.answer.n, "a good line is read");
	CHECK(o.good && o.line.operand_n == 1 && !strcmp(o.line.operand[0], "plan.orch"),
	      "with its operand");
	CHECK(o.good && !strcmp(command_value(&o.line, "--output"), "x.orchb"),
	      "a short option with its argument");
	CHECK(o.good && !strcmp(command_value(&o.line, "--force"), ""), "a switch");
	CHECK(o.good && !strcmp(command_value(&o.line, "--color"), "never"),
	      "an option of the program, with =");
	o = READ("build -ox.orchb plan.orch");
	CHECK(o.good && !strcmp(command_value(&o.line, "--output"), "x.orchb"),
	      "a letter and its argument in one");
	CHECK(o.good && !command_value(&o.line, "--force"), "an option that was not given");
	CHECK(o.good && command_takes(&o.line, "--force") && !command_takes(&o.line, "--forc"),
	      "what it takes");
	o = READ("check -- --force a b");
	CHECK(o.good && o.line.operand_n == 3 && o.line.command->run(&o.line) == 3,
	      "-- ends the options");

	o = READ("biuld plan.orch");
	CHECK(!o.good && strstr(o.fail.text, "did you mean `build`?"),
	      "the nearest command is offered");
	o = READ("build --outptu=x plan.orch");
	CHECK(!o.good && strstr(o.fail.text, "did you mean --output?"),
	      "the nearest option is offered");
	o = READ("frobnicate");
	CHECK(!o.good && strstr(o.fail.text, "`prog help` lists them"),
	      "or the list, when none is near");
	o = READ("check plan.orch --color=red");
	CHECK(!o.good && strstr(o.fail.text, "auto|always|never"), "only choices are taken");
	o = READ("build --output");
	CHECK(!o.good && strstr(o.fail.text, "needs an argument: FILE"), "a missing argument");
	o = READ("build --force=yes x");
	CHECK(!o.good && strstr(o.fail.text, "takes no argument"), "a switch with an argument");
	o = READ("build a b");
	CHECK(!o.good && strstr(o.fail.text, "`b`"), "too many operands");
	o = READ("build");
	CHECK(!o.good, "too few operands");
	o = READ("");
	CHECK(!o.good, "no command at all");

	o = READ("--version");
	CHECK(o.good && str_is(o.line.answer, "prog 1.2\n"), "the version");
	o = READ("help");
	CHECK(o.good && str_find_text(o.line.answer, STR("build PLAN")) != SIZE_MAX,
	      "help lists the commands");
	o = READ("help build");
	CHECK(o.good && str_find_text(o.line.answer, STR("-o, --output FILE")) != SIZE_MAX,
	      "help lists the options");
	struct str help = o.line.answer;
	o = READ("build --help");
	CHECK(o.good && str_equal(o.line.answer, help), "--help behind a command is help about it");
	arena_release(&arena);
	return test_end();
}
