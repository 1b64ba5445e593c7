/* markdown.h — the headings of a Markdown text, and the sections under them.
 *
 * Headings are lines of one to six `#` (ATX), fences are ``` and ~~~, as CommonMark 0.31 has them;
 * a `#` inside of a fence is no heading. Everything is borrowed from the text or in the arena. */
#ifndef COMPILER_MARKDOWN_H
#define COMPILER_MARKDOWN_H

#include "common/arena.h"
#include "common/vec.h"

struct markdown_heading {
	struct str text;	/* without the marks */
	unsigned level;		/* 1 … 6 */
	uint32_t line;		/* from 1 */
	size_t start, body;	/* bytes: of the line, and behind it */
};
struct markdown {
	struct str text;
	VEC(struct markdown_heading) headings;
	uint32_t *sorted;	/* indices of headings, by their texts */
};
struct markdown_found {
	size_t n;		/* how many headings begin so */
	VEC(uint32_t) headings;	/* the first few of them, in the order of the text */
};

void markdown_read(struct arena *, struct str text, struct markdown *);
/* The headings that begin with `name`, which ends there at the end of a word. */
struct markdown_found markdown_find(struct arena *, const struct markdown *, struct str name);
/* What is under the heading, up to the next of its level or above: its only fenced block, if it has
 * exactly one, else all its text without blank lines around it. *raw, which may be NULL, is the
 * part of the text where that stands. */
struct str markdown_section(struct arena *, const struct markdown *, uint32_t heading,
			    struct str *raw);

/* The text with blanks for all but the insides of the blocks that are fenced as `language`; line
 * ends stay. */
struct str markdown_code(struct arena *, struct str text, struct str language);

#endif
