/* sandbox.h — how an agent is kept from changing what it does not own.
 *
 * This version has one level: the gate alone. Nothing keeps an agent's program from writing
 * elsewhere on the machine with the user's rights; what it changes in its work tree and does not
 * own never gets into a result. */
#ifndef RUNTIME_SANDBOX_H
#define RUNTIME_SANDBOX_H

#include "schedule/schedule.h"

/* SANDBOX(NAME, "name", "what it does"): from the weakest to the strongest. */
#define SANDBOX_LEVELS(SANDBOX) SANDBOX(GATE, "gate", "agents are judged by the gate alone, after they end")

enum sandbox_level {
#define SANDBOX_ENUM(NAME, name, meaning) SANDBOX_##NAME,
	SANDBOX_LEVELS(SANDBOX_ENUM)
#undef SANDBOX_ENUM
	SANDBOX_LEVEL_COUNT
};

/* The level that agents of this schedule run at on this machine. False with the agent's index when
 * an agent asks for a stronger one than there is. */
bool sandbox_level(const struct schedule *, enum sandbox_level *, uint32_t *refused);
const char *sandbox_name(enum sandbox_level);
const char *sandbox_meaning(enum sandbox_level);

#endif
