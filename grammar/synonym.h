/* synonym.h — words that people bring along from other tools, and what they are called here. */
#ifndef GRAMMAR_SYNONYM_H
#define GRAMMAR_SYNONYM_H

#include "common/str.h"

struct synonym {
	struct str word;
	uint16_t token;		/* TOKEN_… of the keyword that it means; 0: there is none */
	const char *advice;	/* what to do where there is none, or "" */
};
const struct synonym *synonym_find(struct str word);	/* whatever its case, with - for _; or NULL */

#endif
