/* sandbox.h — how an agent is kept from changing what it does not own: the levels, which of them
 * this machine has, and which each agent runs at.
 *
 * What a machine has is found out by doing it: a process is put into each jail before the run
 * begins. An agent that was begun at a level is never run at a weaker one in silence: whoever starts
 * its programs is told the level, and fails where it cannot be had. */
#ifndef RUNTIME_SANDBOX_H
#define RUNTIME_SANDBOX_H

#include "common/fail.h"
#include "schedule/schedule.h"

/* LEVEL(NAME, "name", "what it does"): from the weakest to the strongest. */
#define SANDBOX_LEVELS(LEVEL)                                                                        \
	LEVEL(GATE, "gate", "agents are judged by the gate alone, after they end")                   \
	LEVEL(LANDLOCK, "landlock",                                                                  \
	      "agents write to what they own only; attributes of other files are not protected")     \
	LEVEL(NAMESPACES, "namespaces",                                                              \
	      "agents see all but what they own read-only, and no process but their own")

enum sandbox_level {
#define SANDBOX_ENUM(NAME, name, meaning) SANDBOX_##NAME,
	SANDBOX_LEVELS(SANDBOX_ENUM)
#undef SANDBOX_ENUM
	SANDBOX_LEVEL_COUNT
};

/* What this machine has. */
struct sandbox_offer {
	enum sandbox_level level;	/* the strongest */
	bool quiet;			/* can an agent be without network? */
	struct fail namespaces, landlock, network;	/* why not, where not; else empty */
};
/* Where an agent may have no network: is that to be had, too? */
void sandbox_probe(bool quiet, struct sandbox_offer *);

/* The level of each agent, in `by_agent`. `before` is the strongest level that there was when the
 * run began (the same as the offer's for a new run): an agent that asks for `sandbox on` or
 * `network off` and would now run at a weaker level than then is refused. */
bool sandbox_choose(const struct schedule *, const struct sandbox_offer *,
		    enum sandbox_level before, enum sandbox_level *by_agent, struct fail *);
const char *sandbox_name(enum sandbox_level);
const char *sandbox_meaning(enum sandbox_level);
bool sandbox_find(struct str name, enum sandbox_level *);

#endif
