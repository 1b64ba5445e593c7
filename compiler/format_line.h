/* format_line.h — the lines of a formatted plan on their way out. A line is written from left to
 * right and then ended; comments at the ends of neighbouring lines are put into one column, so
 * lines that have one wait until the next that has none. */
#ifndef COMPILER_FORMAT_LINE_H
#define COMPILER_FORMAT_LINE_H

#include "common/text.h"
#include "common/vec.h"

enum { FORMAT_LINE_WIDTH = 100, FORMAT_LINE_INDENT = 2 };

struct format_line_held {
	size_t end;	/* of its code, in `held` */
	size_t width;
	struct str comment;
};
struct format_line {
	struct arena *arena;	/* borrowed */
	struct text *out;	/* borrowed */
	struct str newline;
	struct text code;	/* of the line that is being written; with `held`, owned until format_line_finish */
	size_t width;		/* its columns so far */
	struct text held;	/* the code of the lines that wait */
	VEC(struct format_line_held) lines;
	unsigned group;		/* of the lines that wait */
};

size_t format_line_columns(struct str);	/* how wide a terminal shows it */
void format_line_add(struct format_line *, struct str);
void format_line_pad(struct format_line *, size_t column);	/* with spaces up to there */
bool format_line_is_open(const struct format_line *);	/* something is in the present line */
/* Ends the line, which has something in it. A comment, unless empty, follows; those of one group,
 * in lines that follow one another, stand in one column. Group 0: by itself. */
void format_line_end(struct format_line *, struct str comment, unsigned group);
/* A whole line as it stands, with its margin. */
void format_line_raw(struct format_line *, size_t margin, struct str);
void format_line_blank(struct format_line *);	/* an empty line */
void format_line_finish(struct format_line *);	/* all is in `out`, and the rest is released */

#endif
