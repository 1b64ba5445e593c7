/* report.c — see report.h. */
#include "runtime/report.h"

#include "common/file.h"
#include "common/json.h"
#include "runtime/holder.h"
#include "runtime/landed.h"
#include "runtime/state.h"
#include "runtime/undo.h"
#include "runtime/visible.h"

bool report_read(struct run *run, struct report *report, struct fail *fail)
{
	size_t n = 0;
	bool found;
	*report = (struct report){ 0 };
	/* The row as it is now: the run may have ended since it was loaded. */
	if (!store_find(run->store, &run->arena, run->row.id, &run->row, &found, fail))
		return false;
	report->order = ARENA_MANY(&run->arena, run->schedule->agent_n, uint32_t);
	for (size_t i = 0; i < run->schedule->plan.code.n; i++)
		if (run->schedule->plan.code.at[i].op == OP_MERGE)
			report->order[n++] = run->schedule->plan.code.at[i].operand;
	BUG_IF(n != run->schedule->agent_n,
	       "a schedule that does not merge each agent once was verified");
	/* Whoever holds the lock and looks is not running it. */
	report->running = !run->row.ended && run->lock < 0 &&
			  holder_there(place_orch(&run->arena, run->root, "lock"));
	return store_memory(run->store, &run->arena, run->row.id, run->schedule->agent_n,
			    &report->agent, &report->strand, fail) &&
	       store_attempts(run->store, &run->arena, run->row.id, &report->attempt,
			      &report->attempt_n, fail) &&
	       figure_gather(&run->arena, run->store, &run->row, run->schedule, &report->figures,
			     fail);
}

enum state report_state(const struct report *report, uint32_t agent)
{
	enum state state = STATE_WAITING;
	if (report->agent[agent].state)
		state_find(report->agent[agent].state, &state);
	return state;
}

bool report_goes_on(const struct report *report, uint32_t agent)
{
	enum state state = report_state(report, agent);
	return state == STATE_WAITING || state == STATE_READY || state == STATE_RUNNING ||
	       state == STATE_ENDING;
}

const char *report_run_state(const struct run *run, const struct report *report)
{
	if (!run->row.ended)
		return report->running ? "running" : "interrupted";
	return run->row.succeeded ? "succeeded" : "failed";
}

/* Seconds of all its attempts that have ended. */
static int64_t seconds_of(const struct report *report, uint32_t agent)
{
	int64_t seconds = 0;
	for (size_t i = 0; i < report->attempt_n; i++)
		if (report->attempt[i].agent == agent && report->attempt[i].ended)
			seconds += report->attempt[i].finished - report->attempt[i].started;
	return seconds;
}

/* A ref, when it is there. */
static struct oid at_ref(struct run *run, const char *name)
{
	struct oid id;
	struct fail fail;
	return repo_ref_read(run->repo, name, &id, &fail) ? id : (struct oid){ "" };
}

static const char *stray_ref(struct run *run, const struct report *report, uint32_t agent,
			     uint32_t *of)
{
	struct str name = run->schedule->agent[agent].name;
	for (uint32_t attempt = report->agent[agent].attempt; attempt > 0; attempt--) {
		const char *ref = place_attempt_ref(&run->arena, run->row.id, "strays", name,
						    attempt);
		*of = attempt;
		if (!oid_none(at_ref(run, ref)))
			return ref;
	}
	return NULL;
}

struct oid report_stray(struct run *run, const struct report *report, uint32_t agent)
{
	uint32_t attempt;
	const char *ref = stray_ref(run, report, agent, &attempt);
	return ref ? at_ref(run, ref) : (struct oid){ "" };
}

static const char *colour_of(enum state state, bool colour)
{
	if (!colour)
		return "";
	if (state == STATE_MERGED)
		return "\033[32m";
	return state == STATE_FAILED || state == STATE_SKIPPED ? "\033[31m"
	       : state_final(state)                            ? ""
							       : "\033[33m";
}

/* Of its last attempt, when there is one that can be read. */
static bool last_record(struct run *run, const struct machine_memory *memory, struct str name,
			struct record *record)
{
	struct fail unreadable;
	bool found = false;
	const char *path = place_attempt(&run->arena, run->folder, name, memory->attempt, "json");
	return memory->attempt && record_read(&run->arena, path, record, &found, &unreadable) &&
	       found;
}

