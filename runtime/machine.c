/* machine.c — see machine.h.
 *
 * Everything is decided in memory first, each decision a change of an agent's state with its row,
 * and put into the outbox (outbox.h), which journals all of it and then carries it out. So there
 * is no place here that could act before it has journaled. Who starts next is ready.h's to say;
 * what may happen to an agent, state.def's. */
#include "runtime/machine_inside.h"

#include "schedule/next.h"
#include "schedule/simulate.h"

struct machine *machine_new(struct arena *arena, const struct schedule *s,
			    const struct world *world, const struct machine_options *options,
			    struct oid base)
{
	struct machine *m = ARENA_NEW(arena, struct machine);
	uint32_t jobs = options->jobs ? options->jobs : s->plan.jobs;
	*m = (struct machine){ arena,
			       s,
			       world,
			       options,
			       .outbox = { arena, world, .ref = base },
			       .base = base,
			       .integration = base };
	m->agent = ARENA_MANY(arena, s->agent_n, struct machine_one);
	m->start = ARENA_MANY(arena, s->agent_n, struct oid);
	m->result = ARENA_MANY(arena, s->agent_n, struct oid);
	m->next = next_by_agent(arena, s);
	m->ready = ready_new(arena, s, simulate_remaining(arena, s), jobs);
	for (size_t i = 0; i < s->agent_n; i++)
		m->agent[i].open = (uint32_t)s->agent[i].after.n;
	machine_gates_open(m);
	return m;
}

static struct str quiet(void)
{
	return STR("");
}

void machine_ended(struct machine *m, const struct record *record)
{
	BUG_IF(record->agent >= m->schedule->agent_n, "a record of an agent that is not there");
	struct machine_one *a = &m->agent[record->agent];
	BUG_IF(!a->live || record->attempt != a->attempt,
	       "a record of an attempt that does not run");
	a->live = false;
	m->ended++;
	ready_end(m->ready, record->agent);
	machine_gates_ended(m, record->agent);
	/* Not journaled any more: on resume the record is found. */
	if (m->broken)
		state_step(&a->life,
			   a->life.now == STATE_ENDING ? STATE_EVENT_END : STATE_EVENT_STOP);
	else
		machine_settle(m, record);
}

/* Before its first attempt: a result of an earlier run may do. */
static bool reuse(struct machine *m, uint32_t agent, bool *reused, struct fail *fail)
{
	const struct machine_one *a = &m->agent[agent];
	struct world_reuse found = { 0 };
	*reused = false;
	if (!m->world->reuse || a->attempt || a->anew)
		return true;
	if (!m->world->reuse(m->world->self, agent, m->start[agent], &found, fail))
		return false;
	*reused = !oid_none(found.result);
	if (*reused) {
		ready_end(m->ready, agent);
		machine_settle_reuse(m, agent, &found);
	} else if (m->options->explain) {
		outbox_tell(&m->outbox, STATE_TOLD_DIFFERS, agent, 0, found.why,
			    (struct oid){ "" });
	}
	return true;
}

/* The agent's next attempt, decided; false when the world fails. */
static bool launch(struct machine *m, uint32_t agent, uint32_t slot, struct fail *fail)
{
	struct machine_one *a = &m->agent[agent];
	struct str spent;
	bool reused;
	if (!a->in_place) {
		struct str conflict = quiet();
		if (!m->world->start(m->world->self, agent, m->start, m->result, &m->start[agent],
				     &conflict, fail))
			return false;
		if (conflict.n) {
			ready_end(m->ready, agent);
			machine_life_fail(m, agent, RECORD_CONFLICT, conflict);
			return true;
		}
	}
	if (!reuse(m, agent, &reused, fail))
		return false;
	if (reused)
		return true;
	if (machine_gates_spent(m, agent, &spent)) {
		ready_end(m->ready, agent);
		machine_life_fail(m, agent, RECORD_BUDGET, spent);
		return true;
	}
	a->attempt++;
	struct world_attempt attempt = { agent,           a->attempt,   slot,
					 m->start[agent], !a->in_place, a->feedback };
	outbox_launch(&m->outbox, &attempt, &a->live);
	machine_gates_launched(m, agent);
	machine_life_change(m, agent, STATE_EVENT_LAUNCH, STATE_TOLD_STARTED, RECORD_NONE, quiet());
	return true;
}

/* An agent's tree needs room, and so does the journal, for as long as agents run. Asked before each
 * launch, and told once. */
static bool has_room(struct machine *m)
{
	struct str why = quiet();
	bool told = m->no_room;
	m->no_room = m->world->room && !m->world->room(m->world->self, &why);
	if (m->no_room && !told)
		outbox_tell(&m->outbox, STATE_TOLD_LOW, SCHEDULE_NONE, 0, arena_copy(m->arena, why),
			    (struct oid){ "" });
	return !m->no_room;
}

