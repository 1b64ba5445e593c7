/* review_write.c — a review as text and as JSON, see review.h. */
#include "runtime/review.h"

#include "common/json.h"
#include "runtime/task.h"
#include "runtime/visible.h"

static void add_padded(struct text *out, size_t from, size_t width)
{
	while (out->n - from < width)
		text_add_byte(out, ' ');
}

/* "+12m", "-5s", "on time". */
static void add_late(struct text *out, int64_t seconds)
{
	if (!seconds)
		text_add(out, STR("on time"));
	else
		text_add_byte(out, seconds < 0 ? '-' : '+');
	if (seconds)
		text_add_duration(out, (uint64_t)(seconds < 0 ? -seconds : seconds));
}

static void add_head(const struct review *review, struct text *out)
{
	struct run *run = review->run;
	text_addf(out, "run %lld of the plan %.*s (", (long long)run->row.id,
		  STR_ARG(run->row.plan));
	visible_add(out, run->row.source, false);
	text_addf(out, "): %s, %zu of %zu merged\nstarted:          %.*s, %s ",
		  report_run_state(run, review->report), report_merged(run, review->report),
		  run->schedule->agent_n, STR_ARG(review_date(review, run->row.started)),
		  run->row.ended ? "took" : "for");
	text_add_duration(out, (uint64_t)(review->end - run->row.started));
	if (review->estimated) {
		text_add(out, STR(", planned "));
		text_add_duration(out, review->planned.wall);
	}
	text_add(out, STR("\n\n"));
}

enum { COLUMN_STATE = 10, COLUMN_TIME = 10, COLUMN_CHANGE = 24, COLUMN_TESTS = 10 };

static void add_row(const struct review *review, uint32_t agent, size_t width, struct text *out)
{
	const struct review_agent *of = &review->agent[agent];
	const struct machine_memory *memory = &review->report->agent[agent];
	int64_t late;
	size_t from = out->n;
	text_addf(out, "  %-*.*s  %-*s", (int)width,
		  STR_ARG(review->run->schedule->agent[agent].name), COLUMN_STATE,
		  state_name(report_state(review->report, agent)));
	from = out->n;
	if (review_late(review, agent, &late))
		add_late(out, late);
	add_padded(out, from, review->estimated ? COLUMN_TIME : 0);
	from = out->n;
	if (of->changed)
		text_addf(out, "%zu file%s +%zu -%zu", of->change.files,
			  of->change.files == 1 ? "" : "s", of->change.added, of->change.removed);
	add_padded(out, from, COLUMN_CHANGE);
	size_t passed = 0, ran = 0;
	for (size_t i = 0; i < of->test_n; i++) {
		ran += of->test[i].path != NULL;
		passed += of->test[i].path && !of->test[i].failed;
	}
	from = out->n;
	if (ran)
		text_addf(out, "%zu of %zu", passed, of->test_n);
	add_padded(out, from, COLUMN_TESTS);
	if (of->attempt_n)
		text_addf(out, "%u", of->attempt_n);
	else if (memory->reused)
		text_addf(out, "of run %llu", (unsigned long long)memory->reused);
	if (memory->spent) {
		text_add(out, STR("  "));
		text_add_dollars(out, memory->spent);
	}
	text_end_line(out);
	struct str message = memory->message, first;
	if (report_state(review->report, agent) != STATE_MERGED && message.n &&
	    str_split(&message, '\n', &first) && first.n) {
		text_add(out, STR("      "));
		visible_add(out, first, false);
		text_add_byte(out, '\n');
	}
}

void review_write(const struct review *review, struct text *out)
{
	const struct schedule *schedule = review->run->schedule;
	size_t width = 5;
	for (size_t i = 0; i < schedule->agent_n; i++)
		if (schedule->agent[i].name.n > width)
			width = schedule->agent[i].name.n;
	add_head(review, out);
	text_addf(out, "  %-*s  %-*s", (int)width, "agent", COLUMN_STATE, "state");
	if (review->estimated)
		text_addf(out, "%-*s", COLUMN_TIME, "end");
	text_addf(out, "%-*s%-*sattempts\n", COLUMN_CHANGE, "changed", COLUMN_TESTS, "tests");
	for (size_t i = 0; i < schedule->agent_n; i++)
		add_row(review, review->report->order[i], width, out);
	figure_write(schedule, review->report->figures, false, out);
	if (!schedule->metric_n)
		text_add_byte(out, '\n');
	report_write_next(review->run, review->report, out);
}

static void add_names(const struct schedule *schedule, struct index_list agents, struct text *out)
{
	json_open(out, "after", '[');
	for (size_t i = 0; i < agents.n; i++)
		json_write_text(out, NULL, schedule->agent[agents.at[i]].name);
	json_close(out, ']');
}

