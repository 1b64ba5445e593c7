/* settle.c — the edges chosen for random small plans, against every choice there is: each pair in
 * both directions, its costs found by naive means. Large plans: no circle, nothing left over, and
 * nothing superfluous. */
#include "compiler/settle.h"

#include "schedule/simulate.h"
#include "tests/unit/test.h"

#include <string.h>

enum { MOST = 7, ROWS = 4, PAIRS = 10 };
#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 600 };
#else
enum { ROUNDS = 6000 };
#endif

struct plan {
	struct arena arena;
	struct schedule schedule;
	struct schedule_pool pool;
	struct settle_row row[ROWS];
	struct proof_meet meet[ROWS * ROWS];
	struct settle_problem problem;
	bool before[MOST][MOST];	/* what is there, however far */
	bool common[MOST][MOST];	/* to be put in order */
};

static uint32_t below(uint64_t *random, uint32_t bound)
{
	return (uint32_t)(test_random(random) >> 33) % bound;
}

static void close_over(bool (*before)[MOST], size_t n)
{
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++)
				before[i][j] |= before[i][k] && before[k][j];
}

static void random_rows(struct plan *p, uint64_t *random)
{
	size_t n = p->schedule.agent_n;
	p->problem.row_n = 1 + below(random, ROWS);
	for (size_t r = 0; r < p->problem.row_n; r++) {
		uint32_t *agent = ARENA_MANY(&p->arena, n, uint32_t);
		p->row[r].agent = agent;
		for (uint32_t i = 0; i < n; i++)
			if (below(random, 3) == 0)
				agent[p->row[r].n++] = i;
		p->meet[p->problem.meet_n++] = (struct proof_meet){ (uint32_t)r, (uint32_t)r };
		if (r && below(random, 2))
			p->meet[p->problem.meet_n++] =
				(struct proof_meet){ below(random, (uint32_t)r), (uint32_t)r };
	}
	for (size_t m = 0; m < p->problem.meet_n; m++) {
		const struct settle_row *x = &p->row[p->meet[m].x], *y = &p->row[p->meet[m].y];
		for (size_t a = 0; a < x->n; a++)
			for (size_t b = 0; b < y->n; b++)
				p->common[x->agent[a]][y->agent[b]] =
					p->common[y->agent[b]][x->agent[a]] = x->agent[a] !=
									      y->agent[b];
	}
}

static void random_plan(struct plan *p, uint64_t *random)
{
	*p = (struct plan){ .schedule = { .pool = &p->pool, .pool_n = 1 } };
	struct schedule *s = &p->schedule;
	uint32_t density = 2 + below(random, 8);
	s->agent_n = 2 + below(random, MOST - 1);
	s->agent = ARENA_MANY(&p->arena, s->agent_n, struct schedule_agent);
	s->plan.jobs = 1 + below(random, 5);
	p->pool.count = 1 + below(random, 2);
	for (uint32_t i = 0; i < s->agent_n; i++) {
		struct schedule_agent *agent = &s->agent[i];
		agent->estimate = below(random, 5) * 600;	/* 0: none */
		agent->after.at = ARENA_MANY(&p->arena, i, uint32_t);
		agent->pools.at = ARENA_NEW(&p->arena, uint32_t);
		agent->pools.n = below(random, 4) == 0;
		for (uint32_t j = 0; j < i; j++)
			if (below(random, density) == 0) {
				agent->after.at[agent->after.n++] = j;
				p->before[j][i] = true;
			}
	}
	close_over(p->before, s->agent_n);
	p->problem = (struct settle_problem){ &p->schedule, p->row, p->meet, 0, 0 };
	random_rows(p, random);
}

struct cost {
	uint64_t path, wall;
	size_t edges;
};

static bool is_less(struct cost a, struct cost b)
{
	return a.path != b.path   ? a.path < b.path
	       : a.wall != b.wall ? a.wall < b.wall
				  : a.edges < b.edges;
}

static uint64_t time_of(const struct plan *p, size_t i)
{
	return p->schedule.agent[i].estimate ? p->schedule.agent[i].estimate : 1800;
}

static uint64_t longest_to(const struct plan *p, bool (*before)[MOST], size_t i)
{
	uint64_t longest = 0;
	for (size_t j = 0; j < p->schedule.agent_n; j++)
		if (before[j][i] && longest_to(p, before, j) > longest)
			longest = longest_to(p, before, j);
	return longest + time_of(p, i);
}

