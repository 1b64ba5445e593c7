/* rendered.h — what an agent's program printed, for people: its events as what it said and did, everything
 * else as it is. By the rules of its runner (events.h). */
#ifndef RUNTIME_RENDERED_H
#define RUNTIME_RENDERED_H

#include "common/text.h"
#include "schedule/schedule.h"

struct rendered;

/* To be given back with rendered_close. `safe`: it is for a terminal, and everything that that would obey is
 * made visible. */
struct rendered *rendered_open(const struct schedule *, uint32_t runner, bool safe);
/* The next bytes of the log; lines that end in them are added to `out`. */
void rendered_add(struct rendered *, struct str bytes, struct text *out);
void rendered_close(struct rendered *, struct text *out);	/* a last line may lack its end */

#endif
