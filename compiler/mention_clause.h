/* mention_clause.h — what one sentence says of the paths in it. */
#ifndef COMPILER_MENTION_CLAUSE_H
#define COMPILER_MENTION_CLAUSE_H

#include "compiler/mention.h"

enum mention_mode {
	MENTION_OPEN,	/* nothing is said */
	MENTION_WRITE,
	MENTION_TODO,	/* an item with a box to tick: what is in it is written, unless something else is said */
	MENTION_READ,
	MENTION_NEVER,	/* READ, whatever verbs follow: "do not touch", "out of scope" */
};

/* Reads the block's sentences, which are in `block` of the prompt `text` (offsets start, end), and
 * adds its paths. `around`: what the heading or the line that introduces the list says. What the
 * block says of what follows it, if it ends in a colon, else MENTION_OPEN. */
enum mention_mode mention_clause_read(struct arena *, struct str text, size_t start, size_t end,
				      enum mention_mode around, struct mentions *);
/* Does the text begin with a label, a few words before a colon? If so, *behind is behind the
 * colon. */
bool mention_clause_has_label(struct str text, size_t start, size_t end, size_t *behind);
/* What a heading or label says: "Files to change", "Out of scope". */
enum mention_mode mention_clause_label(struct str label);

#endif
