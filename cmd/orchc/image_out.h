/* image_out.h — writes a schedule to where an image goes. */
#ifndef CMD_ORCHC_IMAGE_OUT_H
#define CMD_ORCHC_IMAGE_OUT_H

#include "common/command.h"
#include "runtime/writer.h"
#include "schedule/schedule.h"

/* --output, or the operand with `ending` replaced by .orchb, or "-" if that is it; NUL-terminated. */
struct str image_out_path(struct arena *, const struct command_line *, const char *ending);
/* May an image be put there by a command that reads `input`? False, and said, when not (output.h). */
bool image_out_may(const char *path, const char *input);
/* To the writer's output, which is to be this path, or to standard output for "-". The exit status. */
int image_out_write(const struct writer *, struct str path, const struct schedule *);

#endif
