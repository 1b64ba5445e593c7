/* orchc.c — the compiler: its commands, each in a file of its own. */
#include "cmd/orchc/commands.h"
#include "common/completions.h"
#include "common/manual.h"
#include "common/version.h"

static const struct command_option options[] = {
	{ "--color", 0, "WHEN", "auto|always|never", "colours; `orchc help` says what auto is" },
};
static const struct command *const commands[] = {
	&check_command,
	&build_command,
	&fmt_command,
	&import_command,
	&plan_command,
	&expand_command,
	&disasm_command,
	&asm_command,
	&graph_command,
	&lsp_command,
	&explain_command,
	&grammar_command,
	&completions_command,
	&manual_command,
};
static const struct command_program program = {
	"orchc",
	VERSION,
	"the compiler of plans for many coding agents",
	commands,
	sizeof commands / sizeof *commands,
	options,
	sizeof options / sizeof *options,
	"A first plan is in examples/hello.orch; docs/language.md tells the rest.\n"
	"Exit status: 0 clean, 1 something was found, 2 wrong usage, 3 a file could not be read.\n" COMMAND_COLOUR_HELP,
};

int main(int argc, char **argv)
{
	return command_main(&program, argc, argv);
}
