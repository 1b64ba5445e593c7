/* orch.c — runs plans of coding agents: its commands, each in a file of its own. */
#include "cmd/orch/commands.h"
#include "common/completions.h"
#include "common/manual.h"
#include "common/version.h"

static const struct command_option options[] = {
	{ "--color", 0, "WHEN", "auto|always|never", "colours; `orch help` says what auto is" },
};
static const struct command *const commands[] = {
	&init_command,	&exec_command,     &resume_command, &status_command, &logs_command, &diff_command,
	&report_command,   &land_command,
	&rollback_command, &retry_command,  &stop_command,   &gc_command,
	&doctor_command,
	&completions_command,
	&manual_command,
};
static const struct command_program program = {
	"orch",
	VERSION,
	"runs plans of coding agents",
	commands,
	sizeof commands / sizeof *commands,
	options,
	sizeof options / sizeof *options,
	"Exit status: 0 all merged, 1 an agent did not succeed or the plan has errors, 2 the command line is\n"
	"wrong, 3 a file, git or the machine failed, 130 interrupted.\n" COMMAND_COLOUR_HELP,
	"orch status --json 2>/dev/null | sed -n 's/^{\"run\":[0-9]*,\"agent\":\"\\([^\"]*\\)\".*/\\1/p'",
};

int main(int argc, char **argv)
{
	return command_main(&program, argc, argv);
}
