/* simulate.c — imagined runs against a simulation that looks at every agent in every second that
 * matters, and against what must hold for any list schedule. */
#include "schedule/simulate.h"

#include "tests/lib/schedules.h"

#include <string.h>

struct naive {
	struct simulate_agent agent[64];
	bool started[64], ended[64], slot_taken[64];
	uint32_t held[64], running, width;
	uint64_t wall;
};

static bool naive_may_start(const struct naive *n, const struct schedule *s, size_t i)
{
	const struct schedule_agent *a = &s->agent[i];
	if (n->started[i])
		return false;
	for (size_t j = 0; j < a->after.n; j++)
		if (!n->ended[a->after.at[j]])
			return false;
	for (size_t j = 0; j < a->pools.n; j++)
		if (n->held[a->pools.at[j]] >= s->pool[a->pools.at[j]].count)
			return false;
	return true;
}

static uint64_t naive_remaining(const struct schedule *s, size_t i)
{
	uint64_t longest = 0;
	for (size_t j = i + 1; j < s->agent_n; j++)
		for (size_t k = 0; k < s->agent[j].after.n; k++)
			if (s->agent[j].after.at[k] == i && naive_remaining(s, j) > longest)
				longest = naive_remaining(s, j);
	return longest + (s->agent[i].estimate ? s->agent[i].estimate : 30 * 60);
}

static void naive_start(struct naive *n, const struct schedule *s, size_t i, uint64_t now)
{
	uint32_t slot = 0;
	while (n->slot_taken[slot])
		slot++;
	n->slot_taken[slot] = n->started[i] = true;
	n->agent[i].slot = slot;
	n->agent[i].start = now;
	n->agent[i].end = now + (s->agent[i].estimate ? s->agent[i].estimate : 30 * 60);
	for (size_t j = 0; j < s->agent[i].pools.n; j++)
		n->held[s->agent[i].pools.at[j]]++;
	if (++n->running > n->width)
		n->width = n->running;
}

static void naive_end_due(struct naive *n, const struct schedule *s, uint64_t now)
{
	for (size_t i = 0; i < s->agent_n; i++)
		if (n->started[i] && !n->ended[i] && n->agent[i].end == now) {
			n->ended[i] = true;
			n->running--;
			n->slot_taken[n->agent[i].slot] = false;
			for (size_t j = 0; j < s->agent[i].pools.n; j++)
				n->held[s->agent[i].pools.at[j]]--;
		}
}

static struct naive naive_simulate(const struct schedule *s, uint32_t jobs)
{
	struct naive n = { 0 };
	for (size_t i = 0; i < s->agent_n; i++)
		n.agent[i].remaining = naive_remaining(s, i);
	for (uint64_t now = 0;;) {
		naive_end_due(&n, s, now);
		while (!jobs || n.running < jobs) {
			size_t best = SIZE_MAX;
			for (size_t i = 0; i < s->agent_n; i++)
				if (naive_may_start(&n, s, i) &&
				    (best == SIZE_MAX ||
				     n.agent[i].remaining > n.agent[best].remaining))
					best = i;
			if (best == SIZE_MAX)
				break;
			naive_start(&n, s, best, now);
		}
		n.wall = now;
		now = UINT64_MAX;
		for (size_t i = 0; i < s->agent_n; i++)
			if (n.started[i] && !n.ended[i] && n.agent[i].end < now)
				now = n.agent[i].end;
		if (now == UINT64_MAX)
			return n;
	}
}

static bool same(const struct schedule *s, const struct simulate *sim, const struct naive *n)
{
	bool same = sim->wall == n->wall && sim->width == n->width;
	for (size_t i = 0; i < s->agent_n; i++)
		same &= sim->agent[i].start == n->agent[i].start &&
			sim->agent[i].end == n->agent[i].end &&
			sim->agent[i].slot == n->agent[i].slot &&
			sim->agent[i].remaining == n->agent[i].remaining;
	return same;
}

