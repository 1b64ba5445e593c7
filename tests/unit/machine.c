/* machine.c — runs in the pretend world: thousands of plans, every kind of fate, and every call of
 * the world going wrong once in each way. */
#include "runtime/machine.h"

#include "runtime/state.h"
#include "schedule/simulate.h"
#include "tests/lib/pretend.h"
#include "tests/lib/schedules.h"

static const struct machine_options all = { 0 };

/* To the end, however many processes it takes; the trouble is in the first one. */
static bool finish(struct pretend *p, const struct machine_options *options)
{
	struct fail fail = { "" };
	bool finished = false;
	for (int process = 0; process < 3 + (int)p->schedule->metric_n && !finished; process++) {
		bool troubled = p->trouble_at != 0;
		bool good = pretend_process(p, options, &finished, &fail);
		if (!good && !troubled) {
			p->wrong = "a failure that nobody made";
			break;
		}
		if (!good && !fail.text[0])
			p->wrong = "a failure without a message";
		p->trouble_at = p->stop_at = 0;
	}
	if (!finished && !p->wrong)
		p->wrong = "it never finishes";
	if (!p->wrong)
		pretend_judge(p);
	return !p->wrong;
}

static bool report(const struct pretend *p, const char *test, uint64_t seed, size_t at)
{
	if (p->wrong)
		printf("%s: seed %llu, at %zu: %s\n", test, (unsigned long long)seed, at, p->wrong);
	return !p->wrong;
}

/* All succeed and last as long as estimated: what is simulated is what happens. */
static void test_order(void)
{
	bool same = true;
	for (uint64_t seed = 1; seed <= 400 && same; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		const struct schedule *s = schedules_make(&arena, seed, 30);
		pretend_init(&p, &arena, s, &all, seed);
		struct simulate sim = simulate_schedule(&arena, s, s->plan.jobs);
		finish(&p, &all);
		for (size_t i = 0; i < s->agent_n; i++)
			if (p.agent[i].began != (int64_t)sim.agent[i].start * 1000 ||
			    p.agent[i].slot != sim.agent[i].slot)
				p.wrong = "an agent starts at another time than simulated";
		same = report(&p, "order", seed, 0);
		arena_release(&arena);
	}
	CHECK(same, "agents start when and where the simulation says");
}

static void test_fates(void)
{
	bool fine = true;
	size_t failed = 0, launched = 0;
	for (uint64_t seed = 1; seed <= 4000 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		const struct schedule *s = schedules_make(&arena, seed, 1 + seed % 40);
		struct machine_options options = { .jobs = seed % 3 ? 0 : 1 + seed % 7 };
		pretend_init(&p, &arena, s, &options, seed);
		pretend_fates(&p, 2 + seed % 20);
		finish(&p, &options);
		fine = report(&p, "fates", seed, 0);
		for (size_t i = 0; i < s->agent_n; i++) {
			failed += p.memory[i].reason != RECORD_NONE;
			launched += p.agent[i].launched;
		}
		arena_release(&arena);
	}
	CHECK(fine, "every plan ends as its agents' fates say");
	CHECK(failed > 1000 && launched > 10000, "there were failures, and successes");
}

/* `--only`: some agents with all they come after. */
static void test_only(void)
{
	bool fine = true;
	for (uint64_t seed = 1; seed <= 500 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		const struct schedule *s = schedules_make(&arena, seed, 20);
		bool *only = ARENA_MANY(&arena, s->agent_n, bool);
		for (size_t i = s->agent_n; i-- > 0;) {
			only[i] |= (seed * 31 + i * 17) % 5 == 0;
			for (size_t j = 0; only[i] && j < s->agent[i].after.n; j++)
				only[s->agent[i].after.at[j]] = true;
		}
		struct machine_options options = { .only = only };
		pretend_init(&p, &arena, s, &options, seed);
		pretend_fates(&p, 10);
		p.trouble_at = seed % 7;
		p.trouble = PRETEND_KILL_AFTER;
		finish(&p, &options);
		fine = report(&p, "only", seed, 0);
		arena_release(&arena);
	}
	CHECK(fine, "only those that were asked for run");
}

static void run_with(uint64_t seed, uint32_t agents, enum pretend_trouble trouble, size_t at,
		     struct arena *arena, struct pretend *p)
{
	const struct schedule *s = schedules_make(arena, seed, agents);
	pretend_init(p, arena, s, &all, seed);
	pretend_fates(p, 3 + seed % 9);
	p->trouble = trouble;
	p->trouble_at = at;
}

/* Each call of a run goes wrong in each of the four ways: the call fails, or the process is killed,
 * before it was done or after. Then another process goes on. */
