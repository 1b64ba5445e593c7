/* pretend.c — see pretend.h. */
#include "tests/lib/pretend.h"

#include "runtime/state.h"
#include "schedule/simulate.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

void pretend_wrong(struct pretend *p, const char *what)
{
	if (!p->wrong)
		p->wrong = what;
}

static uint32_t below(struct pretend *p, uint32_t bound)
{
	return bound ? (uint32_t)(test_random(&p->random) >> 33) % bound : 0;
}

struct oid pretend_oid(const char *what, struct oid a, struct oid b, uint32_t number)
{
	char text[160];
	struct oid oid;
	int n = snprintf(text, sizeof text, "%s %s %s %u", what, a.hex, b.hex, number);
	uint64_t hash = str_hash((struct str){ text, (size_t)n });
	snprintf(oid.hex, sizeof oid.hex, "%016llx%016llx%08x", (unsigned long long)hash,
		 (unsigned long long)(hash * 0x9e3779b97f4a7c15u), number);
	return oid;
}

/* The start of an agent: a hash of the results it comes directly after, which have those before in
 * them. */
static struct oid start_of(struct pretend *p, uint32_t agent, const struct oid *result)
{
	struct index_list after = p->schedule->agent[agent].after;
	struct oid start = p->base;
	for (size_t i = 0; i < after.n; i++)
		start = pretend_oid("start", start,
				    result ? result[after.at[i]] : p->agent[after.at[i]].result, 0);
	return start;
}

/* Counts a call; false when it goes wrong before anything was done. */
static bool call(struct pretend *p, struct fail *fail)
{
	if (p->killed)
		return fail_set(fail, "killed");
	if (++p->calls != p->trouble_at)
		return true;
	if (p->trouble == PRETEND_KILL_BEFORE)
		p->killed = true;
	return p->trouble != PRETEND_FAIL_BEFORE && p->trouble != PRETEND_KILL_BEFORE
		       ? true
		       : fail_set(fail, "trouble");
}

/* After it was done: false when it goes wrong now. */
static bool done(struct pretend *p, struct fail *fail)
{
	if (p->calls != p->trouble_at)
		return true;
	p->killed = p->trouble == PRETEND_KILL_AFTER;
	return fail_set(fail, "trouble");
}

static int64_t world_now(void *self)
{
	return ((struct pretend *)self)->clock;
}

/* The pretend clock began in 1970. */
static int64_t world_when(void *self, uint64_t date)
{
	(void)self;
	return (int64_t)date * 1000;
}

/* The journal has that it is to run once more: whatever it comes to is something new. */
static void try_again(struct pretend *p, uint32_t agent)
{
	struct pretend_agent *a = &p->agent[agent];
	a->retries++;
	a->succeeded = a->has_record = false;
	a->tries = 0;
	a->result = pretend_oid("again", a->start, a->result, agent);
	/* Who has not succeeded starts from what there is then. */
	for (uint32_t i = agent; i < p->schedule->agent_n; i++) {
		struct oid start = start_of(p, i, NULL);
		if (p->agent[i].succeeded || oid_equal(start, p->agent[i].start))
			continue;
		p->agent[i].start = start;
		p->agent[i].result = pretend_oid("again", start, p->agent[i].result, i);
	}
}

static void note_merge(struct pretend *p, const struct world_row *row)
{
	size_t n = 0;
	for (size_t i = 0; i < p->merged.n; i++)
		if (p->merged.at[i] != row->agent)
			p->merged.at[n++] = p->merged.at[i];
	p->merged.n = n;
	if (strcmp(row->state, "merged") == 0)
		*VEC_ADD(p->arena, &p->merged) = row->agent;
}

static bool world_journal(void *self, const struct world_row *rows, size_t n, struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	if (p->store && !store_append(p->store, p->run, p->clock / 1000, rows, n, fail))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct world_row row = rows[i];
		row.input = arena_copy(p->arena, row.input);
		row.output = arena_copy(p->arena, row.output);
		row.message = arena_copy(p->arena, row.message);
		*VEC_ADD(p->arena, &p->rows) = row;
		if (!machine_remember(p->memory, &p->strand, &row))
			pretend_wrong(p, "a row that makes no sense");
		if (!row.state && str_is(row.input, "cost"))
			p->spent += p->fate[row.agent].cost;
		if (!row.state && str_is(row.input, "reused"))
			p->agent[row.agent].succeeded = p->memory[row.agent].reused == 7;
		if (row.state && strcmp(row.state, "waiting") == 0)
			try_again(p, row.agent);
		if (row.state)
			note_merge(p, &row);
	}
	return done(p, fail);
}

