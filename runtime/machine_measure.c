/* machine_measure.c — metrics are measured: at the base before anything is submitted, and when all is
 * merged. What cannot be measured is told and stops nothing, unless its goal is required in the end. */
#include "runtime/machine_inside.h"

static const struct schedule_metric *metric_at(const struct machine *m)
{
	return &m->schedule->metric[m->schedule->plan.code.at[m->pc].operand];
}

/* The strand begins with all metrics. */
static bool is_before(const struct machine *m)
{
	return m->pc < m->schedule->metric_n;
}

enum stride machine_measure(struct machine *m, uint32_t metric)
{
	struct oid commit = is_before(m) ? m->base : m->integration;
	if (m->measuring || m->stopping || m->measure_put_off)
		return STRIDE_WAIT;
	m->measuring = true;
	outbox_tell(&m->outbox, STATE_TOLD_MEASURING, SCHEDULE_NONE, 0,
		    arena_format(m->arena, "%.*s, %s", STR_ARG(metric_at(m)->name),
				 is_before(m) ? "before" : "after"),
		    commit);
	outbox_measure(&m->outbox, metric, is_before(m), commit, &m->measure_live);
	return STRIDE_WAIT;
}

/* Not the measurement's own end: it is put off, or begins anew. */
static bool cut_off(struct machine *m, enum record_reason reason)
{
	if (reason == RECORD_LOST && !m->measure_lost && !m->stopping)
		return m->measure_lost = true;
	if (reason != RECORD_STOPPED && reason != RECORD_WORLD &&
	    !(reason == RECORD_LOST && m->stopping))
		return false;
	m->measure_put_off = !m->stopping;
	m->put_off |= m->measure_put_off;
	return true;
}

/* "latency, after: 52.1 ms, and <= 40 ms is required" */
static struct str sentence(struct machine *m, struct str number, struct str why, bool missed)
{
	const struct schedule_metric *metric = metric_at(m);
	const char *space = metric->unit.n ? " " : "";
	struct str is = number.n ? arena_format(m->arena, "%.*s%s%.*s", STR_ARG(number), space,
						STR_ARG(metric->unit))
				 : arena_format(m->arena, "cannot be measured: %.*s", STR_ARG(why));
	struct str goal = { 0 };
	if (missed)
		goal = arena_format(m->arena, ", and %s %.*s%s%.*s is %s",
				    schedule_order_sign(metric->order), STR_ARG(metric->goal),
				    space, STR_ARG(metric->unit),
				    metric->require ? "required" : "the goal");
	return arena_format(m->arena, "%.*s, %s: %.*s%.*s", STR_ARG(metric->name),
			    is_before(m) ? "before" : "after", STR_ARG(is), STR_ARG(goal));
}

void machine_measured(struct machine *m, enum record_reason reason, struct str number,
		      struct str message)
{
	BUG_IF(!m->measure_live, "the end of a measurement that does not run");
	m->measuring = m->measure_live = false;
	if (m->broken || cut_off(m, reason))
		return;
	const struct schedule_metric *metric = metric_at(m);
	struct oid commit = is_before(m) ? m->base : m->integration;
	bool known = reason == RECORD_NONE;
	struct str value = known ? arena_copy(m->arena, number) : STR("");
	bool missed = !is_before(m) && metric->order != SCHEDULE_ORDER_NONE &&
		      (!known || !schedule_meets_goal(metric, value));
	bool unmet = missed && metric->require;
	m->measure_lost = false;
	m->unmet |= unmet;
	machine_life_plan(
		m, (struct world_row){ .reason = unmet ? RECORD_GOAL : RECORD_NONE,
				       .input = arena_copy(m->arena, str_from(commit.hex)),
				       .output = value,
				       .message = known ? STR("") : arena_copy(m->arena, message) });
	outbox_tell(&m->outbox, missed ? STATE_TOLD_MISSED : STATE_TOLD_MEASURED, SCHEDULE_NONE, 0,
		    sentence(m, value, message, missed), commit);
	m->pc++;
}
