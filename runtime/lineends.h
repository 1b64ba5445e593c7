/* lineends.h — a text's line ends, and its $Id$, as git keeps them and as it writes them to a work
 * tree.
 *
 * git's own rules, byte for byte (`text`, `eol`, `crlf`, `ident`, core.autocrlf, core.eol); they run no
 * program. */
#ifndef RUNTIME_LINEENDS_H
#define RUNTIME_LINEENDS_H

#include "common/arena.h"

enum lineends_kind {
	LINEENDS_AS_THEY_ARE,
	LINEENDS_TEXT, /* it is a text, somebody said */
	LINEENDS_AUTO  /* it is one if it looks like one */
};
struct lineends {
	enum lineends_kind kind;
	bool crlf; /* in the work tree */
	bool ident;
};

static inline bool lineends_none(struct lineends how)
{
	return how.kind == LINEENDS_AS_THEY_ARE && !how.ident;
}
/* What must be known of a file to tell that git stores it as it is, so that a large one need not be
 * held in memory. Zero before the first part was looked at. */
struct lineends_seen {
	bool cr, nul;
};
void lineends_look(struct lineends_seen *, struct str part);
/* False: it is stored as it is. */
bool lineends_may_change(struct lineends, struct lineends_seen);
/* What is in the repository, for a work tree; `id` is its name there, in hexadecimal. Results are the
 * bytes themselves where nothing changes, else in the arena. */
struct str lineends_to_tree(struct arena *, struct lineends, struct str bytes, const char *id);
/* What is in a work tree, for the repository; `before` is what that has now, or empty. */
struct str lineends_to_git(struct arena *, struct lineends, struct str bytes, struct str before);

#endif
