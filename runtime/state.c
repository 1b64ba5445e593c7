/* state.c — see state.h. */
#include "runtime/state.h"

#include "common/fail.h"

#include <string.h>

static const struct {
	const char *name, *meaning;
	bool final;
} states[] = {
#define STATE(NAME, name, final, meaning) { name, meaning, final },
#include "runtime/state.def"
};

static const struct {
	const char *name, *meaning;
} told[] = {
#define TOLD(NAME, name, meaning) { name, meaning },
#include "runtime/state.def"
};

/* Without `why`: no row. */
static const struct state_row rows[STATE_COUNT][STATE_EVENT_COUNT] = {
#define ROW(FROM, EVENT, NEXT, why) [STATE_##FROM][STATE_EVENT_##EVENT] = { STATE_##NEXT, why },
#include "runtime/state.def"
};

const struct state_row *state_row(enum state state, enum state_event event)
{
	const struct state_row *row = &rows[state][event];
	return row->why ? row : NULL;
}

void state_step(struct state_life *life, enum state_event event)
{
	const struct state_row *row = state_row(life->now, event);
	BUG_IF(!row, "something that cannot happen to an agent in its state");
	life->now = row->next;
}

bool state_find(const char *name, enum state *state)
{
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (strcmp(states[i].name, name) == 0) {
			*state = (enum state)i;
			return true;
		}
	return false;
}

bool state_recall(struct state_life *life, const char *name)
{
	return state_find(name, &life->now);
}

const char *state_name(enum state state)
{
	return states[state].name;
}

const char *state_meaning(enum state state)
{
	return states[state].meaning;
}

bool state_final(enum state state)
{
	return states[state].final;
}

const char *state_told_name(enum state_told t)
{
	return told[t].name;
}

const char *state_told_meaning(enum state_told t)
{
	return told[t].meaning;
}
