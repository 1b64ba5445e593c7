/* gate.h — is a harvest a result that may be merged?
 *
 * What the compiler's proof needs from a run: nothing changed outside of what the agent owns, no
 * file where another's pattern needs a folder, no folder where another may have a file; and what
 * the plan asks: `creates` are there, and there is a change at all. */
#ifndef RUNTIME_GATE_H
#define RUNTIME_GATE_H

#include "runtime/harvest.h"

struct gate_finding {
	enum { GATE_STRAY, GATE_REFUSED, GATE_FOLDER, GATE_CREATES, GATE_EMPTY } kind;
	struct str path;	/* or the pattern, for GATE_CREATES; empty for GATE_EMPTY */
	struct str text;	/* one sentence for people: what, whose it is with the plan's line, remedy */
	struct str advice;	/* one for the agent: what it did, and how it makes that good by itself */
};
struct gate {
	struct gate_finding *at;
	size_t n;
};
/* In `arena`. No findings: it passes. */
void gate_judge(struct arena *, const struct schedule *, uint32_t agent, const struct harvest *,
		struct gate *);
/* Before anything is launched: `creates` that exists at the base, `requires` that nothing provides.
 * Adds findings (GATE_CREATES, or GATE_EMPTY with the text for requires). */
bool gate_base(struct arena *, struct repo *, const struct schedule *, struct oid base,
	       struct gate *, struct fail *);

#endif
