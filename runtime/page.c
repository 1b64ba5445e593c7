/* page.c — see page.h. */
#include "runtime/page.h"

#include "common/file.h"
#include "common/markup.h"
#include "runtime/rendered.h"
#include "runtime/task.h"
#include "runtime/visible.h"

enum { END_BYTES = 256 << 10, END_LINES = 40 };

static const char head[] =
	"<!doctype html>\n"
	"<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n";

/* One line, or with `lines` all of them, of what somebody else wrote. */
static void add(struct text *out, struct str text, bool lines)
{
	struct text visible = { 0 };
	visible_add(&visible, text, lines);
	markup_add(out, text_str(&visible));
	text_release(&visible);
}

static struct str trim_end(struct str text)
{
	while (text.n && (text.at[text.n - 1] == '\n' || text.at[text.n - 1] == ' '))
		text.n--;
	return text;
}

static void add_block(struct text *out, const char *class, struct str text)
{
	text_addf(out, "<pre%s%s%s tabindex=\"0\">", *class ? " class=\"" : "", class,
		  *class ? "\"" : "");
	add(out, trim_end(text), true);
	text_add(out, STR("</pre>\n"));
}

static const char *class_of(enum state state)
{
	return state == STATE_MERGED                              ? "good"
	       : state == STATE_FAILED || state == STATE_SKIPPED ? "bad"
	       : state_final(state)                               ? "soft"
								  : "busy";
}

static const char *mark_of(enum state state)
{
	return state == STATE_MERGED                              ? "✓"
	       : state == STATE_FAILED || state == STATE_SKIPPED ? "✗"
	       : state_final(state)                               ? "–"
								  : "…";
}

static void add_duration(struct text *out, int64_t seconds)
{
	text_add_duration(out, seconds > 0 ? (uint64_t)seconds : 0);
}

/* "12m after what was planned" */
static void add_late(struct text *out, int64_t seconds)
{
	if (!seconds) {
		text_add(out, STR("as planned"));
		return;
	}
	add_duration(out, seconds < 0 ? -seconds : seconds);
	text_add(out, seconds < 0 ? STR(" earlier than planned") : STR(" later than planned"));
}

static void begin_fact(struct text *out, const char *name)
{
	text_addf(out, "<div><dt>%s</dt><dd>", name);
}

static void end_fact(struct text *out)
{
	text_add(out, STR("</dd></div>\n"));
}

static void add_facts(const struct review *review, struct text *out)
{
	struct run *run = review->run;
	uint64_t spent = report_spent(run, review->report);
	uint32_t budget = run->schedule->plan.budget;
	text_add(out, STR("<dl class=\"facts\">\n"));
	begin_fact(out, "merged");
	text_addf(out, "%zu of %zu", report_merged(run, review->report), run->schedule->agent_n);
	end_fact(out);
	begin_fact(out, run->row.ended ? "took" : "since its beginning");
	add_duration(out, review->end - run->row.started);
	end_fact(out);
	if (review->estimated) {
		begin_fact(out, "planned");
		text_add_duration(out, review->planned.wall);
		end_fact(out);
	}
	if (spent || budget) {
		begin_fact(out, "spent");
		text_add_dollars(out, spent);
		if (budget) {
			text_add(out, STR(" of "));
			text_add_dollars(out, (uint64_t)budget * 10000);
		}
		end_fact(out);
	}
	begin_fact(out, "on");
	text_addf(out, "<code>%.10s</code>", run->row.base.hex);
	end_fact(out);
	text_add(out, STR("</dl>\n"));
}

