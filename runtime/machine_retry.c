/* machine_retry.c — agents that did not succeed, or were undone, run once more. What is merged stays:
 * the strand goes over the plan again, past what is final, and merges what comes new on top. */
#include "runtime/machine_inside.h"

void machine_retry(struct machine *m, const bool *agents)
{
	size_t n = m->schedule->agent_n;
	machine_go_back(m, m->integration);
	for (uint32_t i = 0; i < n; i++) {
		if (!agents[i])
			continue;
		m->start[i] = m->result[i] = (struct oid){ "" };
		m->agent[i].failures = 0;
		machine_change(m, i, STATE_EVENT_RETRY, STATE_TOLD_RETRIED, RECORD_NONE, STR(""));
	}
	for (uint32_t i = 0; i < n; i++) {
		m->agent[i].submitted = true;
		machine_release(m, i);
	}
}