/* What its client did not allow then. */
static struct str_list denied_of(struct run *run, const struct machine_memory *memory,
				 struct str name)
{
	struct record record;
	return last_record(run, memory, name, &record) ? record.denied : (struct str_list){ 0 };
}

/* How to see what was printed: by the agent's program, by the test that failed, or by its setup. */
static void add_printed(struct run *run, uint32_t agent, const struct machine_memory *memory,
			struct text *out)
{
	struct str name = run->schedule->agent[agent].name;
	enum record_reason reason = memory->reason;
	/* Its setup may have taken all the time that it had. */
	const char *log = place_attempt(&run->arena, run->folder, name, memory->attempt, "log");
	struct record last;
	bool tested = last_record(run, memory, name, &last) && record_failed_in(&last, OP_CHECK);
	if (tested || reason == RECORD_COMBINATION)
		text_addf(out, "      what the test printed: orch logs %.*s --test\n",
			  STR_ARG(name));
	if (reason == RECORD_SETUP &&
	    file_there(place_attempt(&run->arena, run->folder, name, memory->attempt,
				     "setup-1.log")))
		text_addf(out, "      what its setup printed: orch logs %.*s --setup\n",
			  STR_ARG(name));
	else if (reason == RECORD_SETUP || !file_there(log))
		text_addf(out, "      what was printed: %.*s\n",
			  STR_ARG(place_shown(str_from(place_agent(&run->arena, run->folder, name,
								   "")),
					      run->root)));
	else
		text_addf(out, "      what it printed: orch logs %.*s\n", STR_ARG(name));
}

/* For who wants to look into it. */
static void add_tree(struct run *run, uint32_t agent, const struct machine_memory *memory,
		     struct text *out)
{
	struct tree_orders tree = place_tree(&run->arena, run->folder,
					     &run->schedule->agent[agent], memory->start);
	if (file_there(tree.work_dir))
		text_addf(out, "      its tree%s: %.*s\n",
			  memory->reason == RECORD_LOST ? " is as it was left" : "",
			  STR_ARG(place_shown(str_from(tree.work_dir), run->root)));
}

/* The branch may be deleted since: by `orch gc --refs`, or by the user. */
static void add_result(struct run *run, uint32_t agent, struct oid result, struct text *out)
{
	struct str branch = run->schedule->agent[agent].branch;
	text_addf(out, "  %.10s", result.hex);
	if (!oid_none(at_ref(run, place_branch(&run->arena, branch))))
		text_addf(out, "  branch %.*s", STR_ARG(branch));
}

static void add_agent(struct run *run, const struct report *report, uint32_t agent, size_t width,
		      bool colour, struct text *out)
{
	const struct machine_memory *memory = &report->agent[agent];
	enum state state = report_state(report, agent);
	struct str message = memory->message, first = { 0 };
	const char *begin = colour_of(state, colour);
	text_addf(out, "  %-*.*s  %s%-9s%s", (int)width, STR_ARG(run->schedule->agent[agent].name),
		  begin, state_name(state), *begin ? "\033[0m" : "");
	if (memory->attempt) {
		struct text length = { 0 };
		text_add_duration(&length, (uint64_t)seconds_of(report, agent));
		text_addf(out, " %6s", length.at);
		text_release(&length);
	}
	else if (memory->reused)
		text_addf(out, "   run %llu", (unsigned long long)memory->reused);
	if (memory->attempt > 1)
		text_addf(out, "  %u attempts", memory->attempt);
	if (memory->spent) {
		text_add(out, STR("  "));
		text_add_dollars(out, memory->spent);
	}
	if (!oid_none(memory->result) && state != STATE_FAILED)
		add_result(run, agent, memory->result, out);
	text_end_line(out);
	struct str_list denied = denied_of(run, memory, run->schedule->agent[agent].name);
	for (size_t i = 0; i < denied.n; i++) {
		text_add(out, i ? STR(", ") : STR("      was not allowed: "));
		visible_add(out, denied.at[i], false);
	}
	if (denied.n)
		text_add_byte(out, '\n');
	if (state == STATE_MERGED)
		return;
	if (str_split(&message, '\n', &first) && first.n) {
		text_add(out, STR("      "));
		visible_add(out, first, false);
		text_add_byte(out, '\n');
	}
	uint32_t attempt;
	const char *ref = stray_ref(run, report, agent, &attempt);
	if (ref && attempt == memory->attempt)
		text_addf(out, "      what it changed is kept: git show %s\n", ref);
	else if (ref)
		text_addf(out, "      what its attempt %u changed is kept: git show %s\n", attempt,
			  ref);
	if (state == STATE_FAILED && memory->attempt)
		add_printed(run, agent, memory, out);
	if (state == STATE_RUNNING || state == STATE_STOPPED || state == STATE_FAILED)
		add_tree(run, agent, memory, out);
}

