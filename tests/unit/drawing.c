/* drawing.c — pictures of made-up plans: what is in them against the plan by brute force, and what
 * a picture must hold to however the plan looks: boxes apart, groups around their members only,
 * texts within their boxes, bars where the simulation has them. */
#include "common/markup.h"
#include "compiler/drawing_bars.h"
#include "compiler/drawing_gantt.h"
#include "compiler/drawing_layout.h"
#include "compiler/drawing_svg.h"
#include "compiler/drawing_text.h"
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

#include <stdlib.h>

enum { MOST = 24 };

struct making {
	uint64_t random;
	struct text text;
	int agents, groups, depth;
};

static uint32_t below(struct making *m, uint32_t bound)
{
	return (uint32_t)(test_random(&m->random) >> 33) % bound;
}

static void add_title(struct making *m)
{
	static const char *const part[] = {
		"word ",  "<b>",  "&amp;",   "\\\"",
		"日本語", "🙂", "q\u0301", "]]>",
		"→",      "'",    "<!--",    "a rather long run of words that goes on ",
		"\\\\",   "\\n",  "\\t",     "#",
		"`x`",    "${x}"
	};
	text_add_byte(&m->text, '"');
	for (uint32_t n = below(m, 6); n--;)
		text_add(&m->text, str_from(part[below(m, sizeof part / sizeof *part)]));
	text_add_byte(&m->text, '"');
}

static void add_agent(struct making *m)
{
	int index = m->agents++;
	text_addf(&m->text, "agent a%d ", index);
	add_title(m);
	text_addf(&m->text, " {\n owns \"d%d/**\"\n prompt \"x\"\n", index);
	if (below(m, 3))
		text_addf(&m->text,
			  "creates \"made/%d/a folder/with a long name/file.c\", \"m%d\"\n", index,
			  index);
	if (below(m, 4))
		text_addf(&m->text, "estimate %um\n", 1 + below(m, 200));
	if (!below(m, 4))
		text_add(&m->text, STR("pool p\n"));
	for (int i = 0; i < index; i++)
		if (!below(m, 5))
			text_addf(&m->text, "after a%d\n", i);
	text_add(&m->text, STR("}\n"));
}

static void add_some(struct making *m, int most)
{
	while (m->agents < most) {
		if (below(m, 4) || m->depth > 3) {
			add_agent(m);
		} else {
			text_addf(&m->text, "group g%d ", m->groups++);
			add_title(m);
			text_add(&m->text, STR("{\n"));
			m->depth++;
			add_some(m, m->agents + (int)below(m, 5));
			m->depth--;
			text_add(&m->text, STR("}\n"));
		}
	}
}

static bool make_plan(struct arena *arena, uint64_t seed, struct compile *c)
{
	struct making m = { .random = seed * 7919 };
	for (int i = 0; i < 5; i++)
		test_random(&m.random);
	text_addf(&m.text,
		  "plan p { runner r\n jobs %u\n pool p 1\n}\nrunner r { command [\"x\"] }\n",
		  1 + below(&m, 6));
	add_some(&m, 1 + (int)below(&m, MOST - 6));
	bool made = plans_compile(arena, m.text.at, c) && c->schedule;
	text_release(&m.text);
	return made;
}

/* Edges. */

static bool reaches(const struct schedule *s, uint32_t from, uint32_t to, bool straight)
{
	struct index_list after = s->agent[to].after;
	for (size_t i = 0; i < after.n; i++)
		if ((straight && after.at[i] == from) ||
		    (after.at[i] != from && reaches(s, from, after.at[i], true)))
			return true;
	return false;
}

static bool drawn(const struct drawing *d, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < d->edge_n; i++)
		if (d->edge[i].from == from &&
		    (d->edge[i].to == to ||
		     (d->edge[i].to >= d->agent_n && drawn(d, d->edge[i].to, to))))
			return true;
	return false;
}

