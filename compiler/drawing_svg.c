/* drawing_svg.c — see drawing_svg.h. Colours are of a palette that holds for all kinds of colour
 * vision (Okabe and Ito 2008); what is critical is also drawn heavier. */
#include "compiler/drawing_svg.h"

#include "common/markup.h"
#include "compiler/drawing_layout.h"
#include "compiler/drawing_text.h"

#include <stdlib.h>

enum {
	PAD = 110,		/* in a box, to the left and right of its texts */
	TEXT_MOST = 2500, BOX_LEAST = 1100,
	NAME_LINE = 190, TITLE_LINE = 165, OWNS_LINE = 145, BOX_PAD = 160,
	TIME_ROOM = 100,	/* between name and time */
};
static const struct drawing_font font_name = { true, true, 130 },
				 font_title = { false, false, 120 },
				 font_owns = { true, false, 105 },
				 font_time = { false, false, 115 },
				 font_group = { false, true, 120 },
				 font_head = { false, true, 170 },
				 font_summary = { false, false, 125 };

static const char style[] =
	"<style>\n"
	"svg { --page: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #7d8590; --box: #ffffff; --edge: #8c959f;\n"
	"  --group: #0072b2; --hot: #c14a00; --hotbox: #fff4ec; --bar: #3d8fc4; --slack: #3d8fc4; --band: #f4f6f8 }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"svg { --page: #0d1117; --ink: #e6edf3; --soft: #9aa5b1; --line: #768390; --box: #161b22; --edge: #6e7681;\n"
	"  --group: #56b4e9; --hot: #ff9a4d; --hotbox: #2b1c10; --bar: #2f77ab; --slack: #56b4e9; --band: #151b23 }\n"
	"}\n"
	"text { font-family: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; fill: var(--ink) }\n"
	".page { fill: var(--page) }\n"
	".head { font-size: 17px; font-weight: 600 }\n"
	".sum { font-size: 12.5px; fill: var(--soft) }\n"
	".path { font-weight: 600; fill: var(--hot) }\n"
	".name { font: 600 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace }\n"
	".title { font-size: 12px }\n"
	".owns { font: 10.5px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: var(--soft) }\n"
	".time { font-size: 11.5px; fill: var(--soft); text-anchor: end }\n"
	".box { fill: var(--box); stroke: var(--line); stroke-width: 1 }\n"
	".critical .box { fill: var(--hotbox); stroke: var(--hot); stroke-width: 2 }\n"
	".group { fill: var(--group); fill-opacity: .07; stroke: var(--group); stroke-opacity: .45 }\n"
	".label { font-size: 12px; font-weight: 600; fill: var(--group) }\n"
	".edge { fill: none; stroke: var(--edge); stroke-width: 1.3 }\n"
	".hot { stroke: var(--hot); stroke-width: 2.4 }\n"
	".tip { fill: var(--edge) }\n"
	".hottip { fill: var(--hot) }\n"
	".point { fill: var(--edge) }\n"
	".band { fill: var(--band) }\n"
	".grid { stroke: var(--line); stroke-opacity: .35 }\n"
	".tick { font-size: 11px; fill: var(--soft); text-anchor: middle }\n"
	".slot { font-size: 11px; fill: var(--soft) }\n"
	".bar { fill: var(--bar) }\n"
	".critical .bar { fill: var(--hot) }\n"
	".slack { fill: var(--slack); fill-opacity: .22 }\n"
	".wait { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 2 3 }\n"
	".claim { stroke: var(--ink); stroke-width: 1.4; stroke-dasharray: 6 4 }\n"
	".mark { font-size: 11px; fill: var(--ink) }\n"
	"</style>\n";

void drawing_svg_length(struct text *out, const char *before, int tenths, const char *after)
{
	unsigned size = (unsigned)abs(tenths);
	text_addf(out, "%s%s%u", before, tenths < 0 ? "-" : "", size / 10);
	if (size % 10)
		text_addf(out, ".%u", size % 10);
	text_add(out, str_from(after));
}

void drawing_svg_text(struct text *out, const char *class, int x, int y, struct str text)
{
	text_addf(out, "<text class=\"%s\"", class);
	drawing_svg_length(out, " x=\"", x, "\"");
	drawing_svg_length(out, " y=\"", y, "\">");
	markup_add(out, text);
	text_add(out, STR("</text>\n"));
}

static void add_box(struct text *out, const char *class, int radius, struct drawing_box box)
{
	text_addf(out, "<rect class=\"%s\"", class);
	drawing_svg_length(out, " x=\"", box.x, "\"");
	drawing_svg_length(out, " y=\"", box.y, "\"");
	drawing_svg_length(out, " width=\"", box.w, "\"");
	drawing_svg_length(out, " height=\"", box.h, "\"");
	text_addf(out, " rx=\"%d\"/>\n", radius);
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

void drawing_svg_begin(struct text *out, const struct drawing *d, int w, int h)
{
	int head = most(drawing_text_width(font_head, d->title),
			drawing_text_width(font_summary, d->summary) +
				drawing_text_width(font_summary, d->path) + 300);
	w = most(w, head + 2 * DRAWING_SVG_MARGIN);
	text_add(
		out,
		STR("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\""));
	drawing_svg_length(out, " width=\"", w, "\"");
	drawing_svg_length(out, " height=\"", h, "\"");
	drawing_svg_length(out, " viewBox=\"0 0 ", w, "");
	drawing_svg_length(out, " ", h, "\">\n");
	text_add(out, STR("<title id=\"title\">"));
	markup_add(out, d->title);
	text_add(out, STR("</title>\n<desc id=\"desc\">"));
	markup_add(out, d->summary);
	text_add(out, STR("</desc>\n"));
	text_add(out, str_from(style));
	text_add(out, STR("<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"));
	drawing_svg_text(out, "head", DRAWING_SVG_MARGIN, 320, d->title);
	drawing_svg_length(out, "<text class=\"sum\" y=\"51\" x=\"", DRAWING_SVG_MARGIN, "\">");
	markup_add(out, d->summary);
	if (d->path.n)
		text_add(out, STR(" · <tspan class=\"path\">"));
	markup_add(out, d->path);
	text_add(out, d->path.n ? STR("</tspan></text>\n") : STR("</text>\n"));
}

void drawing_svg_end(struct text *out)
{
	text_add(out, STR("</svg>\n"));
}

/* Agents. */

static size_t owns_lines(const struct drawing_agent *agent, size_t owns_most)
{
	return !owns_most ? 0 : agent->owns.n <= owns_most ? agent->owns.n : owns_most;
}

static struct str owns_line(struct arena *arena, const struct drawing_agent *agent, size_t line,
			    size_t lines)
{
	struct str pattern = agent->owns.at[line];
	if (line + 1 < lines || lines == agent->owns.n)
		return drawing_text_cut_front(arena, font_owns, pattern, TEXT_MOST);
	struct str more = arena_format(arena, " +%zu", agent->owns.n - lines);
	int room = TEXT_MOST - drawing_text_width(font_owns, more);
	pattern = drawing_text_cut_front(arena, font_owns, pattern, room);
	return arena_format(arena, "%.*s%.*s", STR_ARG(pattern), STR_ARG(more));
}

static struct str shown_name(struct arena *arena, const struct drawing_agent *agent)
{
	int time = agent->time.n ? drawing_text_width(font_time, agent->time) + TIME_ROOM : 0;
	return drawing_text_cut(arena, font_name, agent->name, TEXT_MOST - time);
}

static struct drawing_box measure(struct arena *arena, const struct drawing_agent *agent,
				  size_t owns_most)
{
	size_t lines = owns_lines(agent, owns_most);
	int time = agent->time.n ? drawing_text_width(font_time, agent->time) + TIME_ROOM : 0;
	struct str title = drawing_text_cut(arena, font_title, agent->title, TEXT_MOST);
	struct drawing_box box = { 0, 0, BOX_LEAST, BOX_PAD + NAME_LINE };
	box.w = most(box.w,
		     drawing_text_width(font_name, shown_name(arena, agent)) + time + 2 * PAD);
	box.w = most(box.w, drawing_text_width(font_title, title) + 2 * PAD);
	for (size_t i = 0; i < lines; i++)
		box.w = most(box.w,
			     drawing_text_width(font_owns, owns_line(arena, agent, i, lines)) +
				     2 * PAD);
	box.h += (title.n ? TITLE_LINE : 0) + (int)lines * OWNS_LINE;
	return box;
}

static void add_agent(struct arena *arena, struct text *out, const struct drawing_agent *agent,
		      struct drawing_box box, size_t owns_most)
{
	size_t lines = owns_lines(agent, owns_most);
	int x = box.x + PAD, y = box.y + BOX_PAD / 2 + 125;
	text_addf(out, "<g class=\"agent%s\" id=\"agent-%.*s\">\n<title>",
		  agent->critical ? " critical" : "", STR_ARG(agent->name));
	markup_add(out, agent->name);
	text_add(out, STR(": "));
	markup_add(out, agent->title.n ? agent->title : STR("no title"));
	for (size_t i = 0; i < agent->owns.n; i++) {
		text_add_byte(out, '\n');
		markup_add(out, agent->owns.at[i]);
	}
	text_add(out, STR("</title>\n"));
	add_box(out, "box", 6, box);
	drawing_svg_text(out, "name", x, y, shown_name(arena, agent));
	if (agent->time.n)
		drawing_svg_text(out, "time", box.x + box.w - PAD, y, agent->time);
	y += NAME_LINE - 10;
	if (agent->title.n) {
		drawing_svg_text(out, "title", x, y,
				 drawing_text_cut(arena, font_title, agent->title, TEXT_MOST));
		y += TITLE_LINE - 5;
	}
	for (size_t i = 0; i < lines; i++, y += OWNS_LINE)
		drawing_svg_text(out, "owns", x, y, owns_line(arena, agent, i, lines));
	text_add(out, STR("</g>\n"));
}

/* Edges. */

static void curve_to(struct text *out, int from, int to, int y_from, int y_to)
{
	int bend = (to - from) / 2;
	if (y_from == y_to) {
		drawing_svg_length(out, "H", to, "");
		return;
	}
	drawing_svg_length(out, "C", from + bend, "");
	drawing_svg_length(out, " ", y_from, "");
	drawing_svg_length(out, " ", to - bend, "");
	drawing_svg_length(out, " ", y_to, "");
	drawing_svg_length(out, " ", to, "");
	drawing_svg_length(out, " ", y_to, "");
}

static void add_edge(struct text *out, const struct drawing *d, const struct drawing_layout *layout,
		     size_t index)
{
	enum { TIP = 70 };	/* the arrow's length, which the line leaves out */
	const struct drawing_edge *edge = &d->edge[index];
	struct drawing_box from = layout->node[edge->from], to = layout->node[edge->to];
	bool arrow = edge->to < d->agent_n;
	int x = from.x + from.w, y = from.y + from.h / 2, end_y = to.y + to.h / 2;
	text_addf(out, "<path class=\"edge%s\"", edge->critical ? " hot" : "");
	drawing_svg_length(out, " d=\"M", x, "");
	drawing_svg_length(out, " ", y, "");
	for (uint32_t i = layout->first_lane[index]; i < layout->first_lane[index + 1]; i++) {
		const struct drawing_lane *lane = &layout->lane[i];
		curve_to(out, x, lane->from, y, lane->y);
		drawing_svg_length(out, "H", lane->to, "");
		x = lane->to;
		y = lane->y;
	}
	curve_to(out, x, to.x - (arrow ? TIP : 0), y, end_y);
	if (arrow)
		text_addf(out, "\" marker-end=\"url(#%s)\"/>\n", edge->critical ? "hottip" : "tip");
	else
		text_add(out, STR("\"/>\n"));
}

static void add_markers(struct text *out)
{
	static const char *const id[] = { "tip", "hottip" };
	for (size_t i = 0; i < 2; i++)
		text_addf(
			out,
			"<marker id=\"%s\" markerUnits=\"userSpaceOnUse\" markerWidth=\"8\" markerHeight=\"8\" "
			"refX=\"0.5\" refY=\"4\" orient=\"auto\"><path class=\"%s\" d=\"M0 0.5 7.5 4 0 7.5z\"/>"
			"</marker>\n",
			id[i], id[i]);
}

static void add_groups(struct arena *arena, struct text *out, const struct drawing *d,
		       const struct drawing_layout *layout)
{
	for (size_t i = 0; i < d->group_n; i++) {
		struct drawing_box box = layout->group[i];
		if (d->group[i].empty)
			continue;
		add_box(out, "group", 8, box);
		drawing_svg_text(out, "label", box.x + PAD, box.y + 190,
				 drawing_text_cut(arena, font_group, d->group[i].label,
						  box.w - 2 * PAD));
	}
}

static void shift(struct drawing_box *box, int x, int y)
{
	box->x += x;
	box->y += y;
}

static void add_frame(struct drawing_layout *layout, const struct drawing *d)
{
	for (size_t i = 0; i < d->agent_n + d->junction_n; i++)
		shift(&layout->node[i], DRAWING_SVG_MARGIN, DRAWING_SVG_HEAD);
	for (size_t i = 0; i < d->group_n; i++)
		shift(&layout->group[i], DRAWING_SVG_MARGIN, DRAWING_SVG_HEAD);
	for (size_t i = 0; i < layout->first_lane[d->edge_n]; i++) {
		layout->lane[i].from += DRAWING_SVG_MARGIN;
		layout->lane[i].to += DRAWING_SVG_MARGIN;
		layout->lane[i].y += DRAWING_SVG_HEAD;
	}
	layout->w += 2 * DRAWING_SVG_MARGIN;
	layout->h += DRAWING_SVG_HEAD + DRAWING_SVG_MARGIN;
}

void drawing_svg_write(struct arena *arena, const struct drawing *d, size_t owns_most,
		       struct text *out)
{
	struct drawing_box *size = ARENA_MANY(arena, d->agent_n, struct drawing_box);
	for (size_t i = 0; i < d->agent_n; i++)
		size[i] = measure(arena, &d->agent[i], owns_most);
	struct drawing_layout layout = drawing_layout_make(arena, d, size);
	add_frame(&layout, d);
	drawing_svg_begin(out, d, layout.w, layout.h);
	add_markers(out);
	add_groups(arena, out, d, &layout);
	for (int hot = 0; hot < 2; hot++)	/* the critical path lies above the others */
		for (size_t i = 0; i < d->edge_n; i++)
			if (d->edge[i].critical == hot)
				add_edge(out, d, &layout, i);
	for (size_t i = d->agent_n; i < d->agent_n + d->junction_n; i++) {
		drawing_svg_length(out, "<circle class=\"point\" r=\"3\" cx=\"", layout.node[i].x,
				   "\"");
		drawing_svg_length(out, " cy=\"", layout.node[i].y, "\"/>\n");
	}
	for (size_t i = 0; i < d->agent_n; i++)
		add_agent(arena, out, &d->agent[i], layout.node[i], owns_most);
	drawing_svg_end(out);
}
