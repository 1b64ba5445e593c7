/* commands.h — what orchc can do: a row for each command, in the file of its name. */
#ifndef CMD_ORCHC_COMMANDS_H
#define CMD_ORCHC_COMMANDS_H

#include "common/command.h"

enum { STATUS_CLEAN, STATUS_FINDINGS, STATUS_USAGE, STATUS_WORLD };

extern const struct command check_command, build_command, disasm_command, asm_command, graph_command, explain_command,
	import_command, fmt_command;
extern const struct command plan_command, expand_command, lsp_command, grammar_command;

#endif
