/* measure.h — how much room a folder takes on disk. */
#ifndef RUNTIME_MEASURE_H
#define RUNTIME_MEASURE_H

#include "common/text.h"

#include <stdint.h>

/* Bytes on disk of the file, or of the folder with all below it; no link is followed, what cannot be
 * looked into counts as nothing. */
uint64_t measure_path(const char *path);
void measure_add(struct text *, uint64_t bytes);	/* "0 B", "340 KiB", "1.2 GiB" */

#endif
