/* hunks.h — which lines of a text differ from another's, so that an edit touches no more than it must. */
#ifndef LSP_HUNKS_H
#define LSP_HUNKS_H

#include "common/source.h"

struct hunk {
	uint32_t before, before_end;	/* lines from 0, the end not included */
	uint32_t after, after_end;
};
struct hunks {
	VEC(struct hunk) list;	/* ascending and apart */
};

/* E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986); where texts differ by more than
 * some hundred lines, all between the first and the last of them is one hunk. */
void hunks_find(struct arena *, const struct source *before, const struct source *after, struct hunks *);
/* The place and the new text of a hunk, for the text `before`. */
void hunks_edit(const struct hunk *, const struct source *before, const struct source *after, uint32_t *start,
		uint32_t *end, struct str *text);

#endif
