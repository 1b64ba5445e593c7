/* output.h — a file that a command writes: never what it reads, and never what somebody else wrote.
 *
 * What is replaced is what the same command made before. A name that was mistyped, or a plan's
 * where that of the image was meant, must not cost the plan. */
#ifndef CMD_ORCHC_OUTPUT_H
#define CMD_ORCHC_OUTPUT_H

#include "common/command.h"
#include "compiler/load.h"

/* Does a file that begins like this look like one that the command wrote? */
typedef bool output_is_own(struct str beginning);

/* May `path` be made or replaced by a command that reads `input` ("-": standard input)? False, and
 * said, when it is the same file, when it is none but something special, or when it is there and
 * not the command's own, as far as `own` tells (NULL: anything may be replaced). To be asked before
 * the jail is shut. `path` NULL or "-" may be. `what`: "an image". */
bool output_may(const char *path, const char *input, output_is_own *own, const char *what);
/* The same of what was read for the plan: imported files and prompts. */
bool output_apart(const char *path, const struct load *);

#endif