/* Who hands its place to `agent`: of those in its pool (or, NO_POOL, of all) that ended before it
 * starts and have handed it to nobody yet, who ended first. SIZE_MAX: there is a free one still. */
enum { NO_POOL = UINT32_MAX };
static bool holds(const struct schedule_agent *agent, uint32_t pool)
{
	bool holds = pool == NO_POOL;
	for (size_t i = 0; i < agent->pools.n; i++)
		holds |= agent->pools.at[i] == pool;
	return holds;
}
static size_t naive_giver(const struct schedule *s, const struct simulate *sim, const size_t *order,
			  size_t turn, uint32_t pool, uint32_t places, bool *gave)
{
	size_t taken = 0, giver = SIZE_MAX;
	for (size_t k = 0; k < turn; k++) {
		size_t i = order[k];
		if (!holds(&s->agent[i], pool))
			continue;
		taken += !gave[i];
		if (!gave[i] && (giver == SIZE_MAX || sim->agent[i].end < sim->agent[giver].end ||
				 (sim->agent[i].end == sim->agent[giver].end && i < giver)))
			giver = i;
	}
	if (!places || taken < places)
		return SIZE_MAX;
	gave[giver] = true;
	return giver;
}

/* The last end when `late` lasts `more` longer, everybody starts in the same order, and jobs and
 * places in pools are handed on as they were. */