static void test_trouble(void)
{
	bool fine = true;
	size_t points = 0;
	for (uint64_t seed = 1; seed <= 4 * 200 && fine; seed++) {
		bool more = true;
		for (size_t at = 1; more && fine; at++) {
			struct arena arena = { 0 };
			struct pretend p;
			run_with(seed / 4, 9, seed % 4, at, &arena, &p);
			struct fail fail = { "" };
			bool finished;
			more = !pretend_process(&p, &all, &finished, &fail);
			if (more && strcmp(fail.text, "trouble") != 0 &&
			    strcmp(fail.text, "killed") != 0)
				p.wrong = "the failure does not come up";
			p.trouble_at = 0;
			/* And once more in the process that goes on, in some way. */
			if (at % 3 == 0) {
				p.trouble_at = 1 + at % 11;
				p.trouble = (at / 3) % PRETEND_TROUBLES;
			}
			finish(&p, &all);
			fine = report(&p, "trouble", seed, at);
			points++;
			arena_release(&arena);
		}
	}
	CHECK(fine, "whatever goes wrong, the next process brings the run to the same end");
	CHECK(points > 20000, "there were many points");
}

/* Stopped after each delivery, gently or at once; then it goes on. */
static void test_stop(void)
{
	bool fine = true;
	size_t stops = 0;
	for (uint64_t seed = 1; seed <= 200 && fine; seed++)
		for (size_t at = 1; at < 20 && fine; at++) {
			struct arena arena = { 0 };
			struct pretend p;
			run_with(seed, 12, 0, 0, &arena, &p);
			p.stop_at = at;
			p.stop_now = (seed + at) % 2;
			finish(&p, &all);
			fine = report(&p, "stop", seed, at);
			stops++;
			arena_release(&arena);
		}
	CHECK(fine && stops, "a stopped run goes on and ends the same");
}

/* After a stop nothing is launched, and after one at once all that ran are stopped or done. */
static void test_stopped(void)
{
	bool fine = true;
	for (uint64_t seed = 1; seed <= 300 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		struct fail fail;
		bool finished;
		run_with(seed, 15, 0, 0, &arena, &p);
		p.stop_at = 2;
		p.stop_now = seed % 2;
		fine &= pretend_process(&p, &all, &finished, &fail) && !p.wrong;
		for (size_t i = 0; i < p.schedule->agent_n; i++) {
			const char *state = p.memory[i].state;
			fine &= !state ||
				(strcmp(state, "running") != 0 && strcmp(state, "ending") != 0 &&
				 strcmp(state, "merging") != 0);
		}
		arena_release(&arena);
	}
	CHECK(fine, "a stop leaves nothing running");
}

static void test_refused(void)
{
	struct arena arena = { 0 };
	struct pretend p;
	struct fail fail = { "" };
	const struct schedule *s = NULL;
	for (uint64_t seed = 1; !s || !s->agent_n; seed++)
		s = schedules_make(&arena, seed, 5);
	struct machine_memory *memory = ARENA_MANY(&arena, s->agent_n, struct machine_memory);
	struct machine_strand strand = { 0 };
	pretend_init(&p, &arena, s, &all, 1);
	memory[0].state = "asleep";
	CHECK(!machine_restore(machine_new(&arena, s, &p.world, &all, p.base), memory, &strand,
			       &fail) &&
		      strstr(fail.text, "`asleep`"),
	      "an unknown state is refused");
	memory[0].state = NULL;
	strand.pc = (uint32_t)s->plan.code.n + 1;
	CHECK(!machine_restore(machine_new(&arena, s, &p.world, &all, p.base), memory, &strand,
			       &fail) &&
		      strstr(fail.text, "another schedule"),
	      "a strand beyond its end is refused");
	struct world_row row = { .agent = 0, .pc = SCHEDULE_NONE, .state = "asleep" };
	CHECK(!machine_remember(memory, &strand, &row), "a row of an unknown state makes no sense");
	row = (struct world_row){
		.agent = SCHEDULE_NONE, .pc = 1, .op = OP_ADVANCE, .input = STR("x")
	};
	CHECK(!machine_remember(memory, &strand, &row), "nor an advance to nowhere");
	arena_release(&arena);
}

/* What this machine fails at, and nodes that are killed, are held against nobody: everything else
 * goes on, and when the run is resumed often enough it ends as the fates say. */
