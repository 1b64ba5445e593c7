/* simulate.c — imagined runs against a simulation that looks at every agent in every second that
 * matters, and against what must hold for any list schedule. */
#include "schedule/simulate.h"

#include "tests/lib/schedules.h"

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

/* Slack as its definition says: make the agent last that much longer and nothing moves, a second
 * more does. */
static bool slack_holds(struct arena *arena, struct schedule *s, const struct simulate *sim)
{
	bool holds = true;
	for (size_t i = 0; i < s->agent_n; i++) {
		uint32_t estimate = s->agent[i].estimate;
		s->agent[i].estimate = simulate_duration(&s->agent[i]) +
				       (uint32_t)sim->agent[i].slack;
		holds &= simulate_schedule(arena, s, 0).critical_path == sim->critical_path;
		s->agent[i].estimate++;
		holds &= simulate_schedule(arena, s, 0).critical_path == sim->critical_path + 1;
		s->agent[i].estimate = estimate;
		holds &= sim->agent[i].critical == !sim->agent[i].slack;
	}
	return holds;
}

static void test_random_schedules(void)
{
	bool equal = true, bounds = true, slack = true;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct arena arena = { 0 };
		struct schedule *s = schedules_make(&arena, seed, seed % 10 ? 10 : 20);
		uint32_t jobs = (uint32_t)(seed % 5);
		struct simulate sim = simulate_schedule(&arena, s, jobs);
		struct naive naive = naive_simulate(s, jobs);
		equal &= same(s, &sim, &naive);
		bounds &= sim.wall >= sim.critical_path && (!jobs || sim.wall >= sim.work / jobs) &&
			  sim.wall <= sim.work && (!jobs || sim.width <= jobs);
		if (seed % 20 == 0)
			slack &= slack_holds(&arena, s, &sim);
		arena_release(&arena);
	}
	CHECK(equal, "the same starts, ends and slots as the naive simulation");
	CHECK(bounds, "critical path and work / jobs <= wall <= work, width <= jobs");
	CHECK(slack, "slack is how much longer an agent may last");
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
	CHECK(sim.agent[1].slack == 1700 && !sim.agent[1].critical && sim.agent[2].critical,
	      "slack");
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
