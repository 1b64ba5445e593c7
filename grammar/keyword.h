/* keyword.h — the words of the language, from keyword.def. */
#ifndef GRAMMAR_KEYWORD_H
#define GRAMMAR_KEYWORD_H

#include "common/str.h"
#include "common/text.h"

/* Where a statement may stand. */
enum keyword_place {
	IN_FILE = 1, IN_PLAN = 2, IN_GROUP = 4, IN_AGENT = 8, IN_TEMPLATE = 16, IN_RUNNER = 32, IN_EVENTS = 64,
	IN_METRIC = 128,
};
struct keyword {
	uint16_t token;	/* TOKEN_… */
	struct str word;
	unsigned places;	/* of enum keyword_place; 0: begins no statement */
	const char *arguments, *help;	/* arguments: see keyword_arguments() */
};
extern const struct keyword keyword_list[];	/* by the alphabet */
extern const size_t keyword_list_n;

/* The words by hash, for the lexer. Made anew for each file: it costs as much as reading a few
 * lines. */
struct keyword_table {
	uint8_t slot[256];	/* index into keyword_list, plus 1 */
};
void keyword_table_init(struct keyword_table *);
const struct keyword *keyword_look(const struct keyword_table *, struct str word);	/* or NULL */

const struct keyword *keyword_of_token(unsigned token);	/* NULL when it is no keyword's */
const char *keyword_arguments(const struct keyword *, unsigned place);	/* as they are written there */
/* The statement whose word is most like `word`, those that may stand in `places` first; NULL when
 * none is near. */
const struct keyword *keyword_nearest(struct str word, unsigned places);
/* "an agent, group or template" */
void keyword_places_text(unsigned places, struct text *out);

#endif