static bool edges_hold(const struct drawing *d)
{
	const struct schedule *s = d->schedule;
	for (uint32_t to = 0; to < s->agent_n; to++)
		for (uint32_t from = 0; from < s->agent_n; from++) {
			bool said = false;
			for (size_t i = 0; i < s->agent[to].after.n; i++)
				said |= s->agent[to].after.at[i] == from;
			if (drawn(d, from, to) != (said && !reaches(s, from, to, false)))
				return false;
		}
	return true;
}

static bool walk_holds(struct arena *arena, const struct drawing *d)
{
	struct drawing_steps steps = drawing_walk(arena, d);
	uint32_t inside = DRAWING_NONE, seen[MOST] = { 0 };
	for (size_t i = 0; i < steps.list.n; i++) {
		struct drawing_step step = steps.list.at[i];
		if (step.kind == DRAWING_AGENT) {
			seen[step.index]++;
			if (d->agent[step.index].group != inside)
				return false;
		} else if (step.kind == DRAWING_OPEN) {
			if (d->group[step.index].parent != inside)
				return false;
			inside = step.index;
		} else {
			inside = d->group[inside].parent;
		}
	}
	for (size_t i = 0; i < d->agent_n; i++)
		if (seen[i] != 1)
			return false;
	return inside == DRAWING_NONE;
}

/* Places. */