/* The schedule with all agents in the first order that there is. */
static uint64_t wall_of(struct plan *p, bool (*before)[MOST])
{
	struct arena arena = { 0 };
	struct schedule s = p->schedule;
	uint32_t rank[MOST];
	bool done[MOST] = { false };
	s.agent = ARENA_MANY(&arena, s.agent_n, struct schedule_agent);
	for (uint32_t place = 0; place < s.agent_n; place++)
		for (size_t i = 0; i < s.agent_n; i++) {
			bool ready = !done[i];
			for (size_t j = 0; j < s.agent_n; j++)
				ready &= !before[j][i] || done[j];
			if (!ready)
				continue;
			struct schedule_agent *agent = &s.agent[place];
			*agent = p->schedule.agent[i];
			agent->after = (struct index_list){ ARENA_MANY(&arena, s.agent_n, uint32_t),
							    0 };
			for (size_t j = 0; j < s.agent_n; j++)
				if (before[j][i])
					agent->after.at[agent->after.n++] = rank[j];
			rank[i] = place;
			done[i] = true;
			break;
		}
	uint64_t wall = simulate_schedule(&arena, &s, s.plan.jobs).wall;
	arena_release(&arena);
	return wall;
}

/* `before`: all of it, closed. */
static struct cost cost_of(struct plan *p, bool (*before)[MOST])
{
	struct cost cost = { 0 };
	size_t n = p->schedule.agent_n;
	for (size_t i = 0; i < n; i++) {
		uint64_t path = longest_to(p, before, i);
		cost.path = path > cost.path ? path : cost.path;
		for (size_t j = 0; j < n; j++) {
			bool needed = p->common[i][j] && before[i][j] && !p->before[i][j];
			for (size_t k = 0; k < n; k++)
				needed &= !(before[i][k] && before[k][j]);
			cost.edges += needed;
		}
	}
	cost.wall = wall_of(p, before);
	return cost;
}

static size_t open_pairs(const struct plan *p, uint8_t (*pair)[2])
{
	size_t n = 0;
	for (uint8_t i = 0; i < p->schedule.agent_n; i++)
		for (uint8_t j = 0; j < i; j++)
			if (p->common[i][j] && !p->before[i][j] && !p->before[j][i]) {
				pair[n][0] = i;
				pair[n++][1] = j;
			}
	return n;
}

static struct cost least_of_all(struct plan *p, uint8_t (*pair)[2], size_t pairs)
{
	struct cost least = { UINT64_MAX, 0, 0 };
	for (uint32_t choice = 0; choice < (uint32_t)1 << pairs; choice++) {
		bool before[MOST][MOST], circle = false;
		memcpy(before, p->before, sizeof before);
		for (size_t i = 0; i < pairs; i++)
			before[pair[i][choice >> i & 1]][pair[i][!(choice >> i & 1)]] = true;
		close_over(before, p->schedule.agent_n);
		for (size_t i = 0; i < p->schedule.agent_n; i++)
			circle |= before[i][i];
		struct cost cost = circle ? least : cost_of(p, before);
		if (is_less(cost, least))
			least = cost;
	}
	return least;
}

/* Settled, without a circle, and nothing that could be left out. */
static bool is_whole(struct plan *p, const struct settle *found)
{
	bool whole = true;
	for (size_t without = 0; without <= found->n; without++) {
		bool before[MOST][MOST], left = false, circle = false;
		size_t n = p->schedule.agent_n;
		memcpy(before, p->before, sizeof before);
		for (size_t i = 0; i < found->n; i++)
			if (i != without)
				before[found->at[i].before][found->at[i].after] = true;
		close_over(before, n);
		for (size_t i = 0; i < n; i++) {
			circle |= before[i][i];
			for (size_t j = 0; j < n; j++)
				left |= p->common[i][j] && !before[i][j] && !before[j][i];
		}
		whole &= !circle && left == (without < found->n);
	}
	return whole;
}

static void check_random(void)
{
	uint64_t random = 11;
	size_t tried = 0, free = 0, wrong = 0, torn = 0, unproven = 0, untrue = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct plan p;
		uint8_t pair[MOST * MOST][2];
		random_plan(&p, &random);
		size_t pairs = open_pairs(&p, pair);
		if (pairs && pairs <= PAIRS) {
			bool after[MOST][MOST];
			struct settle found = settle_overlaps(&p.arena, &p.problem);
			struct cost least = least_of_all(&p, pair, pairs);
			memcpy(after, p.before, sizeof after);
			for (size_t i = 0; i < found.n; i++)
				after[found.at[i].before][found.at[i].after] = true;
			close_over(after, p.schedule.agent_n);
			struct cost cost = cost_of(&p, after);
			tried++;
			wrong += is_less(least, cost) || cost.edges != found.n;
			untrue += cost.path != found.path ||
				  settle_path(&p.schedule, found.at, found.n) != found.path;
			unproven += !found.least;
			free += found.path == found.path_before;
			torn += !is_whole(&p, &found);
		}
		arena_release(&p.arena);
	}
	CHECK(tried > ROUNDS / 3 && free > ROUNDS / 20 && free < tried,
	      "plans of all kinds are tried");
	CHECK(!wrong, "a choice that costs less");
	CHECK(!untrue, "the critical path is what it is said to be");
	CHECK(!unproven, "what is small is proven");
	CHECK(!torn, "a circle, an overlap that is left, or an edge too many");
}

