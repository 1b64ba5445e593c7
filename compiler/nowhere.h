/* nowhere.h — files that prompts refer to, held against those that are at the base and those that
 * agents may make. */
#ifndef COMPILER_NOWHERE_H
#define COMPILER_NOWHERE_H

#include "compiler/facts.h"
#include "compiler/mention.h"
#include "compiler/owners.h"
#include "compiler/tracked.h"
#include "compiler/load.h"

struct nowhere_finding {
	uint32_t agent;
	struct str path, near;	/* as it is mentioned; what may have been meant, or empty */
	struct span at;
};
struct nowhere {
	struct load *load;
	const struct plan *plan;
	const struct facts *facts;
	const struct facts_reader *reader;	/* or NULL */
	struct arena *arena;	/* borrowed: scratch */
	struct tracked tracked;
	struct owners owners;	/* collected when first asked for */
	struct map known;	/* from a path that is not at the base to 1 when it may be made, or is passed over */
	size_t found;		/* mentions of files that are at the base */
	size_t tried;		/* patterns held against paths, of which there is a limit */
	VEC(struct nowhere_finding) findings;
};

/* Without facts, nothing is ever nowhere. */
void nowhere_begin(struct arena *, struct load *, const struct plan *, const struct facts *, const struct facts_reader *,
		   struct nowhere *);
/* Is the file that the agent's prompt mentions nowhere? `which`: one of the mentions, which are all
 * of the prompt. */
bool nowhere_is(struct nowhere *, uint32_t agent, const struct mentions *, size_t which);
/* Notes that it is, once for each path of an agent. `at`: the mention in its source. */
void nowhere_add(struct nowhere *, uint32_t agent, struct str path, struct span at);
/* Warns of those that were noted. */
void nowhere_say(struct nowhere *);

#endif
