/* timing.h — when an agent runs by the estimates, in the words that hover, code lens and inlay hints
 * share. Nothing is known of a plan with errors. */
#ifndef LSP_TIMING_H
#define LSP_TIMING_H

#include "common/text.h"
#include "compiler/compile.h"

/* NULL when nothing is known. */
const struct simulate_agent *timing_find(const struct compile *, uint32_t agent);
void timing_add_start(struct text *, const struct simulate_agent *);	/* "starts at 1h30m"; "starts at once" */
void timing_add_slack(struct text *, const struct simulate_agent *);	/* "critical path"; "slack 45m" */
/* Agents that run at the same time, by the plan's numbers, at most `most` of them; how many there are. */
size_t timing_beside(const struct compile *, uint32_t agent, uint32_t *found, size_t most);

#endif
