/* progress.c — see progress.h. The table is drawn in place: up to its first line, then each line
 * anew. An agent has one line; when there are more agents than lines, those that run come first. */
#include "runtime/progress.h"

#include "common/file.h"
#include "common/json.h"
#include "common/utf8.h"
#include "runtime/loop.h"
#include "runtime/state.h"
#include "runtime/visible.h"
#include "schedule/simulate.h"

#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { STEP = 200, ROWS_KEPT_FREE = 4, NARROWEST = 40, PAUSE_MS = 100, BAR = 10 };

struct progress {
	const struct schedule *schedule;
	int64_t run;
	enum progress_kind kind;
	bool colour;
	int fd;
	size_t drawn;    /* lines of the table that stand on the terminal */
	struct oid base; /* of the run: told with its first event */
	char (*step)
		[STEP]; /* by agent: the instruction that its node carries out, or what its program does */
	uint32_t *files; /* by agent: how many of its files its program has written so far */
	char measuring[STEP]; /* the metric that is, or nothing */
	uint64_t *remaining;	/* by agent: seconds from its start to the end of everything, as estimated */
	bool estimated;		/* every agent has an estimate */
	size_t name_width;
	int64_t drawn_at; /* on loop_now()'s clock */
	struct text last; /* what was drawn, so that the same is not drawn again */
};

struct progress *progress_new(struct arena *arena, const struct schedule *schedule, int64_t run,
			      enum progress_kind kind, bool colour, int fd)
{
	struct progress *progress = ARENA_NEW(arena, struct progress);
	*progress = (struct progress){
		.schedule = schedule, .run = run, .kind = kind, .colour = colour, .fd = fd
	};
	progress->step = arena_take_many(arena, schedule->agent_n, STEP);
	progress->files = ARENA_MANY(arena, schedule->agent_n, uint32_t);
	progress->remaining = simulate_remaining(arena, schedule);
	progress->estimated = schedule->agent_n > 0;
	for (size_t i = 0; i < schedule->agent_n; i++) {
		if (schedule->agent[i].name.n > progress->name_width)
			progress->name_width = schedule->agent[i].name.n;
		progress->estimated &= schedule->agent[i].estimate > 0;
	}
	return progress;
}

/* What is shown is no part of the run: that it cannot be shown stops nothing. */
static void put(const struct progress *progress, const struct text *text)
{
	struct fail ignored;
	file_write_all(progress->fd, "the terminal", text_str(text), &ignored);
}

static void add_clock(struct text *out, int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm local;
	localtime_r(&time, &local);
	text_addf(out, "%02d:%02d:%02d ", local.tm_hour, local.tm_min, local.tm_sec);
}

static const char *agent_colour(const struct progress *progress, enum state state,
				enum record_reason reason)
{
	if (!progress->colour)
		return "";
	if (reason != RECORD_NONE && (state == STATE_FAILED || state == STATE_SKIPPED))
		return "\033[31m";
	if (state == STATE_MERGED)
		return "\033[32m";
	return state == STATE_RUNNING || state == STATE_MERGING || state == STATE_ENDING
		       ? "\033[33m"
		       : "";
}

static void add_json(const struct progress *progress, int64_t time, const struct world_event *event,
		     struct text *out)
{
	json_open(out, NULL, '{');
	json_write_number(out, "time", time);
	json_write_number(out, "run", progress->run);
	json_write_text(out, "event", str_from(event->name));
	if (event->agent != SCHEDULE_NONE)
		json_write_text(out, "agent", progress->schedule->agent[event->agent].name);
	if (event->attempt)
		json_write_number(out, "attempt", event->attempt);
	if (event->message.n)
		json_write_text(out, "message", event->message);
	if (!oid_none(event->commit))
		json_write_text(out, "commit", str_from(event->commit.hex));
	json_close(out, '}');
	text_add_byte(out, '\n');
}

