/* preview.h — the table that `orch exec --dry-run` shows: who would start when, and what decides
 * the length of the whole. */
#ifndef RUNTIME_PREVIEW_H
#define RUNTIME_PREVIEW_H

#include "common/text.h"
#include "schedule/schedule.h"

/* jobs 0: the plan's. `only` is by agent, with all that they come after; NULL: all. Rows are in the
 * order of starts. */
void preview_write(const struct schedule *, const bool *only, uint32_t jobs, struct text *out);

#endif
