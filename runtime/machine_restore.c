/* machine_restore.c — a run goes on where its journal ends.
 *
 * First every agent is what the journal says; then what was journaled and may not have happened
 * is done again (a result kept, the integration moved); then attempts that nobody saw the end of
 * are settled by the record that they left, or counted as never begun. */
#include "runtime/machine_inside.h"

/* In the state that the journal has. */
static bool recall(struct machine *m, uint32_t agent, const struct machine_memory *memory,
		   struct fail *fail)
{
	struct machine_one *a = &m->agent[agent];
	if (memory->state && !state_recall(&a->life, memory->state))
		return fail_set(fail,
				"the journal has agent `%.*s` in a state `%s` that is unknown: was "
				"it written by a newer orch?",
				STR_ARG(m->schedule->agent[agent].name), memory->state);
	a->attempt = memory->attempt;
	a->failures = memory->failures;
	a->spent = memory->spent;
	a->anew = memory->anew;
	a->merged = memory->merged;
	a->merge_number = memory->merge_number;
	a->reason = memory->reason;
	a->message = arena_copy(m->arena, memory->message);
	a->since = m->world->now(m->world->self);
	m->start[agent] = memory->start;
	m->result[agent] = memory->result;
	return true;
}

/* Who comes after a result waits for one less. */
static void count_results(struct machine *m)
{
	for (size_t i = 0; i < m->schedule->agent_n; i++) {
		enum state state = m->agent[i].life.now;
		bool has_result = state == STATE_RECORDED || state == STATE_MERGING ||
				  state == STATE_MERGED;
		for (size_t j = 0; has_result && j < m->next[i].n; j++)
			m->agent[m->next[i].at[j]].open--;
	}
}

/* Submits are not journaled: those before the strand's place have been. */
static void follow_again(struct machine *m)
{
	struct code code = m->schedule->plan.code;
	for (size_t i = 0; i < m->pc; i++)
		if (code.at[i].op == OP_SUBMIT)
			m->agent[code.at[i].operand].submitted = true;
	/* A merge that was begun is made again from its `await`; its combination is only in
	 * memory. */
	while (m->pc < code.n && (code.at[m->pc].op == OP_MERGE || code.at[m->pc].op == OP_TEST ||
				  code.at[m->pc].op == OP_ADVANCE))
		m->pc--;
}

/* All results: one may have been recorded and merged, or given up, in the very last rows. */
static bool do_again(struct machine *m, const struct machine_strand *strand, struct fail *fail)
{
	const struct world *world = m->world;
	for (size_t i = 0; i < m->schedule->agent_n; i++)
		if (!oid_none(m->result[i]) &&
		    !world->keep(world->self, (uint32_t)i, m->start[i], m->result[i], fail))
			return false;
	if (oid_none(strand->integration))
		return true;
	m->integration = m->outbox.ref = strand->integration;
	return world->advance(world->self, strand->before, strand->integration, fail);
}

/* An attempt that was cut off begins anew; what it was told of the last one that failed, it is told
 * again. Attempts in between that were cut off as well have no record, or one that says so. */
static bool remember_feedback(struct machine *m, uint32_t agent, struct fail *fail)
{
	struct machine_one *a = &m->agent[agent];
	for (uint32_t attempt = a->attempt; a->failures && attempt-- > 1;) {
		struct record record;
		bool found;
		if (!m->world->find_record(m->world->self, agent, attempt, &record, &found, fail))
			return false;
		if (!found || !record_reason_again(record.reason))
			continue;
		a->feedback = machine_settle_feedback(m, &record);
		break;
	}
	return true;
}

/* An attempt that failed with another to follow: that one needs the record for what it is told, and
 * the tree that the record is about. */
static bool resume_ready(struct machine *m, uint32_t agent, struct fail *fail)
{
	struct machine_one *a = &m->agent[agent];
	struct record record;
	bool found;
	if (!m->world->find_record(m->world->self, agent, a->attempt, &record, &found, fail))
		return false;
	state_step(&a->life, STATE_EVENT_RESUME);
	if (!found) /* its node was lost */
		return remember_feedback(m, agent, fail);
	a->in_place = true;
	if (record.reason == RECORD_BUSY) {
		machine_gates_busy(m, agent, record.reset_at);
		return remember_feedback(m, agent, fail);
	}
	a->feedback = machine_settle_feedback(m, &record);
	return true;
}

static bool resume_running(struct machine *m, uint32_t agent, struct fail *fail)
{
	struct machine_one *a = &m->agent[agent];
	struct record record;
	bool found;
	if (!m->world->find_record(m->world->self, agent, a->attempt, &record, &found, fail))
		return false;
	if (found && (record.agent != agent || record.attempt != a->attempt))
		return fail_set(fail,
				"the record of attempt %u of agent `%.*s` is one of another "
				"attempt; remove it to let "
				"the attempt count as lost",
				a->attempt, STR_ARG(m->schedule->agent[agent].name));
	if (a->life.now == STATE_ENDING && !found)
		machine_life_change(m, agent, STATE_EVENT_RESUME, STATE_TOLD_SKIPPED,
				    RECORD_DEPENDENCY, a->message);
	else if (found && (a->life.now == STATE_ENDING ||
			   (record.reason != RECORD_STOPPED && record.reason != RECORD_LOST &&
			    record.reason != RECORD_WORLD)))
		machine_settle(m, &record);
	else {
		state_step(&a->life, STATE_EVENT_RESUME);
		return remember_feedback(m, agent, fail);
	}
	return true;
}

static bool resume(struct machine *m, uint32_t agent, struct fail *fail)
{
	switch (m->agent[agent].life.now) {
	case STATE_READY: return resume_ready(m, agent, fail);
	case STATE_RUNNING:
	case STATE_ENDING: return resume_running(m, agent, fail);
	case STATE_STOPPED:
		state_step(&m->agent[agent].life, STATE_EVENT_RESUME);
		return remember_feedback(m, agent, fail);
	default: state_step(&m->agent[agent].life, STATE_EVENT_RESUME); return true;
	}
}

bool machine_restore(struct machine *m, const struct machine_memory *by_agent,
		     const struct machine_strand *strand, struct fail *fail)
{
	BUG_IF(m->begun, "a run is restored after it has begun");
	if (strand->pc > m->schedule->plan.code.n)
		return fail_set(fail,
				"the journal is of another schedule than the one that is run: it "
				"is at instruction %u of %zu",
				strand->pc, m->schedule->plan.code.n);
	m->pc = strand->pc;
	m->unmet = strand->unmet;
	for (size_t i = 0; i < m->schedule->agent_n; i++)
		if (!recall(m, (uint32_t)i, &by_agent[i], fail))
			return false;
	count_results(m);
	follow_again(m);
	if (!do_again(m, strand, fail))
		return false;
	/* From the end, so that one that becomes ready through an earlier one was looked at
	 * before. */
	for (size_t i = m->schedule->agent_n; i-- > 0;)
		if (!resume(m, (uint32_t)i, fail))
			return false;
	for (size_t i = 0; i < m->schedule->agent_n; i++)
		machine_life_release(m, (uint32_t)i);
	return true;
}
