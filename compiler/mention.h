/* mention.h — which files does a prompt mention, and which of them does it ask to be written?
 *
 * Without a model: paths are told from other words by mention_path.h, and what is to become of them
 * by the words around them (mention_clause.h), by labels (`File:`), by headings, and by the line
 * that introduces a list. Code is passed over. How often that is right is measured on the prompts
 * of tests/prompts. */
#ifndef COMPILER_MENTION_H
#define COMPILER_MENTION_H

#include "common/arena.h"
#include "common/vec.h"

struct mention {
	struct str path;	/* a part of the prompt; without "./" and "/" at its ends */
	size_t start, end;	/* bytes in the prompt */
	bool write;		/* the prompt asks for it to be made, changed or removed */
	bool makes;		/* … to be made */
	bool folder;
};
struct mentions {
	struct str prompt;	/* borrowed */
	VEC(struct mention) list;	/* in the order of the prompt; a path as often as it is mentioned */
};

/* Adds to the list. Takes time in the length of the prompt. */
void mention_find(struct arena *, struct str prompt, struct mentions *);
/* Is it the same path, or a bare name or the end of a path for a longer one? ("x.py" for
 * "src/x.py") */
bool mention_is_end_of(struct str shorter, struct str longer);

#endif