static void add_top(const struct review *review, struct text *out)
{
	struct run *run = review->run;
	struct str title = run->schedule->plan.title.n ? run->schedule->plan.title : run->row.plan;
	const char *state = report_run_state(run, review->report);
	bool good = run->row.ended && run->row.succeeded;
	text_add(out, str_from(head));
	for (const struct page_style *style = page_style_list; style->name; style++)
		text_addf(out, "<style>\n%s</style>\n", style->text);
	text_add(out, STR("<title>"));
	add(out, title, false);
	text_addf(out, " · run %lld: %s</title>\n</head>\n<body>\n<main>\n<h1>",
		  (long long)run->row.id, state);
	add(out, title, false);
	text_addf(out,
		  "</h1>\n<p><span class=\"state %s\">%s</span> · run %lld of <code>%.*s</code> (",
		  good             ? "good"
		  : run->row.ended ? "bad"
				   : "busy",
		  state, (long long)run->row.id, STR_ARG(run->row.plan));
	add(out, run->row.source, false);
	text_addf(out, ") · <span class=\"soft\">%.*s</span></p>\n",
		  STR_ARG(review_date(review, run->row.started)));
	add_facts(review, out);
}

/* Over time. */

static void add_bar(struct text *out, const char *class, int64_t from, int64_t to, int64_t all)
{
	double left = 100.0 * (double)from / (double)all;
	double width = to > from ? 100.0 * (double)(to - from) / (double)all : 0;
	text_addf(out, "<span class=\"%s\" style=\"left:%.2f%%;width:%.2f%%\"></span>", class, left,
		  width);
}

/* What the row's bars say, in words. */
static void add_row_label(const struct review *review, uint32_t agent, struct text *out)
{
	const struct review_agent *of = &review->agent[agent];
	const struct simulate_agent *planned = &review->planned.agent[agent];
	int64_t late;
	if (review->estimated) {
		text_add(out, STR("planned from "));
		text_add_duration(out, planned->start);
		text_add(out, STR(" to "));
		text_add_duration(out, planned->end);
		if (planned->critical) {
			text_add(out, STR(", on the critical path"));
		} else if (planned->slack) {
			text_add(out, STR(", with a slack of "));
			text_add_duration(out, planned->slack);
		}
		text_add(out, STR("; "));
	}
	if (!of->started) {
		text_add(out, STR("not started"));
		return;
	}
	text_add(out, STR("ran from "));
	add_duration(out, of->started - review->run->row.started);
	if (of->ended) {
		text_add(out, STR(" to "));
		add_duration(out, of->ended - review->run->row.started);
	}
	if (of->attempt_n > 1)
		text_addf(out, " in %u attempts", of->attempt_n);
	if (review_late(review, agent, &late)) {
		text_add(out, STR(", "));
		add_late(out, late);
	}
}

static void add_row(const struct review *review, uint32_t agent, int64_t all, struct text *out)
{
	struct run *run = review->run;
	const struct simulate_agent *planned = &review->planned.agent[agent];
	int64_t began = run->row.started;
	text_addf(out, "<li><span class=\"who\">%.*s</span><div class=\"track\" role=\"img\" title=\"",
		  STR_ARG(run->schedule->agent[agent].name));
	add_row_label(review, agent, out);
	text_add(out, STR("\" aria-label=\""));
	add_row_label(review, agent, out);
	text_add(out, STR("\">"));
	if (review->estimated) {
		add_bar(out, "slack", (int64_t)planned->end,
			(int64_t)(planned->end + planned->slack), all);
		add_bar(out, "planned", (int64_t)planned->start, (int64_t)planned->end, all);
	}
	for (size_t i = 0; i < review->report->attempt_n; i++) {
		const struct store_attempt *attempt = &review->report->attempt[i];
		if (attempt->agent != agent)
			continue;
		int64_t end = attempt->ended           ? attempt->finished
			      : review->report->running ? review->now
							: attempt->started;
		const char *class = !attempt->ended || attempt->reason == RECORD_BUSY ? "was busy"
				    : attempt->reason == RECORD_NONE                   ? "was good"
										      : "was bad";
		add_bar(out, class, attempt->started - began, end - began, all);
	}
	text_add(out, STR("</div></li>\n"));
}

