/* machine_life.c — an agent's life goes on: each change in memory, with its row, and told. */
#include "runtime/machine_inside.h"

void machine_life_change(struct machine *m, uint32_t agent, enum state_event event,
			 enum state_told told, enum record_reason reason, struct str message)
{
	struct machine_one *a = &m->agent[agent];
	state_step(&a->life, event);
	a->since = m->world->now(m->world->self);
	a->reason = reason;
	a->message = message;
	outbox_row(&m->outbox, (struct world_row){ .agent = agent,
						   .pc = SCHEDULE_NONE,
						   .attempt = a->attempt,
						   .state = state_name(a->life.now),
						   .reason = reason,
						   .input = str_from(m->start[agent].hex),
						   .output = str_from(m->result[agent].hex),
						   .message = message });
	outbox_tell(&m->outbox, told, agent, a->attempt, message, m->result[agent]);
}

void machine_life_plan(struct machine *m, struct world_row row)
{
	row.agent = SCHEDULE_NONE;
	row.pc = m->pc;
	row.op = m->schedule->plan.code.at[m->pc].op;
	outbox_row(&m->outbox, row);
}

void machine_life_release(struct machine *m, uint32_t agent)
{
	struct machine_one *a = &m->agent[agent];
	if (a->life.now != STATE_WAITING || !a->submitted || a->open)
		return;
	state_step(&a->life, STATE_EVENT_RELEASE);
	a->since = m->world->now(m->world->self);
	ready_add(m->ready, agent);
}

/* What comes directly after an agent that was given up. Who was already given up has told its
 * own. */
static void give_up_next(struct machine *m, uint32_t agent, struct str message)
{
	for (size_t i = 0; i < m->next[agent].n; i++) {
		uint32_t next = m->next[agent].at[i];
		struct state_life then = m->agent[next].life;
		state_step(&then, STATE_EVENT_DEPENDENCY);
		if (then.now == m->agent[next].life.now)
			continue;
		machine_life_change(m, next, STATE_EVENT_DEPENDENCY,
				    then.now == STATE_ENDING ? STATE_TOLD_ENDING
							     : STATE_TOLD_SKIPPED,
				    RECORD_DEPENDENCY, message);
		if (then.now == STATE_ENDING)
			outbox_stop(&m->outbox, next);
		*VEC_ADD(m->arena, &m->given_up) = next;
	}
}

void machine_life_fail(struct machine *m, uint32_t agent, enum record_reason reason,
		       struct str message)
{
	if (!message.n)
		message = str_from(record_reason_meaning(reason));
	machine_life_change(m, agent, STATE_EVENT_FAIL, STATE_TOLD_FAILED, reason,
			    arena_copy(m->arena, message));
	struct str because = arena_format(m->arena,
					  "it comes after `%.*s`, which did not succeed: %s",
					  STR_ARG(m->schedule->agent[agent].name),
					  record_reason_meaning(reason));
	m->given_up.n = 0;
	*VEC_ADD(m->arena, &m->given_up) = agent;
	while (m->given_up.n)
		give_up_next(m, m->given_up.at[--m->given_up.n], because);
}
