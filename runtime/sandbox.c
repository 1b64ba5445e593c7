/* sandbox.c — see sandbox.h. */
#include "runtime/sandbox.h"

static const struct {
	const char *name, *meaning;
} levels[] = {
#define SANDBOX_ROW(NAME, name, meaning) { name, meaning },
	SANDBOX_LEVELS(SANDBOX_ROW)
#undef SANDBOX_ROW
};

bool sandbox_level(const struct schedule *schedule, enum sandbox_level *level, uint32_t *refused)
{
	*level = SANDBOX_GATE;
	for (uint32_t i = 0; i < schedule->agent_n; i++)
		if (schedule->agent[i].sandbox == SCHEDULE_SANDBOX_ON) {
			*refused = i;
			return false;
		}
	return true;
}

const char *sandbox_name(enum sandbox_level level)
{
	return levels[level].name;
}

const char *sandbox_meaning(enum sandbox_level level)
{
	return levels[level].meaning;
}
