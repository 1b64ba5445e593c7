/* parse.h — from a source to its tree. Always gives one; mistakes are in the diagnostics. */
#ifndef GRAMMAR_PARSE_H
#define GRAMMAR_PARSE_H

#include "grammar/syntax.h"

enum { PARSE_LARGEST = 256 << 20 };	/* bytes of a source */

void parse_source(struct arena *, const struct sources *, uint32_t source, struct diags *,
		  struct syntax *);

#endif
