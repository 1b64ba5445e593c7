/* machine_gates.c — what holds a launch back besides slots, pools and room: a service that is busy, programs
 * that are just starting, and a budget that is spent.
 *
 * A busy service is no failure of an agent's. It is asked by all agents with one account, so all of them
 * wait when one is told to, until the time that it named, or for longer each time when it named none. As
 * in TCP (Jacobson 1988) a refusal halves how many may be at it, and each attempt that goes
 * well lets in one more. The account is the runner's program: two runners of one client share it. */
#include "runtime/machine_inside.h"

#include "common/map.h"
#include "common/path.h"
#include "common/text.h"

enum {
	FIRST_WAIT_MS = 15 * 1000,
	LAST_WAIT_MS = 15 * 60 * 1000,
	SHORTEST_WAIT_MS = 2 * 1000,
	LONGEST_WAIT_MS = 24 * 3600 * 1000, /* what a service may name */
	START_MS = 30 * 1000, /* a program that has said nothing by then has started all the same */
	DOUBLINGS = 6,
};
#define CENT ((uint64_t)10000) /* millionths of a dollar */

static struct str account_name(const struct schedule_runner *runner)
{
	return path_last(runner->words.at[0]);
}

void machine_gates_open(struct machine *m)
{
	const struct schedule *s = m->schedule;
	struct map known = { 0 };
	m->account = ARENA_MANY(m->arena, s->runner_n, struct machine_account);
	m->account_of = ARENA_MANY(m->arena, s->runner_n, uint32_t);
	for (uint32_t i = 0; i < s->runner_n; i++) {
		struct str name = account_name(&s->runner[i]);
		uint32_t *found = map_find(&known, name);
		m->account_of[i] = found ? *found : i;
		if (!found)
			map_add(m->arena, &known, name, i);
	}
	m->speaks = ARENA_MANY(m->arena, s->runner_n, bool);
	for (size_t i = 0; i < s->rule_n; i++)
		m->speaks[s->rule[i].runner] = true;
}

static struct machine_account *account(struct machine *m, uint32_t agent)
{
	return &m->account[m->account_of[m->schedule->agent[agent].runner]];
}

static int64_t now(const struct machine *m)
{
	return m->world->now(m->world->self);
}

/* Its program is under way, and has not said anything yet. */
static bool is_starting(const struct machine *m, const struct machine_one *a)
{
	return a->starting && now(m) < a->since + START_MS;
}

bool machine_gates_full(const struct machine *m)
{
	uint32_t n = 0;
	for (size_t i = 0; m->options->starts && i < m->schedule->agent_n; i++)
		n += is_starting(m, &m->agent[i]);
	return m->options->starts && n >= m->options->starts;
}

bool machine_gates_closed(struct machine *m, uint32_t agent)
{
	const struct machine_account *of = account(m, agent);
	return of->until > now(m) || (of->most && of->running >= of->most);
}

void machine_gates_launched(struct machine *m, uint32_t agent)
{
	account(m, agent)->running++;
	m->agent[agent].starting = m->speaks[m->schedule->agent[agent].runner];
}

/* How long to wait, in milliseconds. */
static int64_t wait_for(struct machine *m, struct machine_account *of, uint64_t reset_at)
{
	int64_t wait = (int64_t)FIRST_WAIT_MS
		       << (of->refusals < DOUBLINGS ? of->refusals : DOUBLINGS);
	if (reset_at && m->world->when) {
		wait = m->world->when(m->world->self, reset_at) - now(m);
		wait = wait < SHORTEST_WAIT_MS ? SHORTEST_WAIT_MS : wait;
		return wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS;
	}
	return wait < LAST_WAIT_MS ? wait : LAST_WAIT_MS;
}

void machine_gates_busy(struct machine *m, uint32_t agent, uint64_t reset_at)
{
	struct machine_account *of = account(m, agent);
	int64_t until = now(m) + wait_for(m, of, reset_at);
	/* Of agents that were told at about the same time, the first has told it all. */
	if (of->until <= now(m)) {
		of->refusals++;
		of->most = of->running > 1 ? of->running / 2 : 1;
	}
	if (until > of->until && (reset_at || of->until <= now(m)))
		of->until = until;
}

void machine_gates_ended(struct machine *m, uint32_t agent)
{
	account(m, agent)->running--;
	m->agent[agent].starting = false;
}

void machine_gates_well(struct machine *m, uint32_t agent)
{
	struct machine_account *of = account(m, agent);
	of->refusals = 0;
	if (of->most && ++of->most >= m->schedule->agent_n)
		of->most = 0;
}

int64_t machine_gates_until(struct machine *m, uint32_t agent)
{
	return account(m, agent)->until;
}

int64_t machine_gates_next(const struct machine *m)
{
	int64_t next = 0;
	for (size_t i = 0; i < m->schedule->agent_n; i++) {
		const struct machine_one *a = &m->agent[i];
		int64_t at = 0;
		if (is_starting(m, a) && m->waits_for_start)
			at = a->since + START_MS;
		else if (a->life.now == STATE_READY && !m->stopping)
			at = m->account[m->account_of[m->schedule->agent[i].runner]].until;
		if (at > now(m) && (!next || at < next))
			next = at;
	}
	return next;
}

uint64_t machine_gates_sum(const struct machine *m)
{
	uint64_t spent = 0;
	for (size_t i = 0; i < m->schedule->agent_n; i++)
		spent += m->agent[i].spent;
	return spent;
}

static bool over(struct machine *m, const char *whose, uint64_t spent, uint64_t cents,
		 struct str *why)
{
	if (!cents || spent < cents * CENT)
		return false;
	struct text text = { 0 };
	text_addf(&text, "%s has spent ", whose);
	text_add_dollars(&text, spent);
	text_add(&text, STR(" of its budget of "));
	text_add_dollars(&text, cents * CENT);
	*why = arena_copy(m->arena, text_str(&text));
	text_release(&text);
	return true;
}

bool machine_gates_spent(struct machine *m, uint32_t agent, struct str *why)
{
	uint64_t budget = m->options->budget ? m->options->budget : m->schedule->plan.budget;
	return over(m, "the run", machine_gates_sum(m), budget, why) ||
	       over(m, "the agent", m->agent[agent].spent, m->schedule->agent[agent].budget, why);
}