/* What a person is to know of an event that has no message of its own. */
static void add_meaning(const struct progress *progress, const struct world_event *event,
			struct text *out)
{
	if (!str_is(str_from(event->name), state_told_name(STATE_TOLD_OFFERED)))
		text_add(out, str_from(event->name));
	else if (event->message.n)
		text_add(out, STR("the integration is done"));
	else if (oid_equal(event->commit, progress->base))
		text_add(out, STR("there is nothing to land"));
	else
		text_addf(out, "the result can be landed: orch land %lld",
			  (long long)progress->run);
}

static void add_line(const struct progress *progress, int64_t time, const struct world_event *event,
		     struct text *out)
{
	struct str message = event->message, first;
	add_clock(out, time);
	if (event->agent != SCHEDULE_NONE)
		text_addf(out, "%.*s ", STR_ARG(progress->schedule->agent[event->agent].name));
	add_meaning(progress, event, out);
	if (event->attempt)
		text_addf(out, " (attempt %u)", event->attempt);
	/* The rest of a message is a program's output, which is in its log. */
	if (str_split(&message, '\n', &first) && first.n) {
		text_add(out, STR(": "));
		visible_add(out, first, false);
	}
	text_add_byte(out, '\n');
}

/* As much as fits, of whole characters. */
static void keep(char to[STEP], struct str what)
{
	struct text shown = { 0 };
	visible_add(&shown, what, false);
	struct str fits = utf8_cut(text_str(&shown), STEP - 1);
	if (fits.n)
		memcpy(to, fits.at, fits.n);
	to[fits.n] = 0;
	text_release(&shown);
}

void progress_event(struct progress *progress, int64_t time, const struct world_event *event)
{
	struct text out = { 0 };
	if (oid_none(progress->base))
		progress->base = event->commit;
	if (progress->kind == PROGRESS_JSON)
		add_json(progress, time, event, &out);
	else if (progress->kind == PROGRESS_LINES)
		add_line(progress, time, event, &out);
	if (event->agent != SCHEDULE_NONE) {
		progress->step[event->agent][0] = 0;
		progress->files[event->agent] = 0;
	} else {
		keep(progress->measuring,
		     str_is(str_from(event->name), state_told_name(STATE_TOLD_MEASURING))
			     ? event->message
			     : (struct str){ 0 });
	}
	if (out.n)
		put(progress, &out);
	text_release(&out);
}

void progress_step(struct progress *progress, uint32_t agent, struct str what)
{
	keep(progress->step[agent], what);
}

void progress_files(struct progress *progress, uint32_t agent, uint32_t n)
{
	progress->files[agent] = n;
}

static void erase(struct progress *progress, struct text *out)
{
	if (progress->drawn)
		text_addf(out, "\033[%zuA\r\033[J", progress->drawn);
	progress->drawn = 0;
	text_clear(&progress->last);
}

void progress_say(struct progress *progress, const char *sentence)
{
	struct text out = { 0 };
	if (progress->kind == PROGRESS_JSON)
		return;
	erase(progress, &out);
	if (progress->kind == PROGRESS_LINES)
		add_clock(&out, time(NULL));
	visible_add(&out, str_from(sentence), false);
	text_add_byte(&out, '\n');
	put(progress, &out);
	text_release(&out);
}

bool progress_wants_ticks(const struct progress *progress)
{
	return progress->kind == PROGRESS_TABLE;
}

/* Whole characters up to so many columns. */
static struct str fit(struct str text, size_t columns)
{
	struct str rest = text;
	unsigned width;
	while (rest.n) {
		size_t bytes = utf8_grapheme(rest, &width);
		if (width > columns)
			break;
		columns -= width;
		rest = str_slice(rest, bytes, rest.n);
	}
	return str_slice(text, 0, text.n - rest.n);
}

static enum state state_of(const struct machine *machine, uint32_t agent)
{
	enum state state = STATE_WAITING;
	state_find(machine_agent(machine, agent).state, &state);
	return state;
}

