/* textblock.h — where does a text block end? At the first later line that is exactly the white
 * space before the line of its opening quotes, and three quotes. When there is no such line, where
 * its author thinks it ends. */
#ifndef GRAMMAR_TEXTBLOCK_H
#define GRAMMAR_TEXTBLOCK_H

#include "common/map.h"
#include "grammar/lexer.h"

struct textblock_line {
	uint32_t line, next;	/* next: the following one with the same white space, plus 1 */
};
/* The lines of a file that could close a block, by their white space, so that looking for the end
 * of each block costs no more than reading the block. A zeroed one is ready. */
struct textblock_lines {
	VEC(struct textblock_line) list;
	struct map first;	/* index of the first that is not behind us, plus 1 */
	bool made;
};
struct textblock {
	uint32_t end;	/* the byte after it */
	bool flawed;
	struct flaw flaw;
};

/* The block whose opening quotes are on `line` and end at `opening`. */
struct textblock textblock_find(struct arena *, const struct source *, struct textblock_lines *,
				uint32_t line, uint32_t opening);

#endif