/* Agents of one file: a chain, the least there is. */
static void check_chain(uint32_t n)
{
	struct arena arena = { 0 };
	struct schedule s = { .agent = ARENA_MANY(&arena, n, struct schedule_agent),
			      .agent_n = n,
			      .plan.jobs = 10 };
	uint32_t *agent = ARENA_MANY(&arena, n, uint32_t);
	uint64_t random = 3, sum = 0;
	for (uint32_t i = 0; i < n; i++) {
		agent[i] = i;
		s.agent[i].estimate = 60 + below(&random, 1000);
		sum += s.agent[i].estimate;
	}
	struct settle_row row = { agent, n };
	struct proof_meet meet = { 0, 0 };
	struct settle found = settle_overlaps(&arena,
					      &(struct settle_problem){ &s, &row, &meet, 1, 1 });
	CHECK(found.n == n - 1 && found.path == sum && found.least, "one chain of all");
	arena_release(&arena);
}

/* Is there a way from one agent to another, by what is there and the edges but for one? */
static bool is_way(const struct schedule *s, const struct settle *found, size_t without,
		   uint32_t from, uint32_t to)
{
	struct arena arena = { 0 };
	bool *seen = ARENA_MANY(&arena, s->agent_n, bool), grew = true;
	seen[to] = true;
	while (grew) {
		grew = false;
		for (size_t i = s->agent_n; i-- > 0;)
			for (size_t j = 0; seen[i] && j < s->agent[i].after.n; j++) {
				grew |= !seen[s->agent[i].after.at[j]];
				seen[s->agent[i].after.at[j]] = true;
			}
		for (size_t i = 0; i < found->n; i++)
			if (i != without && seen[found->at[i].after] && !seen[found->at[i].before])
				seen[found->at[i].before] = grew = true;
	}
	bool way = seen[from];
	arena_release(&arena);
	return way;
}

/* Many files, each of a few agents of a large plan. What is looked at in small is looked at here in
 * samples. */
static void check_many(void)
{
	enum { AGENTS = 5000, FILES = 1500 };
	struct arena arena = { 0 };
	struct schedule s = { .agent = ARENA_MANY(&arena, AGENTS, struct schedule_agent),
			      .agent_n = AGENTS,
			      .plan.jobs = 50 };
	struct settle_row *row = ARENA_MANY(&arena, FILES, struct settle_row);
	struct proof_meet *meet = ARENA_MANY(&arena, FILES, struct proof_meet);
	uint64_t random = 8;
	for (uint32_t i = 0; i < AGENTS; i++) {
		s.agent[i].estimate = 60 + below(&random, 5000);
		s.agent[i].after.at = ARENA_MANY(&arena, 2, uint32_t);
		for (uint32_t k = below(&random, 3); i > 10 && k; k--)
			s.agent[i].after.at[s.agent[i].after.n++] = i - k * (1 + below(&random, 5));
	}
	for (uint32_t f = 0; f < FILES; f++) {
		uint32_t *agent = ARENA_MANY(&arena, 6, uint32_t);
		for (uint32_t i = below(&random, 1000); i < AGENTS && row[f].n < 6;
		     i += 1 + below(&random, 1500))
			agent[row[f].n++] = i;
		row[f].agent = agent;
		meet[f] = (struct proof_meet){ f, f };
	}
	struct settle found =
		settle_overlaps(&arena, &(struct settle_problem){ &s, row, meet, FILES, FILES });
	CHECK(found.n > FILES && settle_path(&s, found.at, found.n) == found.path,
	      "the path is what it is said to be");
	bool needed = true, settled = true;
	for (size_t i = 0; i < found.n; i += 97)
		needed &= !is_way(&s, &found, i, found.at[i].before, found.at[i].after);
	for (uint32_t f = 0; f < FILES; f += 19)
		if (row[f].n > 2)
			settled &= is_way(&s, &found, found.n, row[f].agent[0], row[f].agent[2]) ||
				   is_way(&s, &found, found.n, row[f].agent[2], row[f].agent[0]);
	CHECK(needed, "an edge that follows from others");
	CHECK(settled, "an overlap is left");
	printf("5,000 agents: %zu edges, path %llu → %llu s%s\n", found.n,
	       (unsigned long long)found.path_before, (unsigned long long)found.path,
	       found.least ? ", the least" : "");
	arena_release(&arena);
}

int main(void)
{
	check_random();
	check_chain(2);
	check_chain(400);
	check_chain(20000);
	check_many();
	return test_end();
}
