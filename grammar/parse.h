/* parse.h — from a source to its tree. Always gives one; mistakes are in the diagnostics. */
#ifndef GRAMMAR_PARSE_H
#define GRAMMAR_PARSE_H

#include "grammar/syntax.h"

enum { PARSE_LARGEST = 256 << 20 };	/* bytes of a source */

void parse_source(struct arena *, const struct sources *, uint32_t source, struct diags *,
		  struct syntax *);

/* What may stand behind the end of a source that was cut there, for those who write one. */
struct parse_next {
	unsigned place;		/* of enum keyword_place: whose block it is in */
	uint16_t statement;	/* the keyword of the statement that goes on there; 0: one may begin */
	uint16_t last;		/* the kind of the token before; 0: there is none */
	uint32_t last_token;	/* its index */
	bool *takes;		/* by kind of token: taken as what it is, a keyword not as a name. In the arena */
};
void parse_next(struct arena *, const struct sources *, uint32_t source, struct syntax *, struct parse_next *);

#endif
