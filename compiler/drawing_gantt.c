/* drawing_gantt.c — see drawing_gantt.h. Lengths are tenths of a pixel. */
#include "compiler/drawing_gantt.h"

#include "common/markup.h"
#include "compiler/drawing_bars.h"
#include "compiler/drawing_svg.h"
#include "compiler/drawing_text.h"
#include "compiler/eval.h"

enum {
	ROW = 240, BAR = 140, BAND_GAP = 60,
	SLOT_ROOM = 620, NAME_MOST = 2400, NAME_GAP = 140,
	CHART = 9000, TICK_LEAST = 900,
	AXIS_ROOM = 200, LEGEND_ROOM = 420,
};
static const struct drawing_font font_name = { true, true, 130 }, font_time = { false, false, 115 },
	font_mark = { false, false, 110 };

struct chart {
	struct arena *arena;
	const struct drawing *d;
	struct text *out;
	const struct drawing_bar *bar;
	int *row;		/* by agent: the y of its row */
	uint64_t end;		/* seconds that the axis has, at least 1 */
	int left, top, bottom;	/* of the chart */
};

static int x_of(const struct chart *c, uint64_t seconds)
{
	return c->left + (int)(seconds * CHART / c->end);
}

/* Seconds between ticks, such that they stand no closer than TICK_LEAST. */
static uint64_t tick_step(uint64_t end)
{
	static const uint64_t step[] = { 1,     5,     10,     30,     60,      120,    300,
					 600,   900,   1800,   3600,   7200,    10800,  21600,
					 43200, 86400, 172800, 604800, 1209600, 2419200 };
	size_t i = 0;
	while (i + 1 < sizeof step / sizeof *step && step[i] * CHART / end < TICK_LEAST)
		i++;
	uint64_t seconds = step[i];
	while (seconds * CHART / end < TICK_LEAST)
		seconds *= 2;
	return seconds;
}

static void add_line(const struct chart *c, const char *class, int x, int y, int to_x, int to_y)
{
	text_addf(c->out, "<line class=\"%s\"", class);
	drawing_svg_length(c->out, " x1=\"", x, "\"");
	drawing_svg_length(c->out, " y1=\"", y, "\"");
	drawing_svg_length(c->out, " x2=\"", to_x, "\"");
	drawing_svg_length(c->out, " y2=\"", to_y, "\"/>\n");
}

static void add_rect(const struct chart *c, const char *class, int x, int y, int w, int h)
{
	text_addf(c->out, "<rect class=\"%s\"", class);
	drawing_svg_length(c->out, " x=\"", x, "\"");
	drawing_svg_length(c->out, " y=\"", y, "\"");
	drawing_svg_length(c->out, " width=\"", w, "\"");
	drawing_svg_length(c->out, " height=\"", h, "\" rx=\"2\"/>\n");
}

static uint32_t slot_of(const struct chart *c, size_t row)
{
	return c->d->times->agent[c->bar[row].agent].slot;
}

/* Bands of slots, and where each row is. */
static void add_bands(struct chart *c)
{
	int y = c->top;
	for (size_t i = 0, end; i < c->d->agent_n; i = end) {
		int from = y;
		for (end = i; end < c->d->agent_n && slot_of(c, end) == slot_of(c, i);
		     end++, y += ROW)
			c->row[c->bar[end].agent] = y;
		add_rect(c, "band", DRAWING_SVG_MARGIN, from, c->left + CHART - DRAWING_SVG_MARGIN,
			 y - from);
		drawing_svg_text(c->out, "slot", DRAWING_SVG_MARGIN + 80, from + 160,
				 arena_format(c->arena, "slot %u", slot_of(c, i) + 1));
		y += BAND_GAP;
	}
	c->bottom = y - BAND_GAP;
}

static void add_axis(const struct chart *c)
{
	uint64_t step = tick_step(c->end);
	for (uint64_t at = 0; at <= c->end; at += step) {
		add_line(c, "grid", x_of(c, at), c->top - 60, x_of(c, at), c->bottom);
		drawing_svg_text(c->out, "tick", x_of(c, at), c->top - 110,
				 at ? eval_duration_text(c->arena, at) : STR("0"));
	}
}

/* From the end of each critical agent to the start of the next one. */
static void add_path(const struct chart *c)
{
	for (uint32_t i = 0; i < c->d->agent_n; i++) {
		struct index_list after = c->d->schedule->agent[i].after;
		for (size_t j = 0; j < after.n; j++) {
			uint32_t before = after.at[j];
			if (!drawing_critical(c->d, before, i))
				continue;
			drawing_svg_length(c->out, "<path class=\"edge hot\" d=\"M",
					   x_of(c, c->d->times->agent[before].end), "");
			drawing_svg_length(c->out, " ", c->row[before] + ROW / 2, "V");
			drawing_svg_length(c->out, "", c->row[i] + ROW / 2, "");
			drawing_svg_length(c->out, "H", x_of(c, c->d->times->agent[i].start),
					   "\"/>\n");
		}
	}
}

