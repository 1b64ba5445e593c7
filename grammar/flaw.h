/* flaw.h — the messages about what the lexer found wrong with a token. */
#ifndef GRAMMAR_FLAW_H
#define GRAMMAR_FLAW_H

#include "grammar/lexer.h"

void flaw_say(struct arena *, const struct sources *, const struct syntax *, const struct flaw *,
	      struct diags *);
/* Is the token that has it so unlike what was meant that what follows may be misunderstood? */
bool flaw_misleads(enum flaw_kind);
/* Is it about the quotes of a string, which is good otherwise? */
bool flaw_is_quotes(enum flaw_kind);

#endif