static void add_time(const struct review *review, struct text *out)
{
	struct run *run = review->run;
	int64_t all = review->end - run->row.started;
	if (review->estimated && (int64_t)review->planned.wall > all)
		all = (int64_t)review->planned.wall;
	if (all < 1)
		all = 1;
	text_add(out, STR("<h2>Planned, and as it was</h2>\n<ul class=\"key\">"));
	if (review->estimated)
		text_add(out,
			 STR("<li><i class=\"planned\"></i>planned, with its slack as a line</li>"));
	text_add(out,
		 STR("<li><i class=\"was good\"></i>an attempt that succeeded</li>"
		     "<li><i class=\"was bad\"></i>one that did not</li>"
		     "<li><i class=\"was busy\"></i>running, or its service was busy</li></ul>\n"
		     "<ol class=\"time\">\n"));
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		add_row(review, review->report->order[i], all, out);
	text_add(out,
		 STR("</ol>\n<div class=\"axis side\" aria-hidden=\"true\"><span>0</span><span>"));
	add_duration(out, all / 2);
	text_add(out, STR("</span><span>"));
	add_duration(out, all);
	text_add(out, STR("</span></div>\n"));
}

/* Each agent. */

static struct str last_lines(struct str text)
{
	size_t from = text.n, lines = 0;
	while (from > 0 && (text.at[from - 1] != '\n' || from == text.n || ++lines < END_LINES))
		from--;
	return str_slice(text, from, text.n);
}

static void add_tests(const struct review *review, uint32_t agent, struct text *out)
{
	struct arena *arena = &review->run->arena;
	const struct review_agent *of = &review->agent[agent];
	if (!of->test_n)
		return;
	text_add(out, STR("<h3>Tests</h3>\n<ul>\n"));
	for (size_t i = 0; i < of->test_n; i++) {
		const struct printed_test *test = &of->test[i];
		text_addf(out, "<li><span class=\"%s\">%s</span>%s: <code>",
			  test->failed ? "bad"
			  : test->path ? "good"
				       : "soft",
			  review_test_outcome(test), test->combined ? ", on the combination" : "");
		add(out, task_words(arena, test->command), false);
		text_add(out, STR("</code>"));
		struct str end = test->path ? file_end(arena, test->path, END_BYTES) : STR("");
		if (str_trim(end).n)
			add_block(out, "", last_lines(trim_end(end)));
		text_add(out, STR("</li>\n"));
	}
	text_add(out, STR("</ul>\n"));
}

static void add_list(struct text *out, const char *title, struct str_list list)
{
	if (!list.n)
		return;
	text_addf(out, "<h3>%s</h3>\n<ul>\n", title);
	for (size_t i = 0; i < list.n; i++) {
		text_add(out, STR("<li>"));
		add(out, list.at[i], false);
		text_add(out, STR("</li>\n"));
	}
	text_add(out, STR("</ul>\n"));
}

static void add_attempt(const struct review *review, const struct store_attempt *attempt,
			const struct record *record, struct text *out)
{
	text_addf(out, "<li>attempt %u, at ", attempt->attempt);
	add_duration(out, attempt->started - review->run->row.started);
	if (attempt->ended) {
		text_add(out, STR(" for "));
		add_duration(out, attempt->finished - attempt->started);
	}
	text_add(out, STR(": "));
	if (!attempt->ended)
		text_add(out, review->report->running ? STR("running") : STR("interrupted"));
	else if (attempt->reason == RECORD_NONE)
		text_add(out, STR("succeeded"));
	else if (attempt->message.n)
		add(out, attempt->message, true);
	else
		text_add(out, str_from(record_reason_meaning(attempt->reason)));
	if (record && (record->input || record->output_tokens))
		text_addf(out,
			  " <span class=\"soft\">%llu tokens read, %llu written</span>",
			  (unsigned long long)record->input,
			  (unsigned long long)record->output_tokens);
	if (record && record->cost) {
		text_add(out, STR(" <span class=\"soft\">"));
		text_add_dollars(out, record->cost);
		text_add(out, STR("</span>"));
	}
	text_add(out, STR("</li>\n"));
}

static void add_attempts(const struct review *review, uint32_t agent, struct text *out)
{
	const struct review_agent *of = &review->agent[agent];
	if (!of->started)
		return;
	text_add(out, STR("<h3>Attempts</h3>\n<ul>\n"));
	for (size_t i = 0; i < review->report->attempt_n; i++) {
		const struct store_attempt *attempt = &review->report->attempt[i];
		if (attempt->agent == agent)
			add_attempt(review, attempt,
				    attempt->attempt <= of->attempt_n
					    ? &of->attempt[attempt->attempt - 1]
					    : NULL,
				    out);
	}
	text_add(out, STR("</ul>\n"));
}

