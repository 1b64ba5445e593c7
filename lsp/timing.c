/* timing.c — see timing.h. */
#include "lsp/timing.h"

const struct simulate_agent *timing_find(const struct compile *c, uint32_t agent)
{
	return c->schedule ? &c->times.agent[c->order.rank[agent]] : NULL;
}

void timing_add_start(struct text *out, const struct simulate_agent *at)
{
	if (!at->start) {
		text_add(out, STR("starts at once"));
		return;
	}
	text_add(out, STR("starts at "));
	text_add_duration(out, at->start);
}

void timing_add_slack(struct text *out, const struct simulate_agent *at)
{
	if (at->critical) {
		text_add(out, STR("critical path"));
		return;
	}
	text_add(out, STR("slack "));
	text_add_duration(out, at->slack);
}

size_t timing_beside(const struct compile *c, uint32_t agent, uint32_t *found, size_t most)
{
	const struct simulate_agent *own = timing_find(c, agent);
	size_t n = 0;
	for (uint32_t i = 0; own && i < c->plan.agents.n; i++) {
		const struct simulate_agent *other = timing_find(c, i);
		if (i == agent || other->start >= own->end || own->start >= other->end)
			continue;
		if (n++ < most)
			found[n - 1] = i;
	}
	return n;
}
