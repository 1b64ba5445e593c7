/* format_print.h — a plan's tree, written in the one form. Nothing is left out but white space and
 * commas that say nothing; that it is so is not this file's word, but format_proof.h's. */
#ifndef COMPILER_FORMAT_PRINT_H
#define COMPILER_FORMAT_PRINT_H

#include "grammar/syntax.h"

/* Of a source without mistakes. */
void format_print_source(struct arena *, const struct source *, const struct syntax *,
			 struct text *out);

#endif
