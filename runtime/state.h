/* state.h — an agent's life, from the tables in state.def. Nothing else changes a state. */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include "common/str.h"

enum state {
#define STATE(NAME, name, final, meaning) STATE_##NAME,
#include "runtime/state.def"
	STATE_COUNT
};
enum state_event {
#define EVENT(NAME) STATE_EVENT_##NAME,
#include "runtime/state.def"
	STATE_EVENT_COUNT
};
enum state_told {
#define TOLD(NAME, name, meaning) STATE_TOLD_##NAME,
#include "runtime/state.def"
	STATE_TOLD_COUNT
};

/* Zeroed: waiting. Read `now`, write it never. */
struct state_life {
	enum state now;
};
/* A row of the table; `why` is for people. */
struct state_row {
	enum state next;
	const char *why;
};

/* What would come of it, static; NULL when it cannot happen. */
const struct state_row *state_row(enum state, enum state_event);
/* It happens. That it cannot is a bug of ours. */
void state_step(struct state_life *, enum state_event);
/* As the journal has it; false when there is no state of that name. */
bool state_recall(struct state_life *, const char *name);

const char *state_name(enum state);
const char *state_meaning(enum state);
bool state_final(enum state);
bool state_find(const char *name, enum state *);
const char *state_told_name(enum state_told);
const char *state_told_meaning(enum state_told);

#endif