/* Those that a gate has held back are looked at again. */
static void take_from_aside(struct machine *m)
{
	while (m->aside.n)
		ready_add(m->ready, m->aside.at[--m->aside.n]);
	m->waits_for_start = false;
}

/* *changed when an agent failed, or was done, instead of starting. */
static bool launch_all(struct machine *m, bool *changed, struct fail *fail)
{
	uint32_t agent, slot;
	take_from_aside(m);
	while (!m->stopping && ready_take(m->ready, &agent, &slot)) {
		if (m->agent[agent].life.now != STATE_READY) {
			ready_end(m->ready, agent); /* it was skipped meanwhile */
			continue;
		}
		m->waits_for_start = m->waits_for_start || machine_gates_full(m);
		if (m->waits_for_start || machine_gates_closed(m, agent)) {
			ready_end(m->ready, agent);
			*VEC_ADD(m->arena, &m->aside) = agent;
			continue;
		}
		if (!has_room(m)) {
			ready_end(m->ready, agent);
			ready_add(m->ready, agent);
			return true;
		}
		if (!launch(m, agent, slot, fail))
			return false;
		*changed |= m->agent[agent].life.now != STATE_RUNNING;
	}
	return true;
}

/* The strand goes on after the agent's `advance`. */
static void pass_over(struct machine *m, uint32_t agent)
{
	struct code code = m->schedule->plan.code;
	while (code.at[m->pc].op != OP_ADVANCE || code.at[m->pc].operand != agent)
		m->pc++;
	m->pc++;
}

/* The strand goes back to the agent's `await`. */
static void go_back(struct machine *m)
{
	while (m->schedule->plan.code.at[m->pc].op != OP_AWAIT)
		m->pc--;
}

static struct str kept_oid(struct machine *m, struct oid oid)
{
	return arena_copy(m->arena, str_from(oid.hex));
}

static void journal_plan(struct machine *m, struct oid input, struct str output, struct str message)
{
	machine_life_plan(m, (struct world_row){ .input = kept_oid(m, input),
						    .output = output,
						    .message = message });
}

void machine_go_back(struct machine *m, struct oid integration)
{
	uint32_t pc = 0;
	BUG_IF(m->begun, "a run is changed after it has begun");
	while (m->schedule->plan.code.at[pc].op != OP_AWAIT)
		pc++;
	/* The row of an `advance` that leads there: it says which instruction was done last. */
	outbox_row(&m->outbox, (struct world_row){ .agent = SCHEDULE_NONE,
						   .pc = pc - 1,
						   .op = OP_ADVANCE,
						   .input = kept_oid(m, m->outbox.ref),
						   .output = kept_oid(m, integration),
						   .message = quiet() });
	m->pc = pc;
	m->unmet = false;
	/* Past the submits, which a run that was cut off at its very beginning has not seen. */
	for (size_t i = 0; i < m->schedule->agent_n; i++)
		m->agent[i].submitted = true;
	m->integration = integration;
	outbox_advance(&m->outbox, integration);
}

static enum stride do_submit(struct machine *m, uint32_t agent)
{
	m->agent[agent].submitted = true;
	machine_life_release(m, agent);
	m->pc++;
	return STRIDE_ON;
}

static enum stride do_await(struct machine *m, uint32_t agent)
{
	enum state state = m->agent[agent].life.now;
	if (state == STATE_RECORDED)
		m->pc++;
	else if (state_final(state))
		pass_over(m, agent);
	else
		return STRIDE_WAIT;
	return STRIDE_ON;
}

static enum stride do_merge(struct machine *m, uint32_t agent, struct fail *fail)
{
	struct str conflict = quiet();
	if (m->stopping || m->test_put_off)
		return STRIDE_WAIT;
	if (!m->world->combine(m->world->self, agent, m->integration, m->start[agent],
			       m->result[agent], &m->combined, &conflict, fail))
		return STRIDE_FAIL;
	if (conflict.n) {
		machine_life_fail(m, agent, RECORD_CONFLICT, conflict);
		pass_over(m, agent);
		return STRIDE_ON;
	}
	journal_plan(m, m->result[agent], kept_oid(m, m->combined), quiet());
	machine_life_change(m, agent, STATE_EVENT_MERGE, STATE_TOLD_MERGING, RECORD_NONE, quiet());
	m->pc++;
	return STRIDE_ON;
}

/* The agent whose result is being merged: that of the next `advance`. */
static uint32_t merging(const struct machine *m)
{
	const struct instruction *at = &m->schedule->plan.code.at[m->pc];
	while (at->op != OP_ADVANCE)
		at++;
	return at->operand;
}

