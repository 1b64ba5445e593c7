/* pretend_judge.c — does what a pretend run came to fit what was to become of it? See pretend.h. */
#include "tests/lib/pretend.h"

#include <stdlib.h>
#include <string.h>

/* Would it fail by itself, and how? */
static enum record_reason own_end(const struct pretend *p, uint32_t agent)
{
	const struct pretend_fate *fate = &p->fate[agent];
	uint32_t tests = 0;
	for (size_t i = 0; i < p->schedule->plan.code.n; i++)
		tests += p->schedule->plan.code.at[i].op == OP_TEST;
	if (fate->start_conflict)
		return RECORD_CONFLICT;
	if (fate->failures && (!record_reason_again(fate->reason) ||
			       fate->failures > p->schedule->agent[agent].retry))
		return fate->reason;
	if (fate->merge_conflict)
		return RECORD_CONFLICT;
	return fate->test_fails && tests ? RECORD_COMBINATION : RECORD_NONE;
}

static void judge_agent(struct pretend *p, uint32_t agent, bool *succeeds)
{
	const struct machine_memory *memory = &p->memory[agent];
	struct index_list after = p->schedule->agent[agent].after;
	const char *state = memory->state ? memory->state : "waiting";
	enum record_reason end = own_end(p, agent);
	bool can = true;
	for (size_t i = 0; i < after.n; i++)
		can &= succeeds[after.at[i]];
	bool asked = !p->only || p->only[agent];
	succeeds[agent] = can && asked && end == RECORD_NONE;
	if (succeeds[agent] ? strcmp(state, "merged") != 0 : strcmp(state, "merged") == 0)
		pretend_wrong(p, "an agent is merged that should not be, or the other way round");
	if (!asked && strcmp(state, "left out") != 0)
		pretend_wrong(p, "an agent was not left out");
	if (asked && can && end != RECORD_NONE &&
	    (strcmp(state, "failed") != 0 || memory->reason != end || !memory->message.n))
		pretend_wrong(p, "an agent has not failed as it was to");
	/* Whether it failed by itself before it was skipped depends on time. */
	if (asked && !can && strcmp(state, "skipped") != 0 &&
	    !(strcmp(state, "failed") == 0 && end != RECORD_NONE))
		pretend_wrong(p, "an agent that comes after a failed one is not skipped");
	if (strcmp(state, "skipped") == 0 &&
	    str_find_text(memory->message, STR("it comes after `")) != 0)
		pretend_wrong(p, "a skipped agent does not say why");
}

/* What the journal has last of each measurement. Is a goal missed that is required? */
static bool judge_metrics(struct pretend *p)
{
	const struct schedule *s = p->schedule;
	bool unmet = false;
	for (uint32_t i = 0; i < 2 * s->metric_n; i++) {
		uint32_t index = i % (uint32_t)s->metric_n;
		bool before = i < s->metric_n;
		uint32_t pc = before ? index : (uint32_t)(s->plan.code.n - 1 - s->metric_n) + index;
		const struct schedule_metric *metric = &s->metric[index];
		const struct pretend_meter *meter = &p->meter[index];
		const struct world_row *row = NULL;
		for (size_t j = 0; j < p->rows.n; j++)
			if (p->rows.at[j].agent == SCHEDULE_NONE && p->rows.at[j].pc == pc)
				row = &p->rows.at[j];
		if (!row) {
			pretend_wrong(p, "a metric was not measured");
			return false;
		}
		double goal = metric->goal.n ? strtod(arena_copy(p->arena, metric->goal).at, NULL) : 0,
		       is = meter->number;
		bool met = !meter->fails && (metric->order == SCHEDULE_ORDER_AT_MOST	? is <= goal
					     : metric->order == SCHEDULE_ORDER_AT_LEAST ? is >= goal
					     : metric->order == SCHEDULE_ORDER_BELOW	? is < goal
											: is > goal);
		bool missed = !before && metric->require && !met;
		unmet |= missed;
		if (!str_equal(row->input, str_from((before ? p->base : p->ref).hex)))
			pretend_wrong(p, "another commit was measured than is there now");
		if (meter->fails ? row->output.n > 0 || !row->message.n
				 : strtod(row->output.at, NULL) != is)
			pretend_wrong(p, "another number was journaled than was measured");
		if ((row->reason == RECORD_GOAL) != missed)
			pretend_wrong(p, "a goal is journaled as missed that is not, or the other way round");
	}
	if (p->strand.unmet != unmet)
		pretend_wrong(p, "what the rows add up to has another verdict");
	return unmet;
}

void pretend_judge(struct pretend *p)
{
	struct arena_mark mark = arena_mark(p->arena);
	const struct code code = p->schedule->plan.code;
	bool *succeeds = ARENA_MANY(p->arena, p->schedule->agent_n, bool), all = true;
	struct oid integration = p->base;
	for (uint32_t i = 0; i < p->schedule->agent_n; i++) {
		judge_agent(p, i, succeeds);
		all &= succeeds[i] || (p->only && !p->only[i]);
	}
	for (size_t i = 0; i < code.n; i++)
		if (code.at[i].op == OP_ADVANCE && succeeds[code.at[i].operand])
			integration = pretend_oid("merge", integration,
						  p->agent[code.at[i].operand].result,
						  code.at[i].operand);
	if (!oid_equal(integration, p->ref))
		pretend_wrong(p, "the integration is not the merged results in the plan's order");
	if (p->strand.pc != code.n)
		pretend_wrong(p, "the strand is not at its end");
	bool unmet = judge_metrics(p);
	if (all && p->schedule->plan.land_auto && !unmet ? !p->landed : p->landed)
		pretend_wrong(p, "what was to land has not, or the other way round");
	for (uint32_t i = 0; i < p->schedule->agent_n; i++)
		if (p->agent[i].succeeded && !oid_equal(p->agent[i].kept, p->agent[i].result))
			pretend_wrong(p, "work that was done is not kept");
	arena_reset(p->arena, mark);
}

static bool is_in(const struct pretend *p, uint32_t agent)
{
	for (size_t i = 0; i < p->merged.n; i++)
		if (p->merged.at[i] == agent)
			return true;
	return false;
}

void pretend_judge_life(struct pretend *p, const bool *undone)
{
	struct arena_mark mark = arena_mark(p->arena);
	bool *succeeds = ARENA_MANY(p->arena, p->schedule->agent_n, bool);
	struct oid integration = p->base;
	for (uint32_t i = 0; i < p->schedule->agent_n; i++) {
		const char *state = p->memory[i].state ? p->memory[i].state : "waiting";
		if (!undone[i])
			judge_agent(p, i, succeeds);
		else if (strcmp(state, "undone") != 0)
			pretend_wrong(p, "an agent that was rolled back is not undone");
		if (succeeds[i] != is_in(p, i))
			pretend_wrong(p, "the integration has another agent's result, or lacks one");
		if (p->agent[i].succeeded && !oid_equal(p->agent[i].kept, p->agent[i].result))
			pretend_wrong(p, "work that was done is not kept");
	}
	for (size_t i = 0; i < p->merged.n; i++)
		integration = pretend_oid("merge", integration, p->agent[p->merged.at[i]].result,
					  p->merged.at[i]);
	if (!oid_equal(integration, p->ref))
		pretend_wrong(p, "the integration is not what was merged and not undone, in order");
	if (p->strand.pc != p->schedule->plan.code.n)
		pretend_wrong(p, "the strand is not at its end");
	arena_reset(p->arena, mark);
}
