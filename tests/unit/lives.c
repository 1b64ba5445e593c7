/* lives.c — random lives of runs in the pretend world: carried out, stopped, killed at any call,
 * resumed, rolled back, tried again with another fate, over and over; and whenever a run has come to
 * an end, everybody is where the present fates say, and the integration is made of just those.
 *
 * $LIVES is how many (tests/sweeps/lives). */
#include "runtime/machine.h"
#include "runtime/undo.h"
#include "tests/lib/pretend.h"
#include "tests/lib/schedules.h"

#include <stdlib.h>

static const struct machine_options all = { 0 };

struct life {
	struct pretend p;
	uint64_t random;
	bool *undone;    /* by agent: rolled back, and not tried again since */
	uint32_t one_in; /* of fates */
	bool killed;     /* the last process had trouble */
	size_t rollbacks, retries, refusals, kills, stops, ends;
};

static uint32_t below(struct life *life, uint32_t bound)
{
	return bound ? (uint32_t)(test_random(&life->random) >> 33) % bound : 0;
}

static bool is_state(const struct life *life, size_t agent, const char *state)
{
	const char *now = life->p.memory[agent].state;
	return strcmp(now ? now : "waiting", state) == 0;
}

/* Mostly such as it can be done to, and now and then anybody. */
static bool *choose(struct life *life, struct arena *arena, bool undo)
{
	static const char *const undoable[] = { "merged", "recorded", "waiting", "stopped" },
				 *const over[] = { "failed", "skipped", "undone", "failed" };
	const struct schedule *s = life->p.schedule;
	bool *chosen = ARENA_MANY(arena, s->agent_n + 1, bool), anybody = below(life, 12) == 0;
	for (size_t i = 0; i < s->agent_n; i++) {
		bool fits = anybody;
		for (size_t k = 0; k < 4; k++)
			fits |= is_state(life, i, undo ? undoable[k] : over[k]);
		chosen[i] = fits && below(life, 3) == 0;
	}
	/* What it comes after has to run again too. */
	for (size_t i = s->agent_n; !undo && i-- > 0;)
		for (size_t j = 0; chosen[i] && j < s->agent[i].after.n; j++) {
			uint32_t after = s->agent[i].after.at[j];
			for (size_t k = 0; k < 4; k++)
				chosen[after] |= is_state(life, after, over[k]) && !anybody;
		}
	return chosen;
}

/* One process, with any trouble. */
static bool process(struct life *life, bool *finished)
{
	struct fail fail = { "" };
	struct pretend *p = &life->p;
	p->trouble = below(life, PRETEND_TROUBLES);
	p->trouble_at = below(life, 3) ? 0 : 1 + below(life, 40);
	p->stop_at = below(life, 4) ? 0 : 1 + below(life, 8);
	p->stop_now = below(life, 2);
	bool troubled = p->trouble_at != 0;
	life->killed = troubled;
	life->kills += troubled;
	life->stops += p->stop_at != 0;
	bool good = pretend_process(p, &all, finished, &fail);
	if (!good && !troubled && !p->wrong)
		p->wrong = "a failure that nobody made";
	p->trouble_at = p->stop_at = 0;
	p->undo = p->retry = NULL;
	return good;
}

static bool roll_back(struct life *life, struct arena *arena, bool *finished)
{
	struct pretend *p = &life->p;
	size_t n = p->schedule->agent_n, undone = 0, merged = 0;
	bool *asked = choose(life, arena, true), *was_merged = ARENA_MANY(arena, n + 1, bool),
	     *take, any;
	struct fail fail;
	if (!undo_select(arena, p->schedule, p->memory, asked, false, &take, &any, &fail)) {
		life->refusals++;
		return false;
	}
	for (size_t i = 0; i < n; i++)
		was_merged[i] = take[i] && is_state(life, i, "merged");
	life->rollbacks += any;
	p->undo = asked;
	process(life, finished);
	/* An attempt of one that was cut off may have failed by itself, and then it stays failed. */
	for (size_t i = 0; i < n; i++) {
		if (!take[i])
			continue;
		life->undone[i] = is_state(life, i, "undone");
		merged += was_merged[i];
		undone += was_merged[i] && life->undone[i];
	}
	if (undone && undone != merged)
		p->wrong = "some are undone and some are not";
	if (merged && !undone && !life->killed)
		p->wrong = "a rollback that nobody stopped did nothing";
	return true;
}

