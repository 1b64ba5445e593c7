/* import_time.h — times and numbers of agents as people write them in a line. */
#ifndef COMPILER_IMPORT_TIME_H
#define COMPILER_IMPORT_TIME_H

#include "compiler/draft.h"

/* The next duration at or behind *at, which is moved behind it: "1.5h", "30-45 min", "1 h 30", "0,5
 * Stunden". A bare number counts only when `unit` (seconds) is not 0. A day is eight hours of
 * work. */
bool import_time_read(struct str text, size_t *at, uint64_t unit, struct draft_time *);
uint64_t import_time_unit(struct str header); /* "Time (min)": 60; 0 when none is said */
/* The next number of agents, "10 Agents", "10-30 Claude Code agents". */
bool import_time_count(struct str text, size_t *at, struct draft_time *number);
/* Behind a number: "-", "–", "to", "bis" and where the next number begins; 0 when there is none. */
size_t import_time_range(struct str text, size_t at);

#endif