/* The end of what its program printed, as `orch logs` shows it. */
static void add_printed(const struct review *review, uint32_t agent, struct text *out)
{
	struct run *run = review->run;
	const char *path;
	struct fail nothing;
	struct text rendered = { 0 };
	if (!printed_program(run, review->report, agent, 0, &path, &nothing))
		return;
	struct str end = file_end(&run->arena, path, END_BYTES);
	struct rendered *r = rendered_open(run->schedule, run->schedule->agent[agent].runner,
					   false);
	rendered_add(r, end, &rendered);
	rendered_close(r, &rendered);
	if (str_trim(text_str(&rendered)).n) {
		text_add(out, STR("<h3>The last that it printed</h3>\n"));
		add_block(out, "said", last_lines(trim_end(text_str(&rendered))));
	}
	text_release(&rendered);
}

static void add_summary(const struct review *review, uint32_t agent, struct text *out)
{
	const struct schedule_agent *named = &review->run->schedule->agent[agent];
	const struct review_agent *of = &review->agent[agent];
	const struct machine_memory *memory = &review->report->agent[agent];
	enum state state = report_state(review->report, agent);
	text_addf(out,
		  "<summary><span class=\"who\">%.*s</span><span class=\"state %s\">%s %s</span>",
		  STR_ARG(named->name), class_of(state), mark_of(state), state_name(state));
	if (of->changed)
		text_addf(out, "<span class=\"soft\">%zu file%s, +%zu −%zu</span>",
			  of->change.files, of->change.files == 1 ? "" : "s", of->change.added,
			  of->change.removed);
	if (of->attempt_n > 1)
		text_addf(out, "<span class=\"soft\">%u attempts</span>", of->attempt_n);
	if (memory->reused)
		text_addf(out, "<span class=\"soft\">of run %llu</span>",
			  (unsigned long long)memory->reused);
	if (memory->spent) {
		text_add(out, STR("<span class=\"soft\">"));
		text_add_dollars(out, memory->spent);
		text_add(out, STR("</span>"));
	}
	if (named->title.n) {
		text_add(out, STR("<span class=\"soft\">"));
		add(out, named->title, false);
		text_add(out, STR("</span>"));
	}
	text_add(out, STR("</summary>\n"));
}

static void add_after(const struct schedule *schedule, uint32_t agent, struct text *out)
{
	struct index_list after = schedule->agent[agent].after;
	for (size_t i = 0; i < after.n; i++)
		text_addf(out, "%s%.*s", i ? ", " : "<p class=\"soft\">After ",
			  STR_ARG(schedule->agent[after.at[i]].name));
	if (after.n)
		text_add(out, STR(".</p>\n"));
}

static void add_agent(const struct review *review, uint32_t agent, struct text *out)
{
	struct run *run = review->run;
	const struct review_agent *of = &review->agent[agent];
	const struct machine_memory *memory = &review->report->agent[agent];
	enum state state = report_state(review->report, agent);
	const struct record *last = of->attempt_n ? &of->attempt[of->attempt_n - 1] : NULL;
	bool failed = state == STATE_FAILED;
	text_addf(out, "<details id=\"agent-%.*s\"%s>",
		  STR_ARG(run->schedule->agent[agent].name), failed ? " open" : "");
	add_summary(review, agent, out);
	text_add(out, STR("<div class=\"body\">\n"));
	if (state != STATE_MERGED && memory->message.n) {
		text_addf(out, "<p class=\"%s\">", class_of(state));
		add(out, memory->message, true);
		text_add(out, STR("</p>\n"));
	}
	add_after(run->schedule, agent, out);
	if (!oid_none(memory->result))
		text_addf(out,
			  "<p class=\"soft\">Result <code>%.10s</code>, branch <code>%.*s</code></p>\n",
			  memory->result.hex, STR_ARG(run->schedule->agent[agent].branch));
	if (last && last->said.n) {
		text_add(out, STR("<h3>In its own words</h3>\n"));
		add_block(out, "said", last->said);
	}
	if (of->changed && of->change.files) {
		text_addf(out, "<h3>%s</h3>\n",
			  oid_none(memory->result) ? "Changed, and kept aside" : "Changed");
		add_block(out, "", of->stat);
	}
	add_tests(review, agent, out);
	if (last) {
		add_list(out, "Found by the gate", last->findings);
		add_list(out, "Was not allowed", last->denied);
	}
	add_attempts(review, agent, out);
	if (failed)
		add_printed(review, agent, out);
	text_add(out, STR("</div></details>\n"));
}