/* Whom it waits for: those of its `after` that have no result yet. */
static void add_waits(const struct progress *progress, const struct machine *machine,
		      uint32_t agent, struct text *out)
{
	struct index_list after = progress->schedule->agent[agent].after;
	const char *separator = "        for ";
	for (size_t i = 0; i < after.n; i++) {
		enum state state = state_of(machine, after.at[i]);
		if (state == STATE_RECORDED || state == STATE_MERGING || state == STATE_MERGED)
			continue;
		text_addf(out, "%s%.*s", separator,
			  STR_ARG(progress->schedule->agent[after.at[i]].name));
		separator = ", ";
	}
}

static void add_row(const struct progress *progress, const struct machine *machine, uint32_t agent,
		    const struct machine_view *view, size_t columns, struct text *out)
{
	enum state state = STATE_WAITING;
	struct text row = { 0 };
	struct str message = view->message, first = { 0 };
	state_find(view->state, &state);
	bool runs = state == STATE_RUNNING || state == STATE_MERGING || state == STATE_ENDING;
	text_addf(&row, "%-*.*s  %-9s ", (int)progress->name_width,
		  STR_ARG(progress->schedule->agent[agent].name), view->state);
	if (runs) {
		int64_t seconds = (loop_now() - view->since) / 1000;
		text_addf(&row, "%3lld:%02lld", (long long)(seconds / 60),
			  (long long)(seconds % 60));
		if (progress->schedule->agent[agent].estimate) {
			text_add(&row, STR(" of "));
			text_add_duration(&row, progress->schedule->agent[agent].estimate);
		}
		if (progress->files[agent])
			text_addf(&row, "  %u file%s", progress->files[agent],
				  progress->files[agent] == 1 ? "" : "s");
		if (view->spent) {
			text_add(&row, STR("  "));
			text_add_dollars(&row, view->spent);
		}
		text_addf(&row, "  %s", progress->step[agent]);
		if (view->attempt > 1)
			text_addf(&row, " (attempt %u)", view->attempt);
	} else if (view->reason != RECORD_NONE && str_split(&message, '\n', &first)) {
		text_add(&row, STR("        "));
		visible_add(&row, first, false);
	} else if (state == STATE_WAITING) {
		add_waits(progress, machine, agent, &row);
	} else if (state == STATE_READY) {
		text_add(&row, STR("        for its turn"));
	}
	const char *colour = agent_colour(progress, state, view->reason);
	text_addf(out, "%s%.*s%s\n", colour, STR_ARG(fit(text_str(&row), columns - 1)),
		  *colour ? "\033[0m" : "");
	text_release(&row);
}

static bool is_shown(const struct machine_view *view, int pass)
{
	enum state state = STATE_WAITING;
	state_find(view->state, &state);
	bool first = state == STATE_RUNNING || state == STATE_MERGING || state == STATE_ENDING;
	return pass == 0 ? first : !first;
}

/* Rows for as many agents as there is room for: in the plan's order when all fit. */
static size_t add_rows(const struct progress *progress, const struct machine *machine, size_t room,
		       size_t columns, struct text *out)
{
	size_t n = progress->schedule->agent_n, shown = 0;
	bool all = n <= room;
	for (int pass = all ? 1 : 0; pass < 2; pass++)
		for (uint32_t i = 0; i < n && shown < room; i++) {
			struct machine_view view = machine_agent(machine, i);
			if (!all && !is_shown(&view, pass))
				continue;
			add_row(progress, machine, i, &view, columns, out);
			shown++;
		}
	return shown;
}

/* What was spent, and how long the longest way to the end still is: no run is shorter, however many agents
 * run at once. */
