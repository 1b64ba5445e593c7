/* machine_settle.c — what comes of an attempt that is over: a result, another attempt, a failure, or
 * nothing yet, when it was cut off. */
#include "runtime/machine_inside.h"

#include "common/text.h"

/* Of a result that the gate did not let pass the message is one of the findings. */
static bool starts_with_finding(struct str message, struct str_list findings)
{
	for (size_t i = 0; i < findings.n; i++)
		if (findings.at[i].n && str_starts(message, findings.at[i]))
			return true;
	return false;
}

struct str machine_settle_feedback(struct machine *m, const struct record *record)
{
	struct text text = { 0 };
	struct str message = record->message.n ? record->message
					       : str_from(record_reason_meaning(record->reason));
	/* Findings are for who wrote the plan; the agent is told what it can do itself. */
	struct str_list told = record->advice.n ? record->advice : record->findings;
	bool said = told.n && starts_with_finding(message, record->findings);
	text_addf(&text, "Your last attempt was not accepted%s%.*s%s\n", said ? "" : ": ",
		  said ? 0 : (int)message.n, message.at, told.n ? ":" : "");
	for (size_t i = 0; i < told.n; i++)
		text_addf(&text, "- %.*s\n", STR_ARG(told.at[i]));
	if (record->output.n) {
		text_addf(&text, "\nThe end of the output:\n\n");
		text_add(&text, record->output);
		text_add_byte(&text, '\n');
	}
	struct str copy = arena_copy(m->arena, text_str(&text));
	text_release(&text);
	return copy;
}

static void journal_steps(struct machine *m, const struct record *record)
{
	for (size_t i = 0; i < record->step_n; i++) {
		const struct record_step *step = &record->step[i];
		outbox_row(&m->outbox, (struct world_row){ .agent = record->agent,
							   .pc = step->pc,
							   .op = step->op,
							   .attempt = record->attempt,
							   .input = step->input,
							   .output = step->output,
							   .ms = step->ms });
	}
}

/* What comes directly after it waits for one less. */
static void release_next(struct machine *m, uint32_t agent)
{
	for (size_t i = 0; i < m->next[agent].n; i++) {
		m->agent[m->next[agent].at[i]].open--;
		machine_life_release(m, m->next[agent].at[i]);
	}
}

static void succeed(struct machine *m, const struct record *record)
{
	uint32_t agent = record->agent;
	BUG_IF(oid_none(record->commit), "a success without a result");
	m->result[agent] = record->commit;
	outbox_keep(&m->outbox, agent, m->start[agent], m->result[agent]);
	machine_life_change(m, agent, STATE_EVENT_RECORD, STATE_TOLD_RECORDED, RECORD_NONE,
			    STR(""));
	release_next(m, agent);
}

void machine_settle_reuse(struct machine *m, uint32_t agent, const struct world_reuse *found)
{
	struct str number = arena_format(m->arena, "%lld", (long long)found->run);
	m->result[agent] = found->result;
	outbox_row(&m->outbox, (struct world_row){ .agent = agent,
						   .pc = SCHEDULE_NONE,
						   .input = STR("reused"),
						   .output = number });
	outbox_keep(&m->outbox, agent, m->start[agent], m->result[agent]);
	machine_life_change(m, agent, STATE_EVENT_REUSE, STATE_TOLD_REUSED, RECORD_NONE,
			    arena_format(m->arena, "from run %.*s", STR_ARG(number)));
	release_next(m, agent);
}

/* Nobody starts from what it made, but work is never thrown away. */
static void end_unneeded(struct machine *m, const struct record *record)
{
	uint32_t agent = record->agent;
	if (record->reason == RECORD_NONE) {
		m->result[agent] = record->commit;
		outbox_keep(&m->outbox, agent, m->start[agent], m->result[agent]);
	}
	machine_life_change(m, agent, STATE_EVENT_END, STATE_TOLD_SKIPPED, RECORD_DEPENDENCY,
			    m->agent[agent].message);
}

