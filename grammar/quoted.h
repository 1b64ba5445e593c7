/* quoted.h — a string in quotes that are not ours: '…', `…`, “…”, «…» and their like. Where does it
 * end?
 *
 * What opens says what closes. An apostrophe may be the same character: then the end is where the
 * argument could end, and it is said that there is a doubt. */
#ifndef GRAMMAR_QUOTED_H
#define GRAMMAR_QUOTED_H

#include "common/arena.h"

struct quoted {
	size_t end;		/* behind the closing quote */
	bool doubtful;		/* it may end elsewhere as well */
	bool apostrophes;	/* then: all that makes the doubt stands between letters */
};

/* Is it a quote beside `"`, `'` and the grave accent? */
bool quoted_by(uint32_t character);
/* Does one close what the other opened? Of a `"`, itself does. */
bool quoted_closes(uint32_t open, uint32_t close);
/* Of what begins with such a quote, `'` or a grave accent, up to the end of its line. False when
 * nothing closes it. */
bool quoted_find(struct str rest, struct quoted *);
/* What stands between the quotes, as a string of ours. It means the same, unless there are backslashes
 * that may be escapes, which are left as they are. */
struct str quoted_rewrite(struct arena *, struct str quoted);

#endif