static void add_cell(const char *class, struct text *cell, struct text *out)
{
	text_addf(out, "<td class=\"%s\">", class);
	add(out, text_str(cell), false);
	text_add(out, STR("</td>"));
	text_clear(cell);
}

static void add_metric(const struct schedule_metric *metric, const struct figures *figures,
		       struct text *out)
{
	struct text cell = { 0 };
	const char *verdict = figure_verdict(metric, figures);
	text_add(out, STR("<tr><th scope=\"row\">"));
	add(out, metric->title.n ? metric->title : metric->name, false);
	text_add(out, STR("</th>"));
	figure_add(metric, &figures->before, &cell);
	add_cell("number", &cell, out);
	figure_add(metric, &figures->after, &cell);
	add_cell("number", &cell, out);
	figure_add_change(figures, &cell);
	add_cell("number", &cell, out);
	figure_add_goal(metric, &cell);
	text_addf(&cell, "%s%s%s", *verdict ? ": " : "", verdict,
		  figures->missed && metric->require ? ", and required" : "");
	add_cell(!*verdict ? "" : figures->missed ? "bad" : "good", &cell, out);
	text_add(out, STR("</tr>\n"));
	const struct figure *sides[] = { &figures->before, &figures->after };
	for (size_t i = 0; i < 2; i++) {
		if (!sides[i]->tried || sides[i]->number.n)
			continue;
		text_addf(out, "<tr><td colspan=\"5\" class=\"soft\">%s: ", i ? "after" : "before");
		add(out, sides[i]->why, true);
		text_add(out, STR("</td></tr>\n"));
	}
	text_release(&cell);
}

static void add_metrics(const struct review *review, struct text *out)
{
	const struct schedule *s = review->run->schedule;
	if (!s->metric_n)
		return;
	text_add(out,
		 STR("<h2>Before and after</h2>\n<div class=\"wide\" tabindex=\"0\"><table><thead><tr>"
		     "<th scope=\"col\">Measured</th><th scope=\"col\">Before</th><th scope=\"col\">After</th>"
		     "<th scope=\"col\">Change</th><th scope=\"col\">Goal</th></tr></thead>"
		     "<tbody>\n"));
	for (size_t i = 0; i < s->metric_n; i++)
		add_metric(&s->metric[i], &review->report->figures[i], out);
	text_add(out, STR("</tbody></table></div>\n"));
}

void page_write(const struct review *review, struct str picture, struct str caption,
		struct text *out)
{
	struct run *run = review->run;
	struct text next = { 0 };
	add_top(review, out);
	text_add(out, STR("<h2>How to go on</h2>\n"));
	report_write_next(run, review->report, &next);
	add_block(out, "", text_str(&next));
	text_release(&next);
	add_metrics(review, out);
	add_time(review, out);
	text_add(out, STR("<h2>Agents, in the order of merging</h2>\n"));
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		add_agent(review, review->report->order[i], out);
	if (picture.n) {
		text_add(out,
			 STR("<h2>Who comes after whom</h2>\n<figure tabindex=\"0\"><img alt=\""));
		add(out, caption, false);
		text_add(out, STR("\" src=\"data:image/svg+xml,"));
		markup_add_data(out, picture);
		text_add(out, STR("\"></figure>\n"));
	}
	text_add(out, STR("</main>\n</body>\n</html>\n"));
}