size_t report_merged(const struct run *run, const struct report *report)
{
	size_t n = 0;
	for (uint32_t i = 0; i < run->schedule->agent_n; i++)
		n += report_state(report, i) == STATE_MERGED;
	return n;
}

static void add_retry(const struct run *run, const struct report *report, struct text *out)
{
	bool any = false;
	for (size_t i = 0; i < run->schedule->agent_n; i++) {
		uint32_t agent = report->order[i];
		if (!undo_can_retry(&report->agent[agent]))
			continue;
		text_addf(out, "%s %.*s", any ? "" : "to try again:     orch retry",
			  STR_ARG(run->schedule->agent[agent].name));
		any = true;
	}
	if (any)
		text_addf(out, " %lld\n", (long long)run->row.id);
}

static void add_landed(struct run *run, const struct report *report, struct text *out)
{
	enum landed now = landed_now(run->repo, &run->arena, &run->row);
	size_t undone = 0;
	for (uint32_t i = 0; i < run->schedule->agent_n; i++)
		undone += report_state(report, i) == STATE_UNDONE;
	if (!oid_none(run->row.landed))
		text_addf(out, "landed:           %.10s%s\n", run->row.landed.hex,
			  now == LANDED_BACK      ? "; all of it was rolled back since"
			  : now == LANDED_CHANGED ? "; the integration has changed since"
			  : undone                ? "; some of it was rolled back since"
						  : "");
	else if (now == LANDED_ALL)
		text_add(out, STR("landed:           the branch has all of it\n"));
	if (run->row.ended && (now == LANDED_NOT || now == LANDED_CHANGED))
		text_addf(out, "to land it:       orch land %lld\n", (long long)run->row.id);
	else if (run->row.ended && now == LANDED_NOWHERE)
		text_addf(out, "to take it over:  git merge %s\n",
			  place_ref(&run->arena, run->row.id, "integration"));
}

uint64_t report_spent(const struct run *run, const struct report *report)
{
	uint64_t spent = 0;
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		spent += report->agent[i].spent;
	return spent;
}

void report_write_next(struct run *run, const struct report *report, struct text *out)
{
	const char *integration = place_ref(&run->arena, run->row.id, "integration");
	struct oid id = at_ref(run, integration);
	long long number = (long long)run->row.id;
	uint64_t spent = report_spent(run, report);
	uint32_t budget = run->schedule->plan.budget;
	if (spent || budget) {
		text_add(out, STR("spent:            "));
		text_add_dollars(out, spent);
		if (budget) {
			text_add(out, STR(" of "));
			text_add_dollars(out, (uint64_t)budget * 10000);
		}
		text_add_byte(out, '\n');
	}
	text_addf(out, "everything of it: %.*s\n",
		  STR_ARG(place_shown(str_from(run->folder), run->root)));
	if (!oid_none(id) && !oid_equal(id, run->row.base))
		text_addf(out,
			  "the integration:  %s at %.10s\n"
			  "to look at it:    git log --graph --oneline %.10s..%s\n",
			  integration, id.hex, run->row.base.hex, integration);
	struct str gone = run_gone(&run->arena, run->root, run->row.id);
	if (gone.n) {
		text_add(out, gone);
		text_add_byte(out, '\n');
		return;
	}
	if (!run->row.ended && !report->running)
		text_addf(out, "to go on:         orch resume %lld\n", number);
	add_landed(run, report, out);
	if (!run->row.ended)
		return;
	add_retry(run, report, out);
	if (report_merged(run, report))
		text_addf(out, "to take out one:  orch rollback AGENT %lld\n", number);
	if (file_there(place_in(&run->arena, run->folder, "trees")))
		text_addf(out, "to free its room: orch gc %lld\n", number);
}

