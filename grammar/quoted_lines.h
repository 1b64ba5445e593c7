/* quoted_lines.h — a string that goes on over several lines, which strings do not: one mistake, and
 * what is in it is none. */
#ifndef GRAMMAR_QUOTED_LINES_H
#define GRAMMAR_QUOTED_LINES_H

#include "common/arena.h"

/* Of a string that begins at `at` with a quote and is not closed on its line: where it ends in a line
 * below. False when none closes it before what looks like other statements. */
bool quoted_lines_find(struct str text, size_t at, size_t *end);
/* The string as a text block behind a statement whose line begins with the white space `indent`. False when
 * it has escapes, which a block does not know. */
bool quoted_lines_block(struct arena *, struct str string, struct str indent, struct str *block);

#endif