static void world_tell(void *self, const struct world_event *event)
{
	struct pretend *p = self;
	if (event->agent != SCHEDULE_NONE && event->agent >= p->schedule->agent_n)
		pretend_wrong(p, "an event of nobody");
	if (strcmp(event->name, "merged") == 0 &&
	    strcmp(p->memory[event->agent].state, "merged") != 0)
		pretend_wrong(p, "told before it was journaled");
	if (strcmp(event->name, "recorded") == 0 &&
	    !oid_equal(p->agent[event->agent].kept, event->commit))
		pretend_wrong(p, "told before it was kept");
}

static bool world_start(void *self, uint32_t agent, const struct oid *start,
			const struct oid *result, struct oid *commit, struct str *conflict,
			struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	struct index_list after = p->schedule->agent[agent].after;
	for (size_t i = 0; i < after.n; i++)
		if (!oid_equal(start[after.at[i]], p->agent[after.at[i]].start))
			pretend_wrong(p, "a start from a wrong start");
	*commit = start_of(p, agent, result);
	/* That it is tried again may not be journaled yet. */
	if (!oid_equal(*commit, p->retry && p->retry[agent] ? start_of(p, agent, NULL)
							    : p->agent[agent].start))
		pretend_wrong(p, "a start that lacks results");
	if (p->fate[agent].start_conflict)
		*conflict = STR("they changed the same file");
	return done(p, fail);
}

static bool world_reuse(void *self, uint32_t agent, struct oid start, struct world_reuse *found,
			struct fail *fail)
{
	struct pretend *p = self;
	struct pretend_agent *a = &p->agent[agent];
	if (!call(p, fail))
		return false;
	if (a->launched || a->retries)
		pretend_wrong(p, "an earlier result is asked for of an agent that has run here");
	if (!oid_equal(start, a->start))
		pretend_wrong(p, "an earlier result is asked for with a wrong start");
	*found = (struct world_reuse){ .why = STR("its prompt has changed") };
	if (p->fate[agent].reused)
		*found = (struct world_reuse){ 7, a->result, STR("") };
	return done(p, fail);
}

static bool holds_pool(struct pretend *p, uint32_t agent, uint32_t pool)
{
	struct index_list pools = p->schedule->agent[agent].pools;
	for (size_t i = 0; i < pools.n; i++)
		if (pools.at[i] == pool)
			return true;
	return false;
}

static void check_room(struct pretend *p, uint32_t agent, uint32_t slot)
{
	const struct schedule *s = p->schedule;
	uint64_t lowest = 0;
	if (p->running.n >= p->jobs)
		pretend_wrong(p, "more agents at once than jobs");
	for (uint32_t pool = 0; pool < s->pool_n; pool++) {
		uint32_t held = 0;
		for (size_t i = 0; i < p->running.n; i++)
			held += holds_pool(p, p->running.at[i].agent, pool);
		if (holds_pool(p, agent, pool) && held >= s->pool[pool].count)
			pretend_wrong(p, "more holders of a pool than it has");
	}
	for (size_t i = 0; i < p->running.n; i++) {
		if (p->running.at[i].slot == lowest) {
			lowest++;
			i = SIZE_MAX;
		}
	}
	if (slot != lowest)
		pretend_wrong(p, "a slot that is not the lowest free one");
}