static void put_off_merge(struct machine *m, uint32_t agent, enum record_reason reason,
			  struct str message)
{
	machine_life_change(m, agent, STATE_EVENT_STOP, STATE_TOLD_STOPPED, reason,
			    arena_copy(m->arena, message));
	go_back(m);
}

static enum stride do_test(struct machine *m, uint32_t command)
{
	uint32_t agent = merging(m);
	if (m->testing)
		return STRIDE_WAIT;
	if (m->stopping) {
		put_off_merge(m, agent, RECORD_NONE, quiet());
		return STRIDE_WAIT;
	}
	m->testing = true;
	m->tested = agent;
	outbox_tell(&m->outbox, STATE_TOLD_TESTING, agent, m->agent[agent].attempt, quiet(),
		    m->combined);
	outbox_test(&m->outbox, agent, command, m->combined, &m->test_live);
	return STRIDE_WAIT;
}

/* Not the test's own end: it is put off, or begins anew. */
static bool test_cut_off(struct machine *m, enum record_reason reason)
{
	bool *lost = &m->agent[m->tested].test_lost;
	if (reason == RECORD_LOST && !*lost && !m->stopping)
		return *lost = true;
	if (reason != RECORD_STOPPED && reason != RECORD_WORLD &&
	    !(reason == RECORD_LOST && m->stopping))
		return false;
	m->test_put_off = !m->stopping;
	m->put_off |= m->test_put_off;
	return true;
}

void machine_tested(struct machine *m, uint32_t agent, enum record_reason reason,
		    struct str message)
{
	BUG_IF(!m->test_live || agent != m->tested, "the end of a test that does not run");
	m->testing = m->test_live = false;
	if (m->broken)
		return;
	if (test_cut_off(m, reason)) {
		put_off_merge(m, agent, m->put_off ? reason : RECORD_NONE, message);
	} else if (reason == RECORD_NONE) {
		journal_plan(m, m->combined, STR("passed"), quiet());
		m->pc++;
	} else {
		machine_life_fail(m, agent, RECORD_COMBINATION, message);
		pass_over(m, agent);
	}
}

static enum stride do_advance(struct machine *m, uint32_t agent)
{
	journal_plan(m, m->outbox.ref, kept_oid(m, m->combined), quiet());
	m->integration = m->combined;
	outbox_advance(&m->outbox, m->combined);
	machine_life_change(m, agent, STATE_EVENT_ADVANCE, STATE_TOLD_MERGED, RECORD_NONE, quiet());
	m->pc++;
	return STRIDE_ON;
}

/* Everything that there was is rolled back. */
static bool nothing_left(const struct machine *m)
{
	bool undone = false;
	for (size_t i = 0; i < m->schedule->agent_n; i++) {
		if (m->agent[i].life.now == STATE_MERGED)
			return false;
		undone |= m->agent[i].life.now == STATE_UNDONE;
	}
	return undone;
}

/* The one effect that comes before its row: were the row first, a run killed in between could not
 * tell whether the base has moved, and a finished run would move it again on every resume. */
static enum stride do_land(struct machine *m, struct fail *fail)
{
	struct str refused = quiet();
	enum state_told told = STATE_TOLD_OFFERED;
	if (m->stopping)
		return STRIDE_WAIT;
	if (!outbox_flush(&m->outbox, fail))
		return STRIDE_FAIL;
	if (m->schedule->plan.land_auto && machine_succeeded(m) && !nothing_left(m)) {
		if (!m->world->land(m->world->self, m->integration, &refused, fail))
			return STRIDE_FAIL;
		told = refused.n ? STATE_TOLD_REFUSED : STATE_TOLD_LANDED;
	}
	if (m->schedule->plan.land_auto && m->unmet) {
		refused = STR("a goal that the plan requires is missed");
		told = STATE_TOLD_REFUSED;
	}
	journal_plan(m, m->integration, str_from(state_told_name(told)), refused);
	outbox_tell(&m->outbox, told, SCHEDULE_NONE, 0, refused, m->integration);
	m->pc++;
	return STRIDE_ON;
}

static enum stride do_next(struct machine *m, struct fail *fail)
{
	struct instruction at = m->schedule->plan.code.at[m->pc];
	switch (at.op) {
	case OP_SUBMIT: return do_submit(m, at.operand);
	case OP_AWAIT: return do_await(m, at.operand);
	case OP_MERGE: return do_merge(m, at.operand, fail);
	case OP_TEST: return do_test(m, at.operand);
	case OP_ADVANCE: return do_advance(m, at.operand);
	case OP_MEASURE: return machine_measure(m, at.operand);
	case OP_LAND: return do_land(m, fail);
	default: BUG_IF(true, "an agent's instruction in the plan's strand");
	}
	return STRIDE_WAIT;
}

