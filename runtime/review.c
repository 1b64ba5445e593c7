/* review.c — see review.h. */
#include "runtime/review.h"

#include "runtime/place.h"

#include <time.h>

/* A record that cannot be read is missing in what is told; `orch doctor` says why. */
static void take_records(const struct review *review, uint32_t agent)
{
	struct run *run = review->run;
	struct review_agent *of = &review->agent[agent];
	of->attempt_n = review->report->agent[agent].attempt;
	of->attempt = ARENA_MANY(&run->arena, of->attempt_n, struct record);
	for (uint32_t i = 0; i < of->attempt_n; i++) {
		struct record record;
		struct fail unreadable;
		bool found;
		const char *path = place_attempt(&run->arena, run->folder,
						 run->schedule->agent[agent].name, i + 1, "json");
		if (!record_read(&run->arena, path, &record, &found, &unreadable) || !found)
			continue;
		of->attempt[i] = record;
		of->input += record.input;
		of->output += record.output_tokens;
	}
}

/* What it changed may be gone with its refs, which is no failure. */
static bool take_change(const struct review *review, uint32_t agent, struct fail *fail)
{
	struct run *run = review->run;
	struct review_agent *of = &review->agent[agent];
	const struct machine_memory *memory = &review->report->agent[agent];
	struct oid after = memory->result;
	struct text stat = { 0 };
	if (oid_none(after))
		after = report_stray(run, review->report, agent);
	if (oid_none(after) || !repo_there(run->repo, after) ||
	    !repo_there(run->repo, memory->start))
		return true;
	bool good = repo_diff_sum(run->repo, memory->start, after, &of->change, fail) &&
		    repo_diff(run->repo, memory->start, after, true, &stat, fail);
	of->changed = good;
	of->stat = arena_copy(&run->arena, text_str(&stat));
	text_release(&stat);
	return good;
}

static void take_times(const struct review *review)
{
	for (size_t i = 0; i < review->report->attempt_n; i++) {
		const struct store_attempt *attempt = &review->report->attempt[i];
		struct review_agent *of = &review->agent[attempt->agent];
		if (!of->started)
			of->started = attempt->started;
		of->ended = attempt->ended ? attempt->finished : 0;
	}
}

bool review_gather(struct run *run, const struct report *report, int64_t now,
		   struct review *review, struct fail *fail)
{
	const struct schedule *schedule = run->schedule;
	uint32_t jobs = run->row.jobs ? run->row.jobs : schedule->plan.jobs;
	*review = (struct review){
		.run = run,
		.report = report,
		.planned = simulate_schedule(&run->arena, schedule, jobs),
		.jobs = jobs,
		.now = now,
		.end = run->row.ended ? run->row.ended : now,
		.agent = ARENA_MANY(&run->arena, schedule->agent_n, struct review_agent),
	};
	review->estimated = review->planned.unknown < schedule->agent_n;
	take_times(review);
	for (uint32_t i = 0; i < schedule->agent_n; i++) {
		take_records(review, i);
		if (!take_change(review, i, fail))
			return false;
		review->agent[i].test_n = printed_tests(run, report, i, &review->agent[i].test);
	}
	return true;
}

bool review_late(const struct review *review, uint32_t agent, int64_t *seconds)
{
	const struct review_agent *of = &review->agent[agent];
	if (!review->estimated || !of->ended)
		return false;
	*seconds = of->ended - review->run->row.started -
		   (int64_t)review->planned.agent[agent].end;
	return true;
}

struct str review_date(const struct review *review, int64_t time)
{
	char date[64];
	time_t at = (time_t)time;
	struct tm tm;
	if (!gmtime_r(&at, &tm) || !strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &tm))
		return STR("");
	return arena_copy(&review->run->arena, str_from(date));
}

const char *review_test_outcome(const struct printed_test *test)
{
	return test->failed ? "failed" : test->path ? "passed" : "not run";
}