static void try_again(struct machine *m, const struct record *record)
{
	struct machine_one *a = &m->agent[record->agent];
	a->failures++;
	a->in_place = true;
	a->feedback = machine_settle_feedback(m, record);
	machine_life_change(m, record->agent, STATE_EVENT_AGAIN, STATE_TOLD_AGAIN, record->reason,
			    arena_copy(m->arena, record->message));
	ready_add(m->ready, record->agent);
}

/* Nothing of it counts against the agent, and its next attempt goes on in this one's tree. What it was told
 * of an attempt before that, it is told again. */
static void come_back_later(struct machine *m, const struct record *record)
{
	struct machine_one *a = &m->agent[record->agent];
	struct text message = { 0 };
	int64_t wait = machine_gates_until(m, record->agent) - m->world->now(m->world->self);
	text_add(&message, STR("its service is busy; it is asked again in "));
	text_add_duration(&message, wait > 1000 ? (uint64_t)(wait + 500) / 1000 : 1);
	a->in_place = true;
	machine_life_change(m, record->agent, STATE_EVENT_BUSY, STATE_TOLD_BUSY, RECORD_BUSY,
			    arena_copy(m->arena, text_str(&message)));
	text_release(&message);
	ready_add(m->ready, record->agent);
}

static void journal_cost(struct machine *m, const struct record *record)
{
	if (!record->cost)
		return;
	m->agent[record->agent].spent += record->cost;
	outbox_row(&m->outbox,
		   (struct world_row){ .agent = record->agent,
				       .pc = SCHEDULE_NONE,
				       .attempt = record->attempt,
				       .input = STR("cost"),
				       .output = arena_format(m->arena, "%llu",
							      (unsigned long long)record->cost) });
}

/* The node was killed, by whatever: that is not held against the agent, but only once, since it
 * may be the agent that does it. */
static void begin_anew(struct machine *m, const struct record *record)
{
	struct machine_one *a = &m->agent[record->agent];
	a->lost = true;
	a->in_place = false;
	machine_life_change(m, record->agent, STATE_EVENT_AGAIN, STATE_TOLD_AGAIN, RECORD_LOST,
			    arena_copy(m->arena, record->message));
	ready_add(m->ready, record->agent);
}

/* Neither a success nor the agent's failure: it runs again when the run is resumed. */
static void put_off(struct machine *m, const struct record *record)
{
	struct str message = m->stopped ? STR("") : record->message;
	m->put_off |= !m->stopped;
	if (!message.n)
		message = str_from(record_reason_meaning(record->reason));
	machine_life_change(m, record->agent, STATE_EVENT_STOP, STATE_TOLD_STOPPED,
			    m->stopped ? RECORD_STOPPED : record->reason,
			    arena_copy(m->arena, message));
}

void machine_settle(struct machine *m, const struct record *record)
{
	struct machine_one *a = &m->agent[record->agent];
	bool cut_off = record->reason == RECORD_STOPPED || record->reason == RECORD_WORLD ||
		       (record->reason == RECORD_LOST && m->stopped);
	journal_steps(m, record);
	journal_cost(m, record);
	/* Also of an agent that nobody needs any more. */
	if (record->reason == RECORD_BUSY)
		machine_gates_busy(m, record->agent, record->reset_at);
	else if (!cut_off && record->reason != RECORD_LOST)
		machine_gates_well(m, record->agent);
	if (a->life.now == STATE_ENDING)
		end_unneeded(m, record);
	else if (record->reason == RECORD_BUSY)
		come_back_later(m, record);
	else if (record->reason == RECORD_NONE)
		succeed(m, record);
	else if (cut_off)
		put_off(m, record);
	else if (record->reason == RECORD_LOST && !a->lost)
		begin_anew(m, record);
	else if (record_reason_again(record->reason) &&
		 a->failures < m->schedule->agent[record->agent].retry)
		try_again(m, record);
	else
		machine_life_fail(m, record->agent, record->reason, record->message);
}