void report_write(struct run *run, const struct report *report, bool colour, struct text *out)
{
	size_t width = 0;
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		if (run->schedule->agent[i].name.n > width)
			width = run->schedule->agent[i].name.n;
	text_addf(out, "run %lld of the plan %.*s (", (long long)run->row.id,
		  STR_ARG(run->row.plan));
	visible_add(out, run->row.source, false);
	text_addf(out, ") on %.10s: %s, %zu of %zu merged\n", run->row.base.hex,
		  report_run_state(run, report), report_merged(run, report), run->schedule->agent_n);
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		add_agent(run, report, report->order[i], width, colour, out);
	figure_write(run->schedule, report->figures, colour, out);
	report_write_next(run, report, out);
}

static void add_agent_json(struct run *run, const struct report *report, uint32_t agent,
			   size_t place, struct text *out)
{
	const struct machine_memory *memory = &report->agent[agent];
	const struct schedule_agent *of = &run->schedule->agent[agent];
	uint32_t attempt;
	const char *stray = stray_ref(run, report, agent, &attempt);
	json_open(out, NULL, '{');
	json_write_number(out, "run", run->row.id);
	json_write_text(out, "agent", of->name);
	json_write_text(out, "state", str_from(state_name(report_state(report, agent))));
	json_write_number(out, "merge_order", (int64_t)place + 1);
	json_write_number(out, "attempt", memory->attempt);
	json_write_number(out, "seconds", seconds_of(report, agent));
	if (memory->reused)
		json_write_number(out, "reused", (int64_t)memory->reused);
	if (memory->spent)
		json_write_number(out, "micro_usd", (int64_t)memory->spent);
	if (memory->reason != RECORD_NONE)
		json_write_text(out, "reason", str_from(record_reason_name(memory->reason)));
	if (memory->message.n)
		json_write_text(out, "message", memory->message);
	if (!oid_none(memory->start))
		json_write_text(out, "start", str_from(memory->start.hex));
	if (!oid_none(memory->result))
		json_write_text(out, "result", str_from(memory->result.hex));
	json_write_text(out, "branch", of->branch);
	struct str_list denied = denied_of(run, memory, of->name);
	if (denied.n)
		json_open(out, "denied", '[');
	for (size_t i = 0; i < denied.n; i++)
		json_write_text(out, NULL, denied.at[i]);
	if (denied.n)
		json_close(out, ']');
	if (stray)
		json_write_text(out, "stray", str_from(stray));
	json_write_text(out, "tree",
			str_from(place_tree(&run->arena, run->folder, of, memory->start).work_dir));
	json_close(out, '}');
	text_add_byte(out, '\n');
}

void report_write_json(struct run *run, const struct report *report, struct text *out)
{
	struct oid integration = at_ref(run, place_ref(&run->arena, run->row.id, "integration"));
	json_open(out, NULL, '{');
	json_write_number(out, "run", run->row.id);
	json_write_text(out, "plan", run->row.plan);
	json_write_text(out, "source", run->row.source);
	json_write_text(out, "state", str_from(report_run_state(run, report)));
	json_write_text(out, "base", str_from(run->row.base.hex));
	json_write_text(out, "base_branch", run->row.base_branch);
	json_write_text(out, "integration", str_from(integration.hex));
	json_write_text(out, "landed", str_from(run->row.landed.hex));
	json_write_number(out, "agents", (int64_t)run->schedule->agent_n);
	json_write_number(out, "merged", (int64_t)report_merged(run, report));
	json_write_number(out, "micro_usd", (int64_t)report_spent(run, report));
	json_write_number(out, "started", run->row.started);
	json_write_number(out, "ended", run->row.ended);
	json_write_text(out, "folder", str_from(run->folder));
	if (run->schedule->metric_n)
		figure_write_json(run->schedule, report->figures, out);
	json_close(out, '}');
	text_add_byte(out, '\n');
	for (size_t i = 0; i < run->schedule->agent_n; i++)
		add_agent_json(run, report, report->order[i], i, out);
}