static bool try_again(struct life *life, struct arena *arena, bool *finished)
{
	struct pretend *p = &life->p;
	bool *asked = choose(life, arena, false), *take;
	struct fail fail;
	if (!undo_select_retry(arena, p->schedule, p->memory, asked, &take, &fail)) {
		life->refusals++;
		return false;
	}
	life->retries++;
	bool ended = *finished; /* else what it comes after may turn out to have failed */
	p->retry = take;
	/* Those that run once more have another fate, if they do. */
	size_t n = p->schedule->agent_n;
	struct pretend_fate *before = ARENA_MANY(arena, n + 1, struct pretend_fate);
	uint32_t *retries = ARENA_MANY(arena, n + 1, uint32_t);
	for (uint32_t i = 0; i < n; i++) {
		before[i] = p->fate[i];
		retries[i] = p->agent[i].retries;
		if (take[i])
			pretend_fate(p, i, life->one_in);
	}
	process(life, finished);
	for (size_t i = 0; i < n; i++) {
		if (p->agent[i].retries == retries[i])
			p->fate[i] = before[i];
		if (take[i] && ended && !life->killed && is_state(life, i, "undone"))
			p->wrong = "one that was to be tried again is undone still";
		if (!is_state(life, i, "undone"))
			life->undone[i] = false;
	}
	return true;
}

static bool never_ran(const struct life *life)
{
	return life->p.rows.n == 0;
}

static void live(struct life *life, uint64_t seed)
{
	struct arena arena = { 0 }, scratch = { 0 };
	struct pretend *p = &life->p;
	const struct schedule *s = schedules_make(&arena, seed, 9);
	bool finished = false;
	pretend_init(p, &arena, s, &all, seed);
	life->one_in = 3 + seed % 6;
	pretend_fates(p, life->one_in);
	life->random = seed * 0x9e3779b97f4a7c15u | 1;
	life->undone = ARENA_MANY(&arena, s->agent_n + 1, bool);
	for (int step = 0; step < 24 && !p->wrong; step++) {
		bool changed = false;
		struct arena_mark mark = arena_mark(&scratch);
		if (!never_ran(life) && s->agent_n && below(life, 2))
			changed = below(life, 2) ? roll_back(life, &scratch, &finished)
						 : try_again(life, &scratch, &finished);
		if (!changed && (!finished || never_ran(life)))
			process(life, &finished);
		if (finished && !p->wrong) {
			life->ends++;
			pretend_judge_life(p, life->undone);
		}
		arena_reset(&scratch, mark);
	}
	arena_release(&scratch);
	arena_release(&arena);
}

int main(void)
{
	const char *many = getenv("LIVES");
	uint64_t lives = many ? strtoull(many, NULL, 10) : 3000;
	struct life sum = { .rollbacks = 0 };
	bool fine = true;
	for (uint64_t seed = 1; seed <= lives && fine; seed++) {
		struct life life = { .rollbacks = 0 };
		live(&life, seed);
		if (life.p.wrong)
			printf("life %llu: %s\n", (unsigned long long)seed, life.p.wrong);
		fine = !life.p.wrong;
		sum.rollbacks += life.rollbacks;
		sum.retries += life.retries;
		sum.refusals += life.refusals;
		sum.kills += life.kills;
		sum.stops += life.stops;
		sum.ends += life.ends;
	}
	printf("# %llu lives: %zu rollbacks, %zu retries, %zu refused, %zu kills, %zu stops, %zu ends judged\n",
	       (unsigned long long)lives, sum.rollbacks, sum.retries, sum.refusals, sum.kills,
	       sum.stops, sum.ends);
	CHECK(fine, "whatever happens to a run, its end is what the fates of its agents say");
	if (lives >= 500)
		CHECK(sum.rollbacks > lives && sum.retries > lives / 4 && sum.ends > lives * 2,
		      "much has happened");
	return test_end();
}
