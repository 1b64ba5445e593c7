/* automaton.h — lemon's machine for parser.y, and the questions that its tables answer.
 *
 * Nothing is fed before it is known to be taken, so the machine never sees an error: when a token
 * would not do, its state is still what it was behind the last good one, and everything that would
 * have done can be listed. */
#ifndef GRAMMAR_AUTOMATON_H
#define GRAMMAR_AUTOMATON_H

#include "grammar/build.h"

#include <stddef.h>

struct yyParser;

struct yyParser *parser_open(struct build *);
void parser_close(struct yyParser *);
/* Would this kind of token be taken? `word`: also as a name, should it be a keyword. */
bool parser_would_shift(const struct yyParser *, unsigned kind, bool word);
/* `token` is its index. It must be one that would be shifted, or 0 at the end of the file. */
void parser_feed(struct yyParser *, unsigned kind, uint32_t token);
/* How high the stack is once everything that is complete has been reduced. */
size_t parser_settle(struct yyParser *);
/* Back to what parser_settle said. */
void parser_cut(struct yyParser *, size_t height);
unsigned parser_token_count(void);	/* kinds are 1 … count - 1; 0 is the end */
bool parser_is_word(unsigned kind);	/* a keyword that may be a name; trivia is none */

#endif
