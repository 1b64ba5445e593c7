/* survey.h — what a plan says of files, held against those that are at the base. */
#ifndef COMPILER_SURVEY_H
#define COMPILER_SURVEY_H

#include "compiler/facts.h"
#include "compiler/order.h"

/* The order may be unsound: then only what needs none is looked at. The reader is the one that has
 * read the facts. */
void survey_check(struct load *, const struct plan *, const struct order *, const struct facts *,
		  const struct facts_reader *);

#endif
