/* format_list.h — what a statement lists, with or without brackets, on one line where it fits.
 *
 * Where it does not: names and argument lists `[…]` are filled line by line, for they are read as
 * one, as flags are with their values; patterns and what is given to a template have a line each.
 * So has every item of a list with comments or text blocks in it. */
#ifndef COMPILER_FORMAT_LIST_H
#define COMPILER_FORMAT_LIST_H

#include "compiler/format_token.h"

struct format_list {
	uint32_t first;		/* behind the keyword and white space, or behind the bracket */
	uint32_t end;		/* the closing bracket, or behind the last item */
	unsigned bracket;	/* kind of the opening one, or 0 */
	bool kept;		/* lines are broken where the source breaks them */
	unsigned depth;		/* of the statement */
	size_t tail;		/* columns of what follows in the last line, the closing bracket included */
	struct format_token_gap loose;	/* comments from elsewhere that are put before the closing bracket */
};

/* Any comment in it that is about the next line? Then lines must be kept. */
bool format_list_has_allow(const struct format_token *, const struct format_list *);
/* Up to where the closing bracket is to be written. */
void format_list_add(const struct format_token *, struct format_line *, const struct format_list *);

#endif
