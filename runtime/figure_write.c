/* figure_write.c — what metrics came to, as a table and as JSON, see figure.h. */
#include "runtime/figure.h"

#include "common/json.h"
#include "runtime/visible.h"

enum { FIGURE_COLUMNS = 6 };

/* What a row of the table has in its columns. */
static void figure_row(const struct schedule_metric *metric, const struct figures *figures,
		       struct text *cells)
{
	text_add(&cells[0], metric->name);
	figure_add(metric, &figures->before, &cells[1]);
	figure_add(metric, &figures->after, &cells[2]);
	figure_add_change(figures, &cells[3]);
	figure_add_goal(metric, &cells[4]);
	text_add(&cells[5], str_from(figure_verdict(metric, figures)));
	if (figures->missed && metric->require)
		text_add(&cells[5], STR(", and required"));
}

static void add_why(const char *when, const struct figure *figure, struct text *out)
{
	struct str why = figure->why, first;
	if (!figure->tried || figure->number.n || !str_split(&why, '\n', &first))
		return;
	text_addf(out, "      %s: ", when);
	visible_add(out, first, false);
	text_add_byte(out, '\n');
}

void figure_write(const struct schedule *s, const struct figures *figures, bool colour,
		  struct text *out)
{
	static const char *const heads[] = { "metric", "before", "after", "change", "goal", "" };
	size_t width[FIGURE_COLUMNS];
	struct arena arena = { 0 };
	if (!s->metric_n)
		return;
	struct text *cells = ARENA_MANY(&arena, s->metric_n * FIGURE_COLUMNS, struct text);
	for (size_t j = 0; j < FIGURE_COLUMNS; j++)
		width[j] = strlen(heads[j]);
	for (size_t i = 0; i < s->metric_n; i++) {
		figure_row(&s->metric[i], &figures[i], &cells[i * FIGURE_COLUMNS]);
		for (size_t j = 0; j < FIGURE_COLUMNS; j++)
			if (cells[i * FIGURE_COLUMNS + j].n > width[j])
				width[j] = cells[i * FIGURE_COLUMNS + j].n;
	}
	text_add(out, STR("\n "));
	for (size_t j = 0; j + 1 < FIGURE_COLUMNS; j++)
		text_addf(out, " %-*s", (int)width[j] + 1, heads[j]);
	text_end_line(out);
	for (size_t i = 0; i < s->metric_n; i++) {
		bool missed = figures[i].missed;
		text_add(out, STR(" "));
		for (size_t j = 0; j < FIGURE_COLUMNS; j++) {
			struct text *cell = &cells[i * FIGURE_COLUMNS + j];
			bool last = j + 1 == FIGURE_COLUMNS;
			text_addf(out, " %s%.*s%s", last && missed && colour ? "\033[31m" : "",
				  STR_ARG(text_str(cell)), last && missed && colour ? "\033[0m" : "");
			for (size_t n = cell->n; n < width[j] + 1; n++)
				text_add_byte(out, ' ');
			text_release(cell);
		}
		text_end_line(out);
		add_why("before", &figures[i].before, out);
		add_why("after", &figures[i].after, out);
	}
	text_add_byte(out, '\n');
	arena_release(&arena);
}

static void figure_json(const char *key, const struct figure *figure, struct text *out)
{
	if (!figure->tried)
		return;
	json_open(out, key, '{');
	if (figure->number.n)
		json_write_text(out, "number", figure->number);
	else
		json_write_text(out, "message", figure->why);
	json_close(out, '}');
}

void figure_write_json(const struct schedule *s, const struct figures *figures, struct text *out)
{
	json_open(out, "metrics", '[');
	for (size_t i = 0; i < s->metric_n; i++) {
		const struct schedule_metric *metric = &s->metric[i];
		const char *verdict = figure_verdict(metric, &figures[i]);
		json_open(out, NULL, '{');
		json_write_text(out, "metric", metric->name);
		json_write_text(out, "title", metric->title);
		json_write_text(out, "unit", metric->unit);
		figure_json("before", &figures[i].before, out);
		figure_json("after", &figures[i].after, out);
		if (metric->order != SCHEDULE_ORDER_NONE) {
			json_write_text(out, "order", str_from(schedule_order_sign(metric->order)));
			json_write_text(out, "goal", metric->goal);
			json_write_flag(out, "required", metric->require);
		}
		if (*verdict)
			json_write_text(out, "verdict", str_from(verdict));
		json_close(out, '}');
	}
	json_close(out, ']');
}
