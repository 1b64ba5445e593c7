/* period.h — a duration as people write it who do not know how it is written here: `2 h`, `20 min`,
 * `3 hours`, `1.5h`, `1h30`, `1 hour and 30 minutes`. */
#ifndef GRAMMAR_PERIOD_H
#define GRAMMAR_PERIOD_H

#include "common/arena.h"

struct period {
	size_t end;		/* bytes of the text that say it */
	bool sure;		/* nothing else can be meant */
	struct str ours;	/* how it is written here; in the arena */
};

/* Of what begins with a number. False when no unit of time follows. */
bool period_read(struct arena *, struct str text, struct period *);

#endif
