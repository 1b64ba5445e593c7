/* figure.c — see figure.h. */
#include "runtime/figure.h"

#include "common/utf8.h"
#include "runtime/visible.h"

#include <math.h>

enum { SHOWN = 60 }; /* bytes of a line that is no number */

/* The number in a line, or nothing. */
static struct str number_in(struct str line, struct str unit)
{
	line = str_trim(line);
	if (unit.n && line.n > unit.n &&
	    str_equal(str_slice(line, line.n - unit.n, line.n), unit))
		line = str_trim(str_slice(line, 0, line.n - unit.n));
	return schedule_is_decimal(line) ? line : (struct str){ 0 };
}

bool figure_read(struct arena *arena, struct str output, struct str unit, struct str *number,
		 struct str *why)
{
	struct str line, last = { 0 };
	*number = (struct str){ 0 };
	while (str_split(&output, '\n', &line)) {
		struct str found = number_in(line, unit);
		*number = found.n ? found : *number;
		last = str_trim(line).n ? str_trim(line) : last;
	}
	struct text shown = { 0 };
	visible_add(&shown, utf8_cut(last, SHOWN), false);
	*why = last.n ? arena_format(arena,
				     "no line that it printed is a number%s; the last one is \"%.*s\"",
				     unit.n ? ", with its unit or without" : "",
				     STR_ARG(text_str(&shown)))
		      : STR("it printed nothing, where a number was expected");
	text_release(&shown);
	return number->n > 0;
}

bool figure_gather(struct arena *arena, struct store *store, const struct store_run *run,
		   const struct schedule *schedule, struct figures **list, struct fail *fail)
{
	struct store_figure *rows;
	size_t n, m = schedule->metric_n, after = schedule->plan.code.n - 1 - m;
	*list = ARENA_MANY(arena, m, struct figures);
	if (!m)
		return true;
	if (!store_figures(store, arena, run->id, &rows, &n, fail))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool before = rows[i].pc < m;
		if (!before && (rows[i].pc < after || rows[i].pc >= after + m))
			return fail_set(fail, "the journal is of another schedule than run %lld's",
					(long long)run->id);
		struct figure figure = { true, rows[i].number, rows[i].message };
		if (before)
			(*list)[rows[i].pc].before = figure;
		else if (oid_equal(rows[i].commit, run->integration))
			(*list)[rows[i].pc - after].after = figure;
	}
	for (size_t i = 0; i < m; i++) {
		const struct figure *is = &(*list)[i].after;
		(*list)[i].missed = is->tried && schedule->metric[i].order != SCHEDULE_ORDER_NONE &&
				    !(is->number.n &&
				      schedule_meets_goal(&schedule->metric[i], is->number));
	}
	return true;
}

static void add_unit(const struct schedule_metric *metric, struct text *out)
{
	text_add(out, metric->unit.n ? STR(" ") : STR(""));
	visible_add(out, metric->unit, false);
}

void figure_add(const struct schedule_metric *metric, const struct figure *figure, struct text *out)
{
	text_add(out, figure->number.n ? figure->number : STR("-"));
	if (figure->number.n)
		add_unit(metric, out);
}

void figure_add_change(const struct figures *figures, struct text *out)
{
	if (!figures->before.number.n || !figures->after.number.n)
		return;
	double from = schedule_decimal(figures->before.number);
	double change = (schedule_decimal(figures->after.number) - from) / fabs(from) * 100;
	if (isfinite(change))
		text_addf(out, "%+.*f%%", fabs(change) < 10 && change != 0 ? 1 : 0, change);
}

void figure_add_goal(const struct schedule_metric *metric, struct text *out)
{
	if (metric->order == SCHEDULE_ORDER_NONE)
		return;
	text_addf(out, "%s %.*s", schedule_order_sign(metric->order), STR_ARG(metric->goal));
	add_unit(metric, out);
}

const char *figure_verdict(const struct schedule_metric *metric, const struct figures *figures)
{
	if (metric->order == SCHEDULE_ORDER_NONE || !figures->after.tried)
		return "";
	return figures->missed ? "missed" : "met";
}
