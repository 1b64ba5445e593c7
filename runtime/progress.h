/* progress.h — what a run shows while it goes on: a table on a terminal, a line for each event on
 * anything else, or a line of JSON for each event.
 *
 * Nothing that an agent said reaches a terminal as it is (visible.h). */
#ifndef RUNTIME_PROGRESS_H
#define RUNTIME_PROGRESS_H

#include "runtime/machine.h"

enum progress_kind { PROGRESS_LINES, PROGRESS_TABLE, PROGRESS_JSON };
struct progress;

/* In the arena; the schedule is borrowed. Writes to the open file `fd`; the table and lines are
 * talk (standard error), JSON is the answer (standard output). */
struct progress *progress_new(struct arena *, const struct schedule *, int64_t run,
			      enum progress_kind, bool colour, int fd);
void progress_event(struct progress *, int64_t time, const struct world_event *);	/* seconds since 1970 */
void progress_step(struct progress *, uint32_t agent, struct str what);	/* an instruction, or what the agent's program does */
void progress_files(struct progress *, uint32_t agent, uint32_t n);	/* that its program has written so far */
void progress_say(struct progress *, const char *sentence);
bool progress_wants_ticks(const struct progress *);	/* is progress_draw to be called every second? */
void progress_draw(struct progress *, const struct machine *);
void progress_end(struct progress *, const struct machine *);	/* the last picture stays */

#endif