static void check_launch(struct pretend *p, const struct world_attempt *attempt)
{
	const struct pretend_agent *a = &p->agent[attempt->agent];
	const struct machine_memory *memory = &p->memory[attempt->agent];
	struct index_list after = p->schedule->agent[attempt->agent].after;
	check_room(p, attempt->agent, attempt->slot);
	if (p->stopping)
		pretend_wrong(p, "a launch after the stop");
	if (a->succeeded)
		pretend_wrong(p, "a finished agent is launched again");
	if (p->only && !p->only[attempt->agent])
		pretend_wrong(p, "an agent is launched that was not asked for");
	if (!memory->state || strcmp(memory->state, "running") != 0 ||
	    memory->attempt != attempt->attempt)
		pretend_wrong(p, "a launch that is not journaled");
	if (!oid_equal(attempt->start, a->start) || !oid_equal(memory->start, a->start))
		pretend_wrong(p, "a launch from a wrong start");
	for (size_t i = 0; i < after.n; i++)
		if (!oid_equal(p->agent[after.at[i]].kept, p->agent[after.at[i]].result))
			pretend_wrong(p, "a launch before what it comes after is kept");
	bool goes_on = a->has_record && a->record.attempt + 1 == attempt->attempt;
	bool refused = goes_on && a->record.reason == RECORD_BUSY;
	p->asked_early += p->clock < p->not_before;
	if (p->schedule->plan.budget && p->spent >= p->schedule->plan.budget * (uint64_t)10000)
		pretend_wrong(p, "a launch after the budget was spent");
	if (refused && attempt->fresh)
		pretend_wrong(p, "an attempt after one that was refused begins anew");
	if (!attempt->fresh && !refused &&
	    (!goes_on || str_find_text(attempt->feedback, STR("the output of")) == SIZE_MAX ||
	     str_find_text(attempt->feedback, STR("a finding")) == SIZE_MAX))
		pretend_wrong(p,
		      "an attempt in the last one's tree without that one's record and feedback");
	if (attempt->fresh && goes_on && a->record.reason != RECORD_STOPPED && !refused &&
	    a->record.reason != RECORD_WORLD)
		pretend_wrong(p, "an attempt after a failure begins anew");
	if (a->tries && !attempt->feedback.n && a->record.reason != RECORD_STOPPED && !refused &&
	    a->record.reason != RECORD_WORLD)
		pretend_wrong(p, "an attempt is not told of the one that failed");
	if (a->tries > p->schedule->agent[attempt->agent].retry)
		pretend_wrong(p, "more attempts than there may be");
}

static bool world_room(void *self, struct str *why)
{
	struct pretend *p = self;
	*why = STR("the disk is full");
	return !p->low || !p->low--;
}

static bool world_launch(void *self, const struct world_attempt *attempt, struct fail *fail)
{
	struct pretend *p = self;
	struct pretend_agent *a = &p->agent[attempt->agent];
	if (!call(p, fail))
		return false;
	if (p->calls == p->trouble_at && p->trouble == PRETEND_FAIL_AFTER)
		return done(p, fail); /* one that has begun has not failed */
	check_launch(p, attempt);
	a->launched++;
	a->began = p->clock;
	a->slot = attempt->slot;
	*VEC_ADD(p->arena, &p->running) =
		(struct pretend_attempt){ attempt->agent, attempt->attempt, attempt->slot,
					  p->clock + p->fate[attempt->agent].ms, false };
	return done(p, fail);
}

static void world_stop(void *self, uint32_t agent)
{
	struct pretend *p = self;
	bool test = p->testing && p->test_agent == agent;
	bool known = test || (p->measuring && agent == SCHEDULE_NONE);
	if (known && !test) {
		p->measure_stopped = true;
		p->measure_end = p->clock;
	}
	if (test) {
		p->test_stopped = true;
		p->test_end = p->clock;
	}
	for (size_t i = 0; i < p->running.n; i++)
		if (p->running.at[i].agent == agent) {
			known = true;
			p->running.at[i].stopped = true;
			p->running.at[i].end = p->clock + 3;
		}
	if (!known)
		pretend_wrong(p, "what does not run is stopped");
}

static bool world_find_record(void *self, uint32_t agent, uint32_t attempt, struct record *record,
			      bool *found, struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	*found = p->agent[agent].has_record && p->agent[agent].record.attempt == attempt;
	if (*found)
		*record = p->agent[agent].record;
	return done(p, fail);
}

static bool world_keep(void *self, uint32_t agent, struct oid start, struct oid result,
		       struct fail *fail)
{
	struct pretend *p = self;
	struct pretend_agent *a = &p->agent[agent];
	if (!call(p, fail))
		return false;
	/* What came of an attempt that was cut off is kept although it is tried again at once. */
	bool again = p->retry && a->retries;
	if (!again && (!oid_equal(start, a->start) || !oid_equal(result, a->result)))
		pretend_wrong(p, "a wrong result is kept");
	if (!again && !oid_equal(p->memory[agent].result, result))
		pretend_wrong(p, "a result is kept that is not journaled");
	a->kept = result;
	return done(p, fail);
}

static bool world_combine(void *self, uint32_t agent, struct oid integration, struct oid start,
			  struct oid result, struct oid *combined, struct str *conflict,
			  struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	if (!oid_equal(start, p->agent[agent].start) || !oid_equal(result, p->agent[agent].result))
		pretend_wrong(p, "a wrong result is merged");
	*combined = pretend_oid("merge", integration, result, agent);
	if (p->fate[agent].merge_conflict)
		*conflict = STR("both changed a file");
	return done(p, fail);
}