static void add_tests(const struct review *review, const struct review_agent *of, struct text *out)
{
	json_open(out, "tests", '[');
	for (size_t i = 0; i < of->test_n; i++) {
		json_open(out, NULL, '{');
		json_write_text(out, "command", task_words(&review->run->arena, of->test[i].command));
		json_write_flag(out, "combination", of->test[i].combined);
		json_write_text(out, "outcome", str_from(review_test_outcome(&of->test[i])));
		if (of->test[i].path)
			json_write_text(out, "output", str_from(of->test[i].path));
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void add_list(const char *key, struct str_list list, struct text *out)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < list.n; i++)
		json_write_text(out, NULL, list.at[i]);
	json_close(out, ']');
}

static void add_attempts(const struct review *review, uint32_t agent, struct text *out)
{
	const struct review_agent *of = &review->agent[agent];
	json_open(out, "attempts", '[');
	for (size_t i = 0; i < review->report->attempt_n; i++) {
		const struct store_attempt *attempt = &review->report->attempt[i];
		if (attempt->agent != agent)
			continue;
		const struct record *record = attempt->attempt <= of->attempt_n
						      ? &of->attempt[attempt->attempt - 1]
						      : NULL;
		json_open(out, NULL, '{');
		json_write_number(out, "attempt", attempt->attempt);
		json_write_number(out, "started", attempt->started);
		if (attempt->ended) {
			json_write_number(out, "ended", attempt->finished);
			json_write_text(out, "reason",
					str_from(record_reason_name(attempt->reason)));
			json_write_text(out, "message", attempt->message);
		}
		if (record && record->attempt) {
			json_write_text(out, "sandbox", record->sandbox);
			json_write_number(out, "input_tokens", (int64_t)record->input);
			json_write_number(out, "cached_tokens", (int64_t)record->cached);
			json_write_number(out, "output_tokens", (int64_t)record->output_tokens);
			json_write_number(out, "micro_usd", (int64_t)record->cost);
			add_list("findings", record->findings, out);
			add_list("denied", record->denied, out);
		}
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void add_agent(const struct review *review, uint32_t agent, struct text *out)
{
	const struct schedule_agent *named = &review->run->schedule->agent[agent];
	const struct review_agent *of = &review->agent[agent];
	const struct machine_memory *memory = &review->report->agent[agent];
	const struct simulate_agent *planned = &review->planned.agent[agent];
	json_open(out, NULL, '{');
	json_write_text(out, "agent", named->name);
	json_write_text(out, "title", named->title);
	json_write_text(out, "state", str_from(state_name(report_state(review->report, agent))));
	if (memory->reason != RECORD_NONE)
		json_write_text(out, "reason", str_from(record_reason_name(memory->reason)));
	json_write_text(out, "message", memory->message);
	if (memory->reused)
		json_write_number(out, "reused", (int64_t)memory->reused);
	json_write_text(out, "branch", named->branch);
	json_write_text(out, "start", str_from(memory->start.hex));
	json_write_text(out, "result", str_from(memory->result.hex));
	add_names(review->run->schedule, named->after, out);
	if (review->estimated) {
		json_write_number(out, "planned_start", (int64_t)planned->start);
		json_write_number(out, "planned_end", (int64_t)planned->end);
		json_write_number(out, "slack", (int64_t)planned->slack);
		json_write_flag(out, "critical", planned->critical);
	}
	if (of->changed) {
		json_write_number(out, "files", (int64_t)of->change.files);
		json_write_number(out, "lines_added", (int64_t)of->change.added);
		json_write_number(out, "lines_removed", (int64_t)of->change.removed);
	}
	json_write_number(out, "micro_usd", (int64_t)memory->spent);
	add_tests(review, of, out);
	add_attempts(review, agent, out);
	json_close(out, '}');
}

void review_write_json(const struct review *review, struct text *out)
{
	struct run *run = review->run;
	json_open(out, NULL, '{');
	json_write_number(out, "run", run->row.id);
	json_write_text(out, "plan", run->row.plan);
	json_write_text(out, "title", run->schedule->plan.title);
	json_write_text(out, "source", run->row.source);
	json_write_text(out, "state", str_from(report_run_state(run, review->report)));
	json_write_text(out, "base", str_from(run->row.base.hex));
	json_write_text(out, "base_branch", run->row.base_branch);
	json_write_text(out, "landed", str_from(run->row.landed.hex));
	json_write_number(out, "started", run->row.started);
	json_write_number(out, "ended", run->row.ended);
	if (review->estimated)
		json_write_number(out, "planned_seconds", (int64_t)review->planned.wall);
	json_write_number(out, "merged", (int64_t)report_merged(run, review->report));
	json_write_number(out, "micro_usd", (int64_t)report_spent(run, review->report));
	json_write_number(out, "budget_micro_usd", (int64_t)run->schedule->plan.budget * 10000);
	figure_write_json(run->schedule, review->report->figures, out);
	json_open(out, "agents", '[');
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		add_agent(review, review->report->order[i], out);
	json_close(out, ']');
	json_close(out, '}');
	text_add_byte(out, '\n');
}