static uint64_t naive_replay(const struct schedule *s, const struct simulate *sim, uint32_t jobs,
			     size_t late, uint64_t more)
{
	size_t order[64];
	uint64_t end[64], last = 0;
	static bool gave[65][64];
	memset(gave, 0, sizeof gave);
	for (size_t i = 0; i < s->agent_n; i++) {
		size_t k = i;
		for (; k && sim->agent[order[k - 1]].start > sim->agent[i].start; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	for (size_t turn = 0; turn < s->agent_n; turn++) {
		size_t i = order[turn], giver;
		uint64_t start = 0;
		for (size_t k = 0; k < s->agent[i].after.n; k++)
			if (end[s->agent[i].after.at[k]] > start)
				start = end[s->agent[i].after.at[k]];
		for (uint32_t pool = 0; pool <= s->pool_n; pool++) {
			bool all = pool == s->pool_n;
			if (!all && !holds(&s->agent[i], pool))
				continue;
			giver = naive_giver(s, sim, order, turn, all ? NO_POOL : pool,
					    all ? jobs : s->pool[pool].count, gave[pool]);
			if (giver != SIZE_MAX && end[giver] > start)
				start = end[giver];
		}
		end[i] = start + simulate_duration(&s->agent[i]) + (i == late ? more : 0);
		last = end[i] > last ? end[i] : last;
	}
	return last;
}

/* Slack as its definition says: let the agent last that much longer and the end stays, a second
 * more and it moves. */
static bool slack_holds(const struct schedule *s, const struct simulate *sim, uint32_t jobs)
{
	bool good = naive_replay(s, sim, jobs, 0, 0) == sim->wall;
	for (size_t i = 0; i < s->agent_n; i++)
		good &= naive_replay(s, sim, jobs, i, sim->agent[i].slack) == sim->wall &&
			naive_replay(s, sim, jobs, i, sim->agent[i].slack + 1) == sim->wall + 1;
	return good;
}

/* On a critical path is who cannot last a second longer without making that path longer. */
static bool critical_holds(struct arena *arena, struct schedule *s, const struct simulate *sim)
{
	bool good = true;
	for (size_t i = 0; i < s->agent_n; i++) {
		uint32_t estimate = s->agent[i].estimate;
		s->agent[i].estimate = simulate_duration(&s->agent[i]) + 1;
		good &= sim->agent[i].critical == (simulate_schedule(arena, s, 0).critical_path >
						   sim->critical_path);
		s->agent[i].estimate = estimate;
	}
	return good;
}

static void test_random_schedules(void)
{
	bool equal = true, bounds = true, slack = true, critical = true;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct arena arena = { 0 };
		struct schedule *s = schedules_make(&arena, seed, seed % 10 ? 10 : 20);
		uint32_t jobs = (uint32_t)(seed % 5);
		struct simulate sim = simulate_schedule(&arena, s, jobs);
		struct naive naive = naive_simulate(s, jobs);
		equal &= same(s, &sim, &naive);
		bounds &= sim.wall >= sim.critical_path && (!jobs || sim.wall >= sim.work / jobs) &&
			  sim.wall <= sim.work && (!jobs || sim.width <= jobs);
		slack &= slack_holds(s, &sim, jobs);
		if (seed % 20 == 0)
			critical &= critical_holds(&arena, s, &sim);
		arena_release(&arena);
	}
	CHECK(equal, "the same starts, ends and slots as the naive simulation");
	CHECK(bounds, "critical path and work / jobs <= wall <= work, width <= jobs");
	CHECK(slack, "slack is how much longer an agent may last, by a replay of the same order");
	CHECK(critical, "the critical path is what gets longer with any of its agents");
}

static void test_known(void)
{
	struct arena arena = { 0 };
	uint32_t first = 0, both[] = { 1, 2 };
	struct schedule_agent agents[] = {
		{ .estimate = 60 },
		{ .estimate = 100, .after = { &first, 1 } },
		{ .after = { &first, 1 } },	/* half an hour */
		{ .estimate = 10, .after = { both, 2 } },
	};
	struct schedule s = { .agent = agents, .agent_n = 4 };
	struct simulate sim = simulate_schedule(&arena, &s, 1);
	CHECK(sim.critical_path == 60 + 1800 + 10 && sim.work == sim.critical_path + 100,
	      "path and work");
	CHECK(sim.wall == sim.work && sim.width == 1, "one after the other with one job");
	CHECK(sim.unknown == 1, "one without an estimate");
	CHECK(sim.agent[2].start == 60 && sim.agent[1].start == 1860,
	      "the longest remaining path first");
	CHECK(!sim.agent[1].slack && !sim.agent[1].critical && sim.agent[2].critical,
	      "with one job nobody has slack");
	sim = simulate_schedule(&arena, &s, 2);
	CHECK(sim.agent[1].slack == 1700 && !sim.agent[2].slack, "with two, who waits for nobody");
	CHECK(simulate_schedule(&arena, &s, 0).width == 2, "two at once with many jobs");
	CHECK(simulate_schedule(&arena, &(struct schedule){ 0 }, 3).wall == 0, "no agents");
	arena_release(&arena);
}

static void test_many(void)
{
	enum { MANY = 100000 };
	struct arena arena = { 0 };
	struct schedules g = { &arena, 7 };
	struct schedule_pool pools[] = { { STR("a"), 2 }, { STR("b"), 3 } };
	struct schedule s = { .pool = pools, .pool_n = 2, .agent_n = MANY };
	s.agent = ARENA_MANY(&arena, MANY, struct schedule_agent);
	static uint32_t held[] = { 0, 1 };
	for (size_t i = 0; i < MANY; i++) {
		struct index_list *after = &s.agent[i].after;
		after->at = ARENA_MANY(&arena, 3, uint32_t);
		for (size_t j = i > 30 ? i - 30 : 0; j < i && after->n < 3; j += 10)
			after->at[after->n++] = (uint32_t)j;
		s.agent[i].estimate = 1 + schedules_below(&g, 100);
		uint32_t kind = schedules_below(&g, 8);
		s.agent[i].pools = kind == 0   ? (struct index_list){ held, 2 }
				   : kind == 1 ? (struct index_list){ held + 1, 1 }
					       : (struct index_list){ 0 };
	}
	struct simulate sim = simulate_schedule(&arena, &s, 10);
	CHECK(sim.wall >= sim.critical_path && sim.wall * 10 >= sim.work, "100,000 agents end");
	arena_release(&arena);
}

int main(void)
{
	test_known();
	test_random_schedules();
	test_many();
	return test_end();
}