static bool world_test(void *self, uint32_t agent, uint32_t command, struct oid combined,
		       struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	if (p->calls == p->trouble_at && p->trouble == PRETEND_FAIL_AFTER)
		return done(p, fail);
	if (p->testing)
		pretend_wrong(p, "two tests at once");
	if (p->stopping)
		pretend_wrong(p, "a test begins after the stop");
	if (strncmp(combined.hex + 32, pretend_oid("", p->base, p->base, agent).hex + 32, 8) != 0)
		pretend_wrong(p, "a test of another combination");
	p->testing = true;
	p->test_stopped = false;
	p->test_agent = agent;
	p->test_command = command;
	p->test_end = p->clock + below(p, 5000);
	return done(p, fail);
}

static bool world_measure(void *self, uint32_t metric, bool before, struct oid commit,
			  struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	if (p->calls == p->trouble_at && p->trouble == PRETEND_FAIL_AFTER)
		return done(p, fail); /* one that has begun has not failed */
	if (p->measuring)
		pretend_wrong(p, "two measurements at once");
	if (p->testing || p->running.n)
		pretend_wrong(p, "something is measured while something else runs");
	if (p->stopping)
		pretend_wrong(p, "a measurement begins after the stop");
	if (!oid_equal(commit, before ? p->base : p->ref))
		pretend_wrong(p, "another commit is measured than the base or the integration");
	/* What was passed over since the last row has none. */
	size_t own = before ? metric
			    : p->schedule->plan.code.n - 1 - p->schedule->metric_n + metric;
	if (before || metric ? p->strand.pc != own : p->strand.pc > own)
		pretend_wrong(p, "a metric is measured at the wrong time");
	p->measuring = true;
	p->measure_stopped = false;
	p->metric = metric;
	p->measure_end = p->clock + p->meter[metric].ms;
	return done(p, fail);
}

static bool world_advance(void *self, struct oid before, struct oid after, struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	if (!oid_equal(p->ref, after) && !oid_equal(p->ref, before))
		pretend_wrong(p, "the integration moves from where it is not");
	if (!oid_equal(p->strand.integration, after))
		pretend_wrong(p, "the integration moves before that is journaled");
	p->ref = after;
	return done(p, fail);
}

static bool world_land(void *self, struct oid integration, struct str *refused, struct fail *fail)
{
	struct pretend *p = self;
	if (!call(p, fail))
		return false;
	if (!p->schedule->plan.land_auto || !oid_equal(p->ref, integration))
		pretend_wrong(p, "something else lands than the integration");
	if (below(p, 4) == 0)
		*refused = STR("the base has moved");
	p->landed++;
	return done(p, fail);
}

void pretend_init(struct pretend *p, struct arena *arena, const struct schedule *s,
		  const struct machine_options *options, uint64_t seed)
{
	*p = (struct pretend){ .arena = arena,
			       .schedule = s,
			       .only = options->only,
			       .random = seed * 2654435769u + 1 };
	p->jobs = options->jobs ? options->jobs : s->plan.jobs;
	p->world = (struct world){ p,
				   world_now,
				   world_when,
				   world_journal,
				   world_tell,
				   world_start,
				   world_reuse,
				   world_room,
				   world_launch,
				   world_stop,
				   world_find_record,
				   world_keep,
				   world_combine,
				   world_test,
				   world_measure,
				   world_advance,
				   world_land };
	p->fate = ARENA_MANY(arena, s->agent_n, struct pretend_fate);
	p->meter = ARENA_MANY(arena, s->metric_n, struct pretend_meter);
	p->agent = ARENA_MANY(arena, s->agent_n, struct pretend_agent);
	p->memory = ARENA_MANY(arena, s->agent_n, struct machine_memory);
	p->base = p->ref = pretend_oid("base", (struct oid){ "" }, (struct oid){ "" }, 0);
	for (uint32_t i = 0; i < s->agent_n; i++) {
		p->agent[i].start = start_of(p, i, NULL);
		p->agent[i].result = pretend_oid("result", p->agent[i].start, (struct oid){ "" },
						 i);
		p->fate[i].ms = (int64_t)simulate_duration(&s->agent[i]) * 1000;
	}
}

