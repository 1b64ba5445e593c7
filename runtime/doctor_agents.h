/* doctor_agents.h — which of the coding agents that the library has runners for are installed, of which
 * version, and logged in or not as far as that can be told without reading a secret. */
#ifndef RUNTIME_DOCTOR_AGENTS_H
#define RUNTIME_DOCTOR_AGENTS_H

#include "common/arena.h"
#include "common/str.h"

/* In words; *n is how many there are. Each that is found is run with --version, for ten seconds at most. */
struct str doctor_agents(struct arena *, size_t *n);
/* The first of them that is installed; NULL: none is. */
const char *doctor_agents_first(struct arena *);

#endif
