/* image.h — a schedule as bytes (.orchb): little-endian words and one table of strings, with a
 * hash of it all at the end against damage. The same schedule gives the same bytes anywhere. */
#ifndef SCHEDULE_IMAGE_H
#define SCHEDULE_IMAGE_H

#include "common/fail.h"
#include "common/text.h"
#include "schedule/schedule.h"

void image_write(const struct schedule *, struct text *out);
/* Reads and verifies (verify.h). Strings are borrowed from `bytes`, the rest is in the arena. */
bool image_read(struct arena *, struct str bytes, struct schedule **, struct fail *);
bool image_recognise(struct str bytes);	/* does it begin as an image does? */

#endif
