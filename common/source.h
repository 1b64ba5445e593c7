/* source.h — the texts that are compiled, and places in them.
 *
 * A span is a source and two byte offsets; lines and columns are worked out when somebody asks. */
#ifndef COMMON_SOURCE_H
#define COMMON_SOURCE_H

#include "common/arena.h"
#include "common/vec.h"

#include <stdint.h>

struct span {
	uint32_t source;	/* index into struct sources */
	uint32_t start, end;	/* bytes, end not included */
};
struct source {
	struct str path;	/* as shown to people: relative to the root of the repository where possible */
	struct str text;	/* borrowed */
	struct str code;	/* what is read of it: the text itself, or of Markdown the text with blanks for all that is
				 * not in a fenced block, so that places are the same in both */
	uint32_t *line;		/* byte offset of each line's beginning */
	size_t line_n;
	bool built_in;	/* no file: part of the program */
};
struct sources {
	struct arena *arena;	/* borrowed */
	VEC(struct source) list;
};
struct place {
	uint32_t line, column;	/* both from 1; the column counts code points */
};

/* The index of the new source. Text of more than UINT32_MAX / 2 bytes must have been refused
 * before. */
uint32_t source_add(struct sources *, struct str path, struct str text);
const struct source *source_get(const struct sources *, uint32_t index);
struct str source_text(const struct sources *, struct span);
struct place source_place(const struct sources *, uint32_t source, uint32_t offset);
uint32_t source_line_at(const struct source *, uint32_t offset);	/* from 1 */
struct str source_line(const struct source *, uint32_t line);	/* from 1; without its line end */

#endif