static bool apart(struct drawing_box a, struct drawing_box b)
{
	return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

static bool within(struct drawing_box a, struct drawing_box b)
{
	return a.x > b.x && a.x + a.w < b.x + b.w && a.y >= b.y + DRAWING_GROUP_HEAD &&
	       a.y + a.h < b.y + b.h;
}

static bool is_in(const struct drawing *d, uint32_t group, uint32_t around)
{
	while (group != DRAWING_NONE && group != around)
		group = d->group[group].parent;
	return group == around;
}

static bool groups_hold(const struct drawing *d, const struct drawing_layout *l)
{
	bool holds = true;
	for (uint32_t g = 0; g < d->group_n; g++) {
		if (d->group[g].empty)
			continue;
		for (uint32_t i = 0; i < d->agent_n; i++)
			holds &= is_in(d, d->agent[i].group, g) ? within(l->node[i], l->group[g]) :
								  apart(l->node[i], l->group[g]);
		for (uint32_t h = 0; h < d->group_n; h++)
			if (h != g && !d->group[h].empty && !is_in(d, g, h))
				holds &= is_in(d, h, g) ? within(l->group[h], l->group[g]) :
							  apart(l->group[h], l->group[g]);
	}
	return holds;
}

static bool layout_holds(const struct drawing *d, const struct drawing_layout *l)
{
	bool holds = groups_hold(d, l);
	for (size_t i = 0; i < d->agent_n; i++) {
		struct drawing_box all = { 0, 0, l->w, l->h };
		holds &= l->node[i].y >= 0 && l->node[i].x >= 0 && !apart(l->node[i], all) &&
			 l->node[i].x + l->node[i].w <= l->w && l->node[i].y + l->node[i].h <= l->h;
		for (size_t j = 0; j < i; j++)
			holds &= apart(l->node[i], l->node[j]);
		for (uint32_t k = 0; k < l->first_lane[d->edge_n]; k++)
			holds &= apart(l->node[i],
				       (struct drawing_box){ l->lane[k].from, l->lane[k].y,
							     l->lane[k].to - l->lane[k].from, 0 });
	}
	for (size_t i = 0; i < d->edge_n; i++) {	/* from left to right */
		struct drawing_box from = l->node[d->edge[i].from];
		int x = from.x + from.w;
		for (uint32_t k = l->first_lane[i]; k < l->first_lane[i + 1]; k++) {
			holds &= l->lane[k].from > x && l->lane[k].to >= l->lane[k].from;
			x = l->lane[k].to;
		}
		holds &= l->node[d->edge[i].to].x > x;
	}
	return holds;
}

/* Texts, as they stand in the file. */

static struct str attribute(struct str line, const char *name)
{
	struct str rest = str_slice(line, str_find_text(line, str_from(name)) + strlen(name),
				    line.n),
		   value;
	str_split(&rest, '"', &value);
	return value;
}

static int tenths(struct str number)
{
	return (int)(strtod(number.at, NULL) * 10 + 0.5);
}

static struct str plain(struct arena *arena, struct str text)
{
	static const char *const entity[] = {
		"&lt;", "<", "&gt;", ">", "&quot;", "\"", "&amp;", "&"
	};
	struct text out = { 0 };
	for (size_t i = 0, step; i < text.n; i += step) {
		step = 1;
		size_t e = 0;
		while (e < 8 && !str_starts(str_slice(text, i, text.n), str_from(entity[e])))
			e += 2;
		if (e < 8) {
			step = strlen(entity[e]);
			text_add(&out, str_from(entity[e + 1]));
		} else {
			text_add_byte(&out, text.at[i]);
		}
	}
	struct str copy = arena_copy(arena, text_str(&out));
	text_release(&out);
	return copy;
}

static bool texts_fit(struct arena *arena, struct str svg)
{
	static const struct {
		const char *begin;
		struct drawing_font font;
	} class[] = { { "<text class=\"name\"", { true, true, 130 } },
		      { "<text class=\"title\"", { false, false, 120 } },
		      { "<text class=\"owns\"", { true, false, 105 } } };
	struct str line, rest = svg;
	int left = 0, right = 0;
	bool fits = true;
	while (str_split(&rest, '\n', &line)) {
		if (str_starts(line, STR("<rect class=\"box\""))) {
			left = tenths(attribute(line, " x=\""));
			right = left + tenths(attribute(line, " width=\""));
		}
		for (size_t i = 0; i < 3; i++) {
			if (!str_starts(line, str_from(class[i].begin)))
				continue;
			struct str body = line, text;
			str_split(&body, '>', &text);
			text = plain(arena, str_slice(body, 0, body.n - 7));
			int x = tenths(attribute(line, " x=\""));
			fits &= x > left && x + drawing_text_width(class[i].font, text) < right;
		}
	}
	return fits;
}

static bool bars_hold(const struct drawing *d, struct str svg)
{
	struct str line, rest = svg;
	long x[MOST], w[MOST], least = 1L << 30, most = 0;
	uint32_t agent = 0;
	size_t n = 0;
	while (str_split(&rest, '\n', &line)) {
		struct str id = str_starts(line, STR("<g class=\"agent"))
					? attribute(line, " id=\"")
					: STR("");
		if (id.n)
			agent = schedule_find_agent(d->schedule,
						    str_slice(id, strlen("agent-"), id.n));
		if (!str_starts(line, STR("<rect class=\"bar\"")) || n == d->agent_n)
			continue;	/* behind the last are those of the legend */
		n++;
		x[agent] = tenths(attribute(line, " x=\""));
		w[agent] = tenths(attribute(line, " width=\""));
		least = x[agent] < least ? x[agent] : least;
		most = x[agent] + w[agent] > most ? x[agent] + w[agent] : most;
	}
	bool holds = n == d->agent_n;
	double scale = (double)(most - least) / (double)d->times->wall;
	for (size_t i = 0; holds && i < d->agent_n; i++) {
		const struct simulate_agent *at = &d->times->agent[i];
		double start = (double)(x[i] - least) - (double)at->start * scale;
		double length = (double)w[i] - (double)(at->end - at->start) * scale;
		holds &= start > -3 && start < 3 && length > -3 && (length < 3 || w[i] == 20);
	}
	return holds;
}

static void test_made_up(void)
{
	bool made = true, edges = true, walk = true, layout = true, same = true, texts = true,
	     bars = true;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct arena arena = { 0 };
		struct compile c;
		struct drawing_box size[MOST];
		struct text svg = { 0 }, again = { 0 }, gantt = { 0 };
		if (!make_plan(&arena, seed, &c)) {
			made = false;
			arena_release(&arena);
			continue;
		}
		struct drawing d = drawing_make(&arena, &c);
		for (size_t i = 0; i < d.agent_n; i++)
			size[i] = (struct drawing_box){ .w = 500 + (int)(seed * i % 1500),
							.h = 300 + (int)(seed + i) % 400 };
		struct drawing_layout l = drawing_layout_make(&arena, &d, size);
		edges &= edges_hold(&d);
		walk &= walk_holds(&arena, &d);
		layout &= layout_holds(&d, &l);
		drawing_svg_write(&arena, &d, 2, &svg);
		drawing_svg_write(&arena, &d, 2, &again);
		drawing_gantt_write(&arena, &d, &gantt);
		same &= str_equal(text_str(&svg), text_str(&again));
		texts &= texts_fit(&arena, text_str(&svg));
		bars &= bars_hold(&d, text_str(&gantt));
		text_release(&svg);
		text_release(&again);
		text_release(&gantt);
		arena_release(&arena);
	}
	CHECK(made, "the plans compile");
	CHECK(edges, "edges, through junctions too, are the transitive reduction");
	CHECK(walk, "each agent once, in its group");
	CHECK(layout,
	      "boxes and lanes apart, groups around their members only, edges from left to right");
	CHECK(same, "the same plan gives the same bytes");
	CHECK(texts, "no text is wider than its box");
	CHECK(bars, "bars are where the simulation has them");
}

