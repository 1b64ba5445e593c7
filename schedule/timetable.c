/* timetable.c — see timetable.h. Rows are in the order of starts. What is narrow shows less: bars,
 * places and names of what is waited for share what the figures leave. */
#include "schedule/timetable.h"

#include "common/shown.h"
#include "schedule/timetable_inside.h"

#include <stdlib.h>

enum {
	NARROWEST = 80,
	NAME_MOST = 28,
	ROWS_MOST = 40,
	BAR_LEAST = 20,
	BAR_MOST = 72,
	WAITS_LEAST = 18,
	WAITS_MOST = 40
};

struct widths {
	int number, name, time;
	int waits, pad;	/* what is shown there has its most; and its place, where a bar follows */
	int bar;	/* 0: none */
};
struct row {
	uint32_t agent;
	uint64_t start;
};

static int row_compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->agent > y->agent) - (x->agent < y->agent);
}

/* Right-aligned in `width` columns. */
static void add_time(struct text *out, uint64_t seconds, int width, const char *behind)
{
	struct text time = { 0 };
	text_add_duration(&time, seconds);
	text_add(&time, str_from(behind));
	text_addf(out, " %*s", width, time.at);
	text_release(&time);
}

static int time_width(uint64_t seconds)
{
	struct text time = { 0 };
	text_add_duration(&time, seconds);
	int n = (int)time.n;
	text_release(&time);
	return n;
}

struct before {
	const struct simulate *sim;
	uint32_t agent;
};

static int before_compare(const void *a, const void *b)
{
	const struct before *x = a, *y = b;
	uint64_t ends[2] = { x->sim->agent[x->agent].end, y->sim->agent[y->agent].end };
	if (ends[0] != ends[1])
		return ends[0] > ends[1] ? -1 : 1;
	return (x->agent > y->agent) - (x->agent < y->agent);
}

/* "model +2, pool build": whom it waited for longest first, as far as there is room; and for what
 * besides. */
static void add_waits(const struct timetable *t, const struct simulate *sim, uint32_t agent,
		      int pad, int width, struct text *out)
{
	const struct schedule *s = t->schedule;
	const struct index_list *after = &s->agent[agent].after;
	struct arena arena = { 0 };
	struct text waits = { 0 }, held = { 0 };
	struct simulate_wait wait = simulate_wait(s, sim, agent);
	if (wait.by == SIMULATE_POOL)
		text_addf(&held, "pool %.*s", STR_ARG(s->pool[wait.pool].name));
	else if (wait.by == SIMULATE_JOBS)
		text_add(&held, STR("a free job"));
	size_t room = (size_t)width > held.n + 2 * (held.n > 0)
			      ? (size_t)width - held.n - 2 * (held.n > 0)
			      : 0;
	struct before *list = ARENA_MANY(&arena, after->n, struct before);
	for (size_t i = 0; i < after->n; i++)
		list[i] = (struct before){ sim, after->at[i] };
	if (after->n)
		qsort(list, after->n, sizeof *list, before_compare);
	for (size_t i = 0; i < after->n; i++) {
		struct str name = s->agent[list[i].agent].name;
		size_t rest = after->n - i, behind = rest > 1 ? 6 : 0;
		if (i && waits.n + 2 + name.n + behind > room) {
			text_addf(&waits, " +%zu", rest);
			break;
		}
		size_t most = room > behind ? room - behind : 0;
		bool cut = !i && name.n > most;
		text_addf(&waits, "%s%.*s%s", i ? ", " : "",
			  (int)(cut ? (most ? most - 1 : 0) : name.n), name.at, cut ? "…" : "");
	}
	if (held.n)
		text_addf(&waits, "%s%s", waits.n ? ", " : "", held.at);
	text_add(out, text_str(&waits));
	for (size_t n = utf8_width(text_str(&waits)); n < (size_t)pad; n++)
		text_add_byte(out, ' ');
	text_release(&waits);
	text_release(&held);
	arena_release(&arena);
}

/* For these rows. */
static struct widths measure(const struct timetable *t, const struct simulate *sim,
			     const struct row *rows, size_t n)
{
	const struct schedule *s = t->schedule;
	struct widths w = { .number = 2, .name = 5, .time = 5 };
	for (size_t more = s->agent_n; more > 99; more /= 10)
		w.number++;
	for (size_t i = 0; i < s->agent_n; i++) {
		const struct simulate_agent *a = &sim->agent[i];
		uint64_t times[] = { a->start, a->end, a->slack, a->end - a->start };
		for (int k = 0; k < 4; k++) {
			int width = time_width(times[k]) + (k == 3 && !s->agent[i].estimate);
			w.time = width > w.time ? width : w.time;
		}
		w.name = (int)s->agent[i].name.n > w.name ? (int)s->agent[i].name.n : w.name;
	}
	w.name = w.name > NAME_MOST ? NAME_MOST : w.name;
	size_t columns = t->columns < NARROWEST ? NARROWEST : t->columns;
	int left = (int)columns - (w.number + 3 + w.name + 4 * (w.time + 1) + 2), longest = 9;
	w.waits = left < WAITS_LEAST ? WAITS_LEAST : left;
	if (left - 2 < WAITS_LEAST + BAR_LEAST)
		return w;
	w.waits = (left - 2) * 2 / 5 > WAITS_MOST ? WAITS_MOST : (left - 2) * 2 / 5;
	w.waits = w.waits < WAITS_LEAST ? WAITS_LEAST : w.waits;
	for (size_t i = 0; i < n; i++) {
		struct text waits = { 0 };
		add_waits(t, sim, rows[i].agent, 0, w.waits, &waits);
		longest = (int)utf8_width(text_str(&waits)) > longest
				  ? (int)utf8_width(text_str(&waits))
				  : longest;
		text_release(&waits);
	}
	w.pad = longest;
	w.bar = left - 2 - w.pad > BAR_MOST ? BAR_MOST : left - 2 - w.pad;
	return w;
}

