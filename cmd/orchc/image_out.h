/* image_out.h — writes a schedule to where an image goes. */
#ifndef CMD_ORCHC_IMAGE_OUT_H
#define CMD_ORCHC_IMAGE_OUT_H

#include "common/command.h"
#include "schedule/schedule.h"

/* To --output, or the operand with `ending` replaced by .orchb. The exit status. */
int image_out_write(struct arena *, const struct command_line *, const struct schedule *,
		    const char *ending);

#endif
