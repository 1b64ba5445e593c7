/* events.h — reads off the lines of JSON that an agent's program prints what it does, what that costs
 * and how it ended, by the rules of its runner.
 *
 * Nothing here knows a program by name: a rule says where in a line something is (query.h), and
 * what cannot be read is passed over, since the kinds of events change from version to version.
 * Memory does not grow with what is printed. */
#ifndef RUNTIME_EVENTS_H
#define RUNTIME_EVENTS_H

#include "common/text.h"
#include "runtime/record.h"
#include "schedule/schedule.h"

struct events;

enum events_end {
	EVENTS_SILENT,	/* nothing said how it ended, and no rule waits for that */
	EVENTS_DONE,
	EVENTS_FAILED,	/* events_message says why, or is empty */
	EVENTS_UNFINISHED	/* there is a rule for `done`, and nothing that it fits */
};

/* What one line told, for a display and for logs. Borrowed until the next line. */
struct events_line {
	bool json;
	struct str said, did, failed, denied;	/* empty: the line tells none of it */
	bool busy, done;
};
struct events_orders {
	/* NULL: nobody wants to know. */
	void (*line)(void *self, const struct events_line *, struct str raw);
	void *self;
};

/* Without rules every line is text. To be given back with events_close. */
struct events *events_open(const struct schedule *, uint32_t runner, const struct events_orders *);
void events_close(struct events *);	/* NULL is fine */
void events_add(struct events *, struct str bytes);	/* in pieces of any size */
void events_flush(struct events *);	/* what is printed has ended; a last line may lack its end */

enum events_end events_how(const struct events *);
bool events_busy(const struct events *);	/* its service asked to come back later */
struct str events_message(const struct events *);
/* Session, usage and what was said, copied to the arena. `last`: the record of the attempt whose session
 * this one may have gone on with, or NULL. Where numbers count for the session, what that one
 * had is taken off; should there be less than before, they do not count for the session after all. */
void events_record(const struct events *, struct arena *, const struct record *last, struct record *);

#endif