static bool follow_strand(struct machine *m, struct fail *fail)
{
	enum stride stride = STRIDE_ON;
	while (stride == STRIDE_ON && m->pc < m->schedule->plan.code.n)
		stride = do_next(m, fail);
	return stride != STRIDE_FAIL;
}

static void leave_out(struct machine *m)
{
	for (size_t i = 0; m->options->only && i < m->schedule->agent_n; i++)
		if (!m->options->only[i] && m->agent[i].life.now == STATE_WAITING)
			machine_life_change(m, (uint32_t)i, STATE_EVENT_LEAVE, STATE_TOLD_LEFT_OUT,
					    RECORD_NONE, quiet());
}

static uint32_t live(const struct machine *m)
{
	return m->outbox.begun - m->ended;
}

/* The world failed: what runs is to end, what was only decided does not happen. */
static bool give_up(struct machine *m)
{
	m->broken = true;
	for (size_t i = 0; i < m->schedule->agent_n; i++) {
		struct machine_one *a = &m->agent[i];
		if (a->live)
			m->world->stop(m->world->self, (uint32_t)i);
		else if (a->life.now == STATE_RUNNING)
			state_step(&a->life, STATE_EVENT_STOP);
	}
	if (m->test_live)
		m->world->stop(m->world->self, m->tested);
	if (m->measure_live)
		m->world->stop(m->world->self, SCHEDULE_NONE);
	return false;
}

bool machine_go(struct machine *m, struct fail *fail)
{
	BUG_IF(m->broken, "a run goes on after the world has failed");
	if (!m->begun) {
		leave_out(m);
		for (size_t i = 0; i < m->schedule->agent_n; i++)
			machine_life_release(m, (uint32_t)i);
	}
	m->begun = true;
	/* Again when an agent failed or was done as it was to start: the strand may have waited for it. By then
	 * the others have begun, so that they can be ended again. */
	for (bool changed = true; changed;) {
		changed = false;
		if (!follow_strand(m, fail) || !launch_all(m, &changed, fail) ||
		    !outbox_flush(&m->outbox, fail))
			return give_up(m);
	}
	/* Who runs may yet leave room; when nobody does, the user has to make it. */
	m->put_off |= m->no_room && !live(m) && !m->test_live && !m->measure_live;
	BUG_IF(!m->stopping && !m->put_off && m->pc < m->schedule->plan.code.n && !live(m) &&
		       !m->test_live && !m->measure_live && !m->aside.n,
	       "nothing runs and the run is not done");
	return true;
}

void machine_stop(struct machine *m, bool at_once)
{
	m->stopping = true;
	if (!at_once || m->stopped || m->broken)
		return;
	m->stopped = true;
	for (size_t i = 0; live(m) && i < m->schedule->agent_n; i++)
		if (m->agent[i].live)
			m->world->stop(m->world->self, (uint32_t)i);
	if (m->test_live)
		m->world->stop(m->world->self, m->tested);
	if (m->measure_live)
		m->world->stop(m->world->self, SCHEDULE_NONE);
}

bool machine_complete(const struct machine *m)
{
	return m->pc == m->schedule->plan.code.n;
}

bool machine_finished(const struct machine *m)
{
	return !live(m) && !m->test_live && !m->measure_live &&
	       (m->stopping || m->broken || machine_complete(m) || (m->put_off && !m->aside.n));
}

void machine_began(struct machine *m, uint32_t agent)
{
	m->agent[agent].starting = false;
}

int64_t machine_wake(const struct machine *m)
{
	return machine_gates_next(m);
}

bool machine_put_off(const struct machine *m)
{
	return m->put_off;
}

struct machine_view machine_agent(const struct machine *m, uint32_t agent)
{
	const struct machine_one *a = &m->agent[agent];
	return (struct machine_view){
		state_name(a->life.now), a->reason,       a->attempt, a->since, a->message,
		m->start[agent],         m->result[agent], a->spent
	};
}

struct oid machine_integration(const struct machine *m)
{
	return m->integration;
}

bool machine_succeeded(const struct machine *m)
{
	for (size_t i = 0; i < m->schedule->agent_n; i++)
		if (m->agent[i].life.now != STATE_MERGED &&
		    m->agent[i].life.now != STATE_LEFT_OUT && m->agent[i].life.now != STATE_UNDONE)
			return false;
	return !m->unmet;
}

bool machine_unmet(const struct machine *m)
{
	return m->unmet;
}
