/* format_proof.h — is a formatted plan the same plan? Asked of the two texts, read by the parser
 * like any other; what the formatter believes to have done does not count.
 *
 * The same plan: the same tree with the same values, and the same comments, each of them about the
 * same thing. */
#ifndef COMPILER_FORMAT_PROOF_H
#define COMPILER_FORMAT_PROOF_H

#include "grammar/syntax.h"

struct format_proof {
	struct arena *arena;	/* borrowed, as are the others */
	const struct sources *sources;	/* of both */
	const struct syntax *before, *after;

	struct str why;		/* when it does not hold: "the statement `owns` has another value" */
	uint32_t at;		/* the byte of the source that it is about */
	bool allow;		/* it is only that a line would be silenced by a comment that is about another */
};

bool format_proof_holds(struct format_proof *);

#endif
