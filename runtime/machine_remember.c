/* machine_remember.c — what the rows of a run add up to. The same for the journal on disk and for
 * one that is only in memory. */
#include "runtime/machine.h"

#include "runtime/state.h"

static bool oid_from(struct str text, struct oid *oid)
{
	if (text.n != sizeof oid->hex - 1)
		return false;
	memcpy(oid->hex, text.at, text.n);
	oid->hex[text.n] = 0;
	return true;
}

static bool remember_strand(struct machine_strand *strand, const struct world_row *row)
{
	if (row->pc == SCHEDULE_NONE || row->state)
		return false;
	strand->pc = row->pc + 1;
	/* Measuring comes after every `advance`, and again when the strand has gone back. */
	strand->unmet = row->op == OP_MEASURE ? strand->unmet || row->reason == RECORD_GOAL
					      : strand->unmet && row->op != OP_ADVANCE;
	return row->op != OP_ADVANCE || (oid_from(row->input, &strand->before) &&
					 oid_from(row->output, &strand->integration));
}

/* It runs once more: nothing of what it came to counts any longer. */
static void forget(struct machine_memory *agent)
{
	agent->failures = 0;
	agent->start = agent->result = agent->revert = (struct oid){ "" };
	agent->reused = 0;
	agent->anew = true;
}

static bool remember_cost(struct machine_memory *agent, struct str cost)
{
	uint64_t number;
	bool good = str_to_number(cost, &number);
	agent->spent += good ? number : 0;
	return good;
}

static bool remember_agent(struct machine_memory *agent, struct machine_strand *strand,
			   const struct world_row *row)
{
	enum state state;
	if (row->attempt)
		agent->attempt = row->attempt;
	if (!row->state && row->pc == SCHEDULE_NONE && str_is(row->input, "cost"))
		return remember_cost(agent, row->output);
	if (!row->state && row->pc == SCHEDULE_NONE && str_is(row->input, "reused"))
		return str_to_number(row->output, &agent->reused);
	if (!row->state) /* a step of an attempt, or a revert that is about to be made */
		return row->pc != SCHEDULE_NONE || oid_from(row->output, &agent->revert);
	if (!state_find(row->state, &state))
		return false;
	agent->state = state_name(state);
	agent->reason = row->reason;
	agent->message = row->message;
	/* Journaled only when an attempt failed and another follows. */
	agent->failures += state == STATE_READY && row->reason != RECORD_LOST &&
			   row->reason != RECORD_BUSY;
	if (state == STATE_WAITING)
		forget(agent);
	if (state == STATE_MERGED) { /* its `advance` is the row before */
		agent->merged = strand->integration;
		agent->merge_number = ++strand->merges;
	}
	return (!row->input.n || oid_from(row->input, &agent->start)) &&
	       (!row->output.n || oid_from(row->output, &agent->result));
}

bool machine_remember(struct machine_memory *by_agent, struct machine_strand *strand,
		      const struct world_row *row)
{
	return row->agent == SCHEDULE_NONE ? remember_strand(strand, row)
					   : remember_agent(&by_agent[row->agent], strand, row);
}