void pretend_fate(struct pretend *p, uint32_t agent, uint32_t one_in)
{
	struct pretend_fate *fate = &p->fate[agent];
	*fate = (struct pretend_fate){ .ms = 1 + below(p, 20000) };
	if (below(p, one_in) == 0) {
		fate->failures = 1 + below(p, 4);
		fate->reason = below(p, 3)   ? RECORD_TEST
			       : below(p, 2) ? RECORD_STRAY
					     : RECORD_SETUP;
	}
	fate->reused = !fate->failures && below(p, 3) == 0;
	fate->start_conflict = below(p, 4 * one_in) == 0;
	fate->merge_conflict = below(p, 3 * one_in) == 0;
	fate->test_fails = below(p, 3 * one_in) == 0;
}

void pretend_fates(struct pretend *p, uint32_t one_in)
{
	for (uint32_t i = 0; i < p->schedule->agent_n; i++)
		pretend_fate(p, i, one_in);
	for (uint32_t i = 0; i < p->schedule->metric_n; i++)
		p->meter[i] = (struct pretend_meter){ .ms = below(p, 5000),
						      .lost = below(p, one_in) == 0,
						      .world = below(p, one_in) == 0,
						      .fails = below(p, one_in) == 0,
						      .number = 10 + below(p, 60) };
}

/* An attempt comes to its end: the record is on disk, unless its node was killed. What the machine is
 * told of it. */
static const struct record *end_attempt(struct pretend *p, const struct pretend_attempt *attempt)
{
	struct pretend_agent *a = &p->agent[attempt->agent];
	const struct pretend_fate *fate = &p->fate[attempt->agent];
	struct record r = { .agent = attempt->agent,
			    .attempt = attempt->attempt,
			    .start = a->start,
			    .cost = fate->cost,
			    .ms = (uint64_t)fate->ms };
	/* One that is told to stop may have been done already. */
	if (attempt->stopped && below(p, 3)) {
		r.reason = RECORD_STOPPED;
	} else if (a->refused < fate->busy) {
		a->refused++;
		r.reason = RECORD_BUSY;
		if (below(p, 2)) {
			r.reset_at = (uint64_t)(p->clock / 1000) + below(p, 900);
			if ((int64_t)r.reset_at * 1000 > p->not_before)
				p->not_before = (int64_t)r.reset_at * 1000;
		}
	} else if (a->cut < fate->lost + fate->world) {
		r.reason = a->cut++ < fate->lost ? RECORD_LOST : RECORD_WORLD;
		r.message = STR("no space left");
	} else if (a->tries++ < fate->failures) {
		r.reason = fate->reason;
		r.findings = (struct str_list){ ARENA_NEW(p->arena, struct str), 1 };
		r.findings.at[0] = STR("a finding");
		r.output = STR("the output of the test");
	} else {
		r.commit = a->result;
		a->succeeded = true;
	}
	r.step = ARENA_NEW(p->arena, struct record_step);
	r.step[r.step_n++] = (struct record_step){ OP_PREPARE, 0, STR("input"), STR("output"), 7 };
	if (r.reason == RECORD_LOST) {
		a->lost = r;
		return &a->lost;
	}
	a->record = r;
	a->has_record = true;
	return &a->record;
}

static int64_t next_end(const struct pretend *p)
{
	int64_t next = p->testing ? p->test_end : p->measuring ? p->measure_end : INT64_MAX;
	for (size_t i = 0; i < p->running.n; i++)
		if (p->running.at[i].end < next)
			next = p->running.at[i].end;
	return next;
}

static void deliver_test(struct pretend *p, struct machine *m)
{
	const struct pretend_fate *fate = &p->fate[p->test_agent];
	uint32_t *cut = &p->agent[p->test_agent].test_cut;
	enum record_reason reason = fate->test_fails ? RECORD_TEST : RECORD_NONE;
	if (p->test_stopped)
		reason = RECORD_STOPPED;
	else if (*cut < fate->test_lost + fate->test_world)
		reason = (*cut)++ < fate->test_lost ? RECORD_LOST : RECORD_WORLD;
	p->testing = false;
	machine_tested(m, p->test_agent, reason, STR("1 test failed"));
}

