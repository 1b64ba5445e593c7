/* commonmark.h — a Markdown document (CommonMark with GFM's tables and task lists) as a flat list
 * of its blocks, in the order of the document, each with the lines that it is on.
 *
 * The only user of libcmark-gfm. A block's children follow it directly and end before `next`. */
#ifndef COMMON_COMMONMARK_H
#define COMMON_COMMONMARK_H

#include "common/arena.h"
#include "common/vec.h"

enum commonmark_kind {
	COMMONMARK_DOCUMENT, COMMONMARK_HEADING, COMMONMARK_PARAGRAPH, COMMONMARK_LIST, COMMONMARK_ITEM,
	COMMONMARK_CODE, COMMONMARK_TABLE, COMMONMARK_ROW, COMMONMARK_CELL, COMMONMARK_OTHER
};
struct commonmark_code {
	struct str text;
	size_t at;		/* where it begins in the block's text */
};
struct commonmark_block {
	enum commonmark_kind kind;
	uint32_t parent, next;	/* indices; the document is its own parent */
	unsigned level;		/* of a heading, 1 … 6; an item's number in an ordered list, else 0 */
	bool header;		/* a row: the head of its table */
	bool task, ticked;	/* an item with a box */
	bool strong;		/* a paragraph that is all in bold type */
	struct str text;	/* heading, paragraph, cell: as one reads it, an LF where the source has a line end;
				 * code: what is in it. In the arena */
	struct str info;	/* of a fence: its first word, "bash" */
	VEC(struct commonmark_code) codes;	/* what is set as code in the text */
	uint32_t first, last;	/* lines, from 1; of code: of what is in it, last < first when that is nothing */
	size_t start, end;	/* bytes of the document, a cell's without white space around; not of code */
};
struct commonmark {
	VEC(struct commonmark_block) blocks;	/* the first is the document */
};

/* Any bytes are a document; text must be valid UTF-8 to be read as written. */
void commonmark_read(struct arena *, struct str text, struct commonmark *);

#endif
