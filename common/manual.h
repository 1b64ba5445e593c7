/* manual.h — a program's manual page, made of the table that reads its command line. */
#ifndef COMMON_MANUAL_H
#define COMMON_MANUAL_H

#include "common/command.h"

void manual_write(const struct command_program *, struct text *out);	/* roff, in UTF-8 */
extern const struct command manual_command;	/* `manual`, of any program */

#endif
