/* advise.h — prompts held against what the plan declares: warnings. */
#ifndef COMPILER_ADVISE_H
#define COMPILER_ADVISE_H

#include "compiler/facts.h"
#include "compiler/order.h"

/* The reader is the one that has read the facts, or NULL. */
void advise_prompts(struct load *, const struct plan *, const struct order *, const struct facts *,
		    const struct facts_reader *);

/* Where the bytes `start` … `end` of a prompt stand in its source, `at`, or all of that when that
 * cannot be told. */
struct span advise_place(const struct sources *, struct span at, struct str prompt, size_t start,
			 size_t end);

#endif