static void test_put_off(void)
{
	bool fine = true;
	size_t put_off = 0;
	for (uint64_t seed = 1; seed <= 2000 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		bool finished = false;
		struct fail fail;
		run_with(seed, 1 + seed % 20, seed % PRETEND_TROUBLES, seed % 2 ? seed % 40 : 0,
			 &arena, &p);
		for (uint64_t i = 0; i < p.schedule->agent_n; i++) {
			struct pretend_fate *fate = &p.fate[i];
			fate->lost = (seed + i) % 3 == 0;
			fate->world = (seed / 3 + i) % 5 == 0 ? 1 + i % 2 : 0;
			fate->test_lost = (seed / 7 + i) % 4 == 0;
			fate->test_world = (seed / 11 + i) % 6 == 0;
		}
		for (int process = 0; process < 60 && !finished && !p.wrong; process++) {
			put_off += process > 1;
			p.low = process < 9 ? (uint32_t)(seed / 13 + process) % 5 : 0;
			pretend_process(&p, &all, &finished, &fail);
			p.trouble_at = 0;
		}
		if (!finished && !p.wrong)
			p.wrong = "the run does not end";
		if (!p.wrong)
			pretend_judge(&p);
		fine = report(&p, "put off", seed, p.trouble_at);
		arena_release(&arena);
	}
	CHECK(fine, "what the machine fails at is done when the run is resumed");
	CHECK(put_off > 1000, "it failed often");
}

/* A node that is killed again and again: then the agent has failed, for it may be the one that does
 * it. */
static void test_lost(void)
{
	struct arena arena = { 0 };
	struct pretend p;
	bool finished;
	struct fail fail;
	const struct schedule *s = NULL;
	for (uint64_t seed = 1; !s || !s->agent_n; seed++)
		s = schedules_make(&arena, seed, 1);
	pretend_init(&p, &arena, s, &all, 3);
	p.fate[0].lost = 2;
	CHECK(pretend_process(&p, &all, &finished, &fail) && finished && !p.wrong,
	      "the run comes to its end");
	CHECK(strcmp(p.memory[0].state, "failed") == 0 && p.memory[0].reason == RECORD_LOST,
	      "its agent has failed");
	CHECK(p.agent[0].launched == 2, "after a second attempt");
	CHECK(p.memory[0].failures == 0, "which was none of its retries");
	arena_release(&arena);
}

/* A full disk: nothing is launched, and nobody has failed of it. */
static void test_low(void)
{
	struct arena arena = { 0 };
	struct pretend p;
	bool finished;
	struct fail fail;
	pretend_init(&p, &arena, schedules_make(&arena, 5, 6), &all, 5);
	p.low = UINT32_MAX;
	CHECK(pretend_process(&p, &all, &finished, &fail) && !finished && !p.wrong,
	      "the run is put off");
	for (size_t i = 0; i < p.schedule->agent_n; i++)
		CHECK(p.agent[i].launched == 0, "and nothing is launched");
	p.low = 0;
	finish(&p, &all);
	CHECK(report(&p, "low", 5, 0), "once there is room, it goes on to its end");
	arena_release(&arena);
}

/* A service that asks to come back later: nobody has failed of it, no retry is used, and nobody asks again
 * before the time that it named; also when the process is killed in between. */
static void test_busy(void)
{
	bool fine = true;
	size_t refused = 0, early = 0;
	for (uint64_t seed = 1; seed <= 3000 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		bool killed = seed % 2;
		run_with(seed, 1 + seed % 25, PRETEND_KILL_AFTER, killed ? 1 + seed % 60 : 0,
			 &arena, &p);
		for (size_t i = 0; i < p.schedule->runner_n; i++)
			p.schedule->runner[i].words.at[0] = STR("client");
		for (uint32_t i = 0; i < p.schedule->agent_n; i++)
			p.fate[i].busy = (seed + i) % 3 ? 0 : 1 + (seed / 3 + i) % 4;
		finish(&p, &all);
		fine = report(&p, "busy", seed, p.trouble_at);
		for (uint32_t i = 0; i < p.schedule->agent_n; i++)
			refused += p.agent[i].refused;
		early += killed ? 0 : p.asked_early;
		arena_release(&arena);
	}
	CHECK(fine, "every plan ends as if no service had been busy");
	CHECK(!early, "no service is asked before the time that it named");
	CHECK(refused > 5000, "services were busy often");
}

