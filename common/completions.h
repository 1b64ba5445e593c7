/* completions.h — what a shell needs to complete a program's command line, made of the table that
 * reads it: a script for bash, zsh or fish. */
#ifndef COMMON_COMPLETIONS_H
#define COMMON_COMPLETIONS_H

#include "common/command.h"

/* `shell` is bash, zsh or fish. */
void completions_write(const struct command_program *, struct str shell, struct text *out);
extern const struct command completions_command;	/* `completions bash|zsh|fish`, of any program */

#endif