static void deliver_measurement(struct pretend *p, struct machine *m)
{
	struct pretend_meter *meter = &p->meter[p->metric];
	enum record_reason reason = meter->fails ? RECORD_EXIT : RECORD_NONE;
	char number[16];
	snprintf(number, sizeof number, "%u", meter->number);
	if (p->measure_stopped)
		reason = RECORD_STOPPED;
	else if (meter->lost || meter->world)
		reason = meter->lost ? RECORD_LOST : RECORD_WORLD;
	if (reason == RECORD_LOST)
		meter->lost--;
	else if (reason == RECORD_WORLD)
		meter->world--;
	p->measuring = false;
	machine_measured(m, reason, reason == RECORD_NONE ? str_from(number) : STR(""),
			 STR("it printed nothing"));
}

/* The clock jumps to the next end; all that end then are told of. */
static void deliver(struct pretend *p, struct machine *m)
{
	int64_t now = next_end(p), wake = machine_wake(m);
	if (wake && wake < now) { /* it only wants to be asked again */
		p->clock = wake > p->clock ? wake : p->clock;
		return;
	}
	BUG_IF(now == INT64_MAX, "the machine waits for nothing");
	p->clock = now > p->clock ? now : p->clock;
	for (size_t i = 0; i < p->running.n; i++)
		if (strcmp(p->memory[p->running.at[i].agent].state, "ending") == 0 &&
		    !p->running.at[i].stopped)
			pretend_wrong(p, "an attempt that nobody needs goes on");
	if (p->testing && p->test_end <= now)
		deliver_test(p, m);
	else if (p->measuring && p->measure_end <= now)
		deliver_measurement(p, m);
	for (size_t i = 0; i < p->running.n;) {
		struct pretend_attempt ended = p->running.at[i];
		if (ended.end > now) {
			i++;
			continue;
		}
		const struct record *record = end_attempt(p, &ended);
		memmove(&p->running.at[i], &p->running.at[i + 1],
			(--p->running.n - i) * sizeof ended);
		machine_ended(m, record);
	}
}

/* The process is gone, and its agents with it, some of which were just done. */
static void crash(struct pretend *p)
{
	for (size_t i = 0; i < p->running.n; i++)
		if (below(p, 2))
			end_attempt(p, &p->running.at[i]);
	p->running.n = 0;
	p->testing = p->measuring = p->killed = p->stopping = false;
}

static bool read_memory(struct pretend *p, struct machine_memory **memory,
			struct machine_strand *strand, struct fail *fail)
{
	*memory = p->memory;
	*strand = p->strand;
	return !p->store ||
	       store_memory(p->store, p->arena, p->run, p->schedule->agent_n, memory, strand, fail);
}

static void check_stopped(struct pretend *p)
{
	for (size_t i = 0; i < p->running.n; i++)
		if (!p->running.at[i].stopped)
			pretend_wrong(p, "an attempt goes on after the world has failed");
	if (p->testing && !p->test_stopped)
		pretend_wrong(p, "a test goes on after the world has failed");
	if (p->measuring && !p->measure_stopped)
		pretend_wrong(p, "a measurement goes on after the world has failed");
}

static bool drive(struct pretend *p, struct machine *m, struct fail *fail)
{
	bool good = machine_go(m, fail);
	for (size_t deliveries = 1; !p->killed && !machine_finished(m); deliveries++) {
		if (deliveries == p->stop_at) {
			p->stopping = true;
			machine_stop(m, p->stop_now);
		}
		if (machine_finished(m))
			break;
		if (!good)
			check_stopped(p);
		deliver(p, m);
		good = good && machine_go(m, fail);
	}
	return good;
}

bool pretend_process(struct pretend *p, const struct machine_options *options, bool *finished,
		     struct fail *fail)
{
	struct arena arena = { 0 };
	struct machine *m = machine_new(&arena, p->schedule, &p->world, options, p->base);
	struct machine_memory *memory;
	struct machine_strand strand;
	bool good = true;
	p->calls = 0;
	if (p->rows.n)
		good = read_memory(p, &memory, &strand, fail) &&
		       machine_restore(m, memory, &strand, fail);
	if (good && p->undo)
		machine_undo(m, p->undo);
	if (good && p->retry)
		machine_retry(m, p->retry);
	good = good && drive(p, m, fail);
	*finished = good && !p->stop_at && machine_finished(m) && !machine_put_off(m);
	if (*finished && !oid_equal(machine_integration(m), p->ref))
		pretend_wrong(p, "the integration is not where the machine says");
	for (uint32_t i = 0; *finished && i < p->schedule->agent_n; i++)
		if (strcmp(machine_agent(m, i).state, p->memory[i].state) != 0)
			pretend_wrong(p, "the journal has another state than the machine");
	crash(p);
	arena_release(&arena);
	return good;
}