static void add_bar(const struct chart *c, const struct drawing_bar *bar)
{
	const struct drawing_agent *agent = &c->d->agent[bar->agent];
	const struct simulate_agent *at = &c->d->times->agent[bar->agent];
	int y = c->row[bar->agent], x = x_of(c, at->start), end = x_of(c, at->end),
	    names = c->left - NAME_GAP;
	struct str time = agent->time.n ? agent->time : arena_format(c->arena, "%.*s?",
			  STR_ARG(eval_duration_text(c->arena, SIMULATE_UNKNOWN)));
	int room = names - DRAWING_SVG_MARGIN - SLOT_ROOM - drawing_text_width(font_time, time) -
		   80;
	text_addf(c->out, "<g class=\"agent%s\" id=\"agent-%.*s\">\n<title>",
		  agent->critical ? " critical" : "", STR_ARG(agent->name));
	markup_add(c->out, agent->name);
	text_add(c->out, STR(": "));
	markup_add(c->out, agent->title.n ? agent->title : STR("no title"));
	text_addf(c->out, "\nfrom %.*s", STR_ARG(eval_duration_text(c->arena, at->start)));
	text_addf(c->out, " to %.*s</title>\n", STR_ARG(eval_duration_text(c->arena, at->end)));
	drawing_svg_text(c->out, "name", DRAWING_SVG_MARGIN + SLOT_ROOM, y + 165,
			 drawing_text_cut(c->arena, font_name, agent->name, room));
	drawing_svg_text(c->out, "time", names, y + 165, time);
	if (bar->ready < at->start)
		add_line(c, "wait", x_of(c, bar->ready), y + ROW / 2, x, y + ROW / 2);
	if (bar->late)
		add_rect(c, "slack", end, y + (ROW - BAR) / 2 + 30,
			 x_of(c, at->end + bar->late) - end, BAR - 60);
	add_rect(c, "bar", x, y + (ROW - BAR) / 2, end - x > 20 ? end - x : 20, BAR);
	text_add(c->out, STR("</g>\n"));
}

/* What the author expects, beside its line on the side that has room. */
static void add_claim(const struct chart *c)
{
	if (!c->d->expected)
		return;
	struct str text = arena_format(c->arena, "expected %.*s",
				       STR_ARG(eval_duration_text(c->arena, c->d->expected)));
	int x = x_of(c, c->d->expected), w = drawing_text_width(font_mark, text);
	add_line(c, "claim", x, c->top - 60, x, c->bottom + 100);
	drawing_svg_text(c->out, "mark", x + w + 60 > c->left + CHART ? x - w - 60 : x + 60,
			 c->bottom + 130, text);
}

static void add_legend(const struct chart *c)
{
	int x = DRAWING_SVG_MARGIN, y = c->bottom + 400;
	text_add(c->out, STR("<g class=\"critical\">"));
	add_rect(c, "bar", x, y - 100, 240, 110);
	text_add(c->out, STR("</g>\n"));
	drawing_svg_text(c->out, "slot", x + 320, y, STR("on the critical path"));
	add_rect(c, "bar", x + 1800, y - 100, 240, 110);
	drawing_svg_text(c->out, "slot", x + 2120, y, STR("not on it"));
	add_rect(c, "slack", x + 2950, y - 100, 240, 110);
	drawing_svg_text(c->out, "slot", x + 3270, y, STR("how much later it may end"));
	add_line(c, "wait", x + 5100, y - 45, x + 5340, y - 45);
	drawing_svg_text(c->out, "slot", x + 5420, y, STR("waits for a slot or a pool"));
}

void drawing_gantt_write(struct arena *arena, const struct drawing *d, struct text *out)
{
	struct chart c = { .arena = arena,
			   .d = d,
			   .out = out,
			   .bar = drawing_bars_make(arena, d),
			   .row = ARENA_MANY(arena, d->agent_n, int),
			   .top = DRAWING_SVG_HEAD + AXIS_ROOM };
	int names = 0, bands = 0;
	for (size_t i = 0; i < d->agent_n; i++) {
		int w = drawing_text_width(font_name, d->agent[i].name) + 700;
		names = w > names ? w : names;
		bands += !i || slot_of(&c, i) != slot_of(&c, i - 1);
	}
	c.left = DRAWING_SVG_MARGIN + SLOT_ROOM + (names < NAME_MOST ? names : NAME_MOST) +
		 NAME_GAP;
	c.end = d->expected > d->times->wall ? d->expected : d->times->wall ? d->times->wall : 1;
	int h = c.top + (int)d->agent_n * ROW + (bands - 1) * BAND_GAP + LEGEND_ROOM +
		DRAWING_SVG_MARGIN;
	drawing_svg_begin(out, d, c.left + CHART + 2 * DRAWING_SVG_MARGIN, h);
	add_bands(&c);
	add_axis(&c);
	add_path(&c);
	for (size_t i = 0; i < d->agent_n; i++)
		add_bar(&c, &c.bar[i]);
	add_claim(&c);
	add_legend(&c);
	drawing_svg_end(out);
}
