/* preview.h — the table that `orch exec --dry-run` shows: who would start when, and what decides the
 * length of the whole. */
#ifndef RUNTIME_PREVIEW_H
#define RUNTIME_PREVIEW_H

#include "common/text.h"
#include "schedule/schedule.h"

/* jobs 0: the plan's. Rows are in the order of starts. */
void preview_write(const struct schedule *, uint32_t jobs, struct text *out);

#endif
