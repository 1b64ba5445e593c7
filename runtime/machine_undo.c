/* machine_undo.c — agents are taken out of a run again.
 *
 * This is no second way to make an integration. The strand goes back to its first `await`, the
 * integration to where it was before the first of those that are taken out, and the strand goes
 * forward as ever: over what is final, merging and testing what has a result. So what comes out is
 * what a run without them would have made, and killed half way it goes on as any run does. */
#include "runtime/machine_inside.h"

/* Where the integration was before the merge of that number. */
static struct oid integration_before(const struct machine *m, uint32_t before)
{
	struct oid integration = m->base;
	uint32_t number = 0;
	for (size_t i = 0; i < m->schedule->agent_n; i++) {
		const struct machine_one *a = &m->agent[i];
		if (a->life.now != STATE_MERGED || a->merge_number >= before ||
		    a->merge_number < number)
			continue;
		number = a->merge_number;
		integration = a->merged;
	}
	return integration;
}

/* By agent: those asked for, and all that comes after them. `because` is by agent the one it comes
 * after, itself for one that was asked for. */
static bool *take_with_dependents(struct machine *m, const bool *asked, uint32_t *because)
{
	size_t n = m->schedule->agent_n;
	bool *take = ARENA_MANY(m->arena, n, bool);
	for (uint32_t i = 0; i < n; i++) {
		struct index_list after = m->schedule->agent[i].after;
		take[i] = asked[i];
		because[i] = i;
		for (size_t j = 0; j < after.n && !take[i]; j++) {
			take[i] = take[after.at[j]];
			because[i] = because[after.at[j]];
		}
	}
	return take;
}

static void undo(struct machine *m, uint32_t agent, uint32_t because)
{
	struct state_life then = m->agent[agent].life;
	if (!state_row(then.now, STATE_EVENT_UNDO))
		return; /* it has failed, say: there is nothing of it to take out */
	struct str message = because == agent
				     ? STR("it was rolled back")
				     : arena_format(m->arena,
						    "it comes after `%.*s`, which was rolled back",
						    STR_ARG(m->schedule->agent[because].name));
	machine_life_change(m, agent, STATE_EVENT_UNDO, STATE_TOLD_UNDONE,
			    because == agent ? RECORD_NONE : RECORD_DEPENDENCY, message);
}

void machine_undo(struct machine *m, const bool *agents)
{
	size_t n = m->schedule->agent_n;
	uint32_t *because = ARENA_MANY(m->arena, n, uint32_t), first = UINT32_MAX;
	bool *take = take_with_dependents(m, agents, because);
	for (size_t i = 0; i < n; i++)
		if (take[i] && m->agent[i].life.now == STATE_MERGED &&
		    m->agent[i].merge_number < first)
			first = m->agent[i].merge_number;
	machine_go_back(m, integration_before(m, first));
	for (uint32_t i = 0; i < n; i++) {
		if (take[i])
			undo(m, i, because[i]);
		else if (m->agent[i].life.now == STATE_MERGED && m->agent[i].merge_number > first)
			machine_life_change(m, i, STATE_EVENT_UNMERGE, STATE_TOLD_UNMERGED,
					    RECORD_NONE, STR(""));
	}
}