/* When one of thirty is refused, half go on at once, and more by and by. */
static void test_shrinks(void)
{
	struct arena arena = { 0 };
	struct schedule *s = NULL;
	struct pretend p;
	size_t most = 0;
	for (uint64_t seed = 1; !s || s->metric_n || s->agent_n < 20; seed++)
		s = schedules_make(&arena, seed, 40);
	for (size_t i = 0; i < s->agent_n; i++) {
		s->agent[i].after.n = s->agent[i].pools.n = 0;
		s->agent[i].runner = 0;
	}
	s->plan.jobs = 1000;
	pretend_init(&p, &arena, s, &all, 3);
	for (size_t i = 0; i < s->agent_n; i++)
		p.fate[i] = (struct pretend_fate){ .ms = 1000 + 10 * (int64_t)i, .busy = i == 0 };
	struct machine *m = machine_new(&arena, s, &p.world, &all, p.base);
	struct fail fail;
	CHECK(machine_go(m, &fail) && p.running.n == s->agent_n, "all of them begin at once");
	most = p.running.n;
	struct record record = {
		.agent = 0, .attempt = 1, .reason = RECORD_BUSY, .start = p.agent[0].start
	};
	p.agent[0].has_record = true;
	p.agent[0].record = record;
	for (size_t i = 0; i < p.running.n; i++)
		if (p.running.at[i].agent == 0)
			p.running.at[i] = p.running.at[--p.running.n];
	machine_ended(m, &record);
	CHECK(machine_go(m, &fail) && p.running.n == most - 1, "the one that was refused waits");
	CHECK(machine_wake(m) == 15000, "for a quarter of a minute, when no time was named");
	p.clock = machine_wake(m);
	CHECK(machine_go(m, &fail) && p.running.n == most - 1,
	      "and longer while more than half of them are at it");
	CHECK(!p.wrong, "nothing else is wrong");
	arena_release(&arena);
}

/* Programs that tell when they have started are started by so many at a time; silent ones count as started
 * after half a minute. */
static void test_starts(void)
{
	struct arena arena = { 0 };
	struct schedule *s = NULL;
	struct pretend p;
	struct fail fail;
	struct schedule_rule rule = { .runner = 0, .kind = SCHEDULE_RULE_DONE };
	struct machine_options options = { .starts = 2 };
	for (uint64_t seed = 1; !s || s->metric_n || s->agent_n < 9; seed++)
		s = schedules_make(&arena, seed, 12);
	for (size_t i = 0; i < s->agent_n; i++) {
		s->agent[i].after.n = s->agent[i].pools.n = 0;
		s->agent[i].runner = 0;
	}
	s->plan.jobs = 1000;
	s->rule = &rule;
	s->rule_n = 1;
	pretend_init(&p, &arena, s, &options, 3);
	struct machine *m = machine_new(&arena, s, &p.world, &options, p.base);
	CHECK(machine_go(m, &fail) && p.running.n == 2, "two are started at once");
	CHECK(machine_wake(m) == 30000, "and no third before half a minute is over");
	machine_began(m, p.running.at[0].agent);
	CHECK(machine_go(m, &fail) && p.running.n == 3, "but when one of them has begun");
	p.clock = 30000;
	CHECK(machine_go(m, &fail) && p.running.n == 5, "or has said nothing for so long");
	CHECK(!p.wrong, "nothing else is wrong");
	s->rule_n = 0;
	pretend_init(&p, &arena, s, &options, 3);
	m = machine_new(&arena, s, &p.world, &options, p.base);
	CHECK(machine_go(m, &fail) && p.running.n == s->agent_n,
	      "programs that tell nothing are not waited for");
	arena_release(&arena);
}

/* Once the budget is spent, nothing is launched any more, and what runs comes to its end. */
static void test_budget(void)
{
	bool fine = true;
	size_t refused = 0;
	for (uint64_t seed = 1; seed <= 1000 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		run_with(seed, 1 + seed % 25, PRETEND_KILL_AFTER, seed % 2 ? 1 + seed % 60 : 0,
			 &arena, &p);
		((struct schedule *)p.schedule)->plan.budget = 1 + (uint32_t)(seed % 300);
		for (uint32_t i = 0; i < p.schedule->agent_n; i++)
			p.fate[i].cost = (seed * 7919 + i * 104729) % 400000;
		bool finished = false;
		struct fail fail;
		for (int process = 0; process < 9 && !finished && !p.wrong; process++) {
			pretend_process(&p, &all, &finished, &fail);
			p.trouble_at = 0;
		}
		fine = finished && !p.wrong;
		if (!fine)
			printf("budget, seed %llu: %s\n", (unsigned long long)seed,
			       p.wrong ? p.wrong : "it does not end");
		for (uint32_t i = 0; i < p.schedule->agent_n; i++)
			refused += p.memory[i].reason == RECORD_BUDGET;
		arena_release(&arena);
	}
	CHECK(fine,
	      "nothing is launched once the budget is spent, however often the run is killed");
	CHECK(refused > 100, "there were agents that the budget kept from starting");
}

int main(void)
{
	test_order();
	test_busy();
	test_shrinks();
	test_starts();
	test_budget();
	test_put_off();
	test_lost();
	test_low();
	test_fates();
	test_only();
	test_trouble();
	test_stop();
	test_stopped();
	test_refused();
	return test_end();
}