static void test_bars(void)
{
	struct arena arena = { 0 };
	struct compile c;
	CHECK(plans_compile(&arena,
			    "plan p { runner r\n jobs 1\n}\nrunner r { command [\"x\"] }\n"
			    "agent a { owns \"a\"\n prompt \"x\"\n estimate 20m }\n"
			    "agent b { owns \"b\"\n prompt \"x\"\n estimate 50m }\n"
			    "agent c { owns \"c\"\n prompt \"x\"\n estimate 10m\n after a }\n",
			    &c),
	      "a plan");
	struct drawing d = drawing_make(&arena, &c);
	struct drawing_bar *bar = drawing_bars_make(&arena, &d);
	CHECK(str_is(d.agent[bar[0].agent].name, "b") && !bar[0].ready && !bar[0].late,
	      "the longest first");
	CHECK(str_is(d.agent[bar[1].agent].name, "a") && !bar[1].ready, "ready at once, and waits");
	CHECK(str_is(d.agent[bar[2].agent].name, "c") && bar[2].ready == 70 * 60,
	      "ready when the other has ended");
	CHECK(!bar[2].late, "nothing ends later than the last");
	arena_release(&arena);
}

static void test_texts(void)
{
	struct arena arena = { 0 };
	struct drawing_font mono = { true, false, 100 };
	struct text out = { 0 };
	CHECK(str_is(drawing_visible(&arena, STR(" a\nb\tc\x1b[0m\xe2\x80\xae ")),
		     "a b c\xef\xbf\xbd[0m\xef\xbf\xbd"),
	      "made visible");
	CHECK(str_is(drawing_text_cut(&arena, mono, STR("abcdefgh"), 400), "abcd…"),
	      "cut at its end");
	CHECK(str_is(drawing_text_cut_front(&arena, mono, STR("abcdefgh"), 400), "…efgh"),
	      "cut at its beginning");
	CHECK(str_is(drawing_text_cut(&arena, mono, STR("abc"), 400), "abc"), "it fits");
	CHECK(drawing_text_cut(&arena, mono, STR("abc"), 10).n == 0, "no room at all");
	markup_add(&out, STR("<a \"b\" & c>"));
	CHECK(str_is(text_str(&out), "&lt;a &quot;b&quot; &amp; c&gt;"), "escaped");
	text_release(&out);
	arena_release(&arena);
}

int main(void)
{
	if (!scratch_begin("drawing"))
		return 1;
	test_texts();
	test_bars();
	test_made_up();
	scratch_end();
	return test_end();
}
