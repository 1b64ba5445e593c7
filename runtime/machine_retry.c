/* machine_retry.c — agents that did not succeed, or were undone, run once more. What is merged stays:
 * the strand goes over the plan again, past what is final, and merges what comes new on top. */
#include "runtime/machine_inside.h"

/* Something that it comes after has been given up. It may have failed just now, by the record that a
 * run which was cut off had left. */
static bool lacks_start(const struct machine *m, uint32_t agent)
{
	struct index_list after = m->schedule->agent[agent].after;
	for (size_t i = 0; i < after.n; i++) {
		enum state state = m->agent[after.at[i]].life.now;
		if (state_final(state) && state != STATE_MERGED)
			return true;
	}
	return false;
}

/* It was given up because of one that runs once more; some only when the run was taken up again. */
static bool follows(const struct machine *m, const bool *taken, uint32_t agent)
{
	struct index_list after = m->schedule->agent[agent].after;
	const struct machine_one *a = &m->agent[agent];
	for (size_t i = 0; i < after.n; i++)
		if (taken[after.at[i]])
			return a->reason == RECORD_DEPENDENCY &&
			       state_row(a->life.now, STATE_EVENT_RETRY) != NULL;
	return false;
}

void machine_retry(struct machine *m, const bool *agents)
{
	size_t n = m->schedule->agent_n;
	bool *taken = ARENA_MANY(m->arena, n, bool);
	machine_go_back(m, m->integration);
	for (uint32_t i = 0; i < n; i++) {
		taken[i] = (agents[i] || follows(m, taken, i)) && !lacks_start(m, i);
		if (!taken[i])
			continue;
		m->start[i] = m->result[i] = (struct oid){ "" };
		m->agent[i].failures = 0;
		m->agent[i].anew = true;
		machine_life_change(m, i, STATE_EVENT_RETRY, STATE_TOLD_RETRIED, RECORD_NONE,
				    STR(""));
	}
}