static void add_outlook(const struct progress *progress, const struct machine *machine,
			struct text *out)
{
	uint64_t spent = 0, longest = 0, whole = 0;
	for (uint32_t i = 0; i < progress->schedule->agent_n; i++) {
		struct machine_view view = machine_agent(machine, i);
		enum state state = STATE_WAITING;
		state_find(view.state, &state);
		spent += view.spent;
		uint64_t left = progress->remaining[i], gone = 0;
		whole = left > whole ? left : whole;
		if (state == STATE_RUNNING)
			gone = (uint64_t)(loop_now() - view.since) / 1000;
		/* One that takes longer than was estimated is about to end. */
		uint64_t own = progress->schedule->agent[i].estimate;
		left -= gone < own ? gone : own;
		if (!state_final(state) && state != STATE_RECORDED && state != STATE_MERGING &&
		    left > longest)
			longest = left;
	}
	bool told = progress->estimated && longest;
	for (uint64_t i = 0; told && i < BAR; i++)
		text_add(out, i < (whole - longest) * BAR / whole ? STR("█") : STR("░"));
	if (told) {
		text_add(out, STR("  at least "));
		text_add_duration(out, longest < 60 ? longest : (longest + 59) / 60 * 60);
		text_add(out, STR(" to go, until "));
		add_clock(out, time(NULL) + (int64_t)longest);
		out->n -= strlen(":00 ");
	}
	if (spent) {
		text_add(out, told ? STR(" · ") : STR("spent: "));
		text_add_dollars(out, spent);
	}
}

/* How many lines that is. */
static size_t add_sum(const struct progress *progress, const struct machine *machine, size_t columns,
		    struct text *out)
{
	struct text row = { 0 };
	size_t by_state[STATE_COUNT] = { 0 };
	const char *separator = "";
	for (uint32_t i = 0; i < progress->schedule->agent_n; i++) {
		by_state[state_of(machine, i)]++;
	}
	text_addf(&row, "run %lld: ", (long long)progress->run);
	for (size_t i = 0; i < STATE_COUNT; i++)
		if (by_state[i]) {
			text_addf(&row, "%s%zu %s", separator, by_state[i], state_name(i));
			separator = ", ";
		}
	if (*progress->measuring)
		text_addf(&row, "; measuring %s", progress->measuring);
	text_addf(out, "%.*s\n", STR_ARG(fit(text_str(&row), columns - 1)));
	text_clear(&row);
	add_outlook(progress, machine, &row);
	bool more = row.n > 0;
	if (more)
		text_addf(out, "%.*s\n", STR_ARG(fit(text_str(&row), columns - 1)));
	text_release(&row);
	return more ? 2 : 1;
}

static void draw(struct progress *progress, const struct machine *machine)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct text out = { 0 }, table = { 0 };
	ioctl(progress->fd, TIOCGWINSZ, &size);
	size_t columns = size.ws_col < NARROWEST ? NARROWEST : size.ws_col;
	size_t room = size.ws_row > ROWS_KEPT_FREE + 1 ? size.ws_row - ROWS_KEPT_FREE : 1;
	size_t rows = add_rows(progress, machine, room, columns, &table);
	rows += add_sum(progress, machine, columns, &table);
	if (!str_equal(text_str(&table), text_str(&progress->last))) {
		erase(progress, &out);
		text_add(&out, text_str(&table));
		put(progress, &out);
		progress->drawn = rows;
		text_add(&progress->last, text_str(&table));
	}
	text_release(&out);
	text_release(&table);
}

void progress_draw(struct progress *progress, const struct machine *machine)
{
	/* With thousands of agents events come faster than anybody can read. */
	if (progress->kind == PROGRESS_TABLE && loop_now() - progress->drawn_at >= PAUSE_MS) {
		progress->drawn_at = loop_now();
		draw(progress, machine);
	}
}

void progress_end(struct progress *progress, const struct machine *machine)
{
	if (progress->kind == PROGRESS_TABLE)
		draw(progress, machine);
	progress->drawn = 0;
	text_release(&progress->last);
}