static void trim(struct text *out)
{
	while (out->n && out->at[out->n - 1] == ' ')
		out->n--;
}

static void add_bar(const struct timetable *t, const struct simulate *sim, uint32_t agent,
		    int width, struct text *out)
{
	const struct simulate_agent *a = &sim->agent[agent];
	uint64_t wall = sim->wall ? sim->wall : 1;
	int from = (int)(a->start * (uint64_t)width / wall),
	    to = (int)((a->end * (uint64_t)width + wall - 1) / wall);
	text_add(out, STR("  "));
	for (int i = 0; i < from; i++)
		text_add_byte(out, ' ');
	timetable_part_style(t, out, a->critical ? "1;31" : "34");
	for (int i = from; i < to; i++)
		text_add(out, a->critical ? STR("█") : STR("▒"));
	timetable_part_style(t, out, "0");
}

static void add_row(const struct timetable *t, const struct simulate *sim, const struct widths *w,
		    size_t number, uint32_t agent, struct text *out)
{
	const struct schedule_agent *from = &t->schedule->agent[agent];
	const struct simulate_agent *a = &sim->agent[agent];
	bool cut = from->name.n > (size_t)w->name;
	text_addf(out, "%*zu ", w->number, number);
	timetable_part_style(t, out, a->critical ? "1;31" : "0");
	text_addf(out, "%c %.*s%s%*s", a->critical ? '*' : ' ',
		  cut ? w->name - 1 : (int)from->name.n, from->name.at, cut ? "…" : "",
		  cut ? 0 : w->name - (int)from->name.n, "");
	timetable_part_style(t, out, "0");
	add_time(out, a->start, w->time, "");
	add_time(out, a->end, w->time, "");
	add_time(out, a->end - a->start, w->time, from->estimate ? "" : "?");
	if (a->slack)
		add_time(out, a->slack, w->time, "");
	else
		text_addf(out, " %*s", w->time, "-");
	text_add(out, STR("  "));
	add_waits(t, sim, agent, w->pad, w->waits, out);
	if (w->bar)
		add_bar(t, sim, agent, w->bar, out);
	trim(out);
	text_add_byte(out, '\n');
}

static void add_rows(const struct timetable *t, const struct simulate *sim, struct text *out)
{
	struct arena arena = { 0 };
	size_t n = t->schedule->agent_n, shown = t->all || n <= ROWS_MOST + 2 ? n : ROWS_MOST,
	       critical = 0;
	struct row *rows = ARENA_MANY(&arena, n, struct row);
	for (uint32_t i = 0; i < n; i++)
		rows[i] = (struct row){ i, sim->agent[i].start };
	if (n)
		qsort(rows, n, sizeof *rows, row_compare);
	struct widths w = measure(t, sim, rows, shown);
	timetable_part_style(t, out, "1");
	text_addf(out, "%*s   %-*s %*s %*s %*s %*s  %s", w.number, "", w.name, "agent", w.time,
		  "start", w.time, "end", w.time, "takes", w.time, "slack", "waits for");
	timetable_part_style(t, out, "0");
	text_add_byte(out, '\n');
	for (size_t i = 0; i < shown; i++)
		add_row(t, sim, &w, i + 1, rows[i].agent, out);
	for (size_t i = shown; i < n; i++)
		critical += sim->agent[rows[i].agent].critical;
	if (shown < n)
		text_addf(out,
			  "%*s   and %zu more, %zu of them on the critical path: %s shows them\n",
			  w.number, "", n - shown, critical, t->more);
	text_addf(out, "%*s * on a critical path%s\n", w.number, "",
		  sim->unknown ? "   ? has no estimate and counts as " SIMULATE_UNKNOWN_TEXT : "");
	arena_release(&arena);
}

void timetable_write(const struct timetable *t, struct text *out)
{
	struct arena arena = { 0 };
	uint32_t jobs = t->jobs ? t->jobs : t->schedule->plan.jobs;
	struct simulate sim = simulate_schedule(&arena, t->schedule, jobs);
	timetable_part_style(t, out, "1");
	text_addf(out, "plan %.*s", STR_ARG(t->schedule->plan.name));
	timetable_part_style(t, out, "0");
	text_add(out, t->schedule->plan.title.n ? STR(": ") : STR(""));
	shown_add(out, t->schedule->plan.title);
	text_add(out, STR("\n\n"));
	add_rows(t, &sim, out);
	text_add_byte(out, '\n');
	timetable_sum_write(t, &sim, jobs, out);
	arena_release(&arena);
}
