/* drawing_mermaid.c — see drawing_mermaid.h. Nodes are a0, a1, …, since many names mean something
 * to Mermaid (`end`, `class`, `default`); names and titles are in quoted labels, with what has a
 * meaning there written as its number. */
#include "compiler/drawing_mermaid.h"

#include "compiler/drawing_bars.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static void add_label(struct text *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (strchr("\"#<>&`*_~\\[]{}|;", text.at[i]))
			text_addf(out, "#%d;", text.at[i]);
		else
			text_add_byte(out, text.at[i]);
}

static void indent(struct text *out, uint32_t depth)
{
	for (uint32_t i = 0; i <= depth; i++)
		text_add(out, STR("  "));
}

static void add_agent(struct text *out, const struct drawing *d, uint32_t index, size_t owns_most)
{
	const struct drawing_agent *agent = &d->agent[index];
	text_addf(out, "a%u[\"<b>", index);
	add_label(out, agent->name);
	text_add(out, STR("</b>"));
	if (agent->time.n)
		text_addf(out, " · %.*s", STR_ARG(agent->time));
	if (agent->title.n)
		text_add(out, STR("<br/>"));
	add_label(out, agent->title);
	for (size_t i = 0; i < agent->owns.n && i < owns_most; i++) {
		text_add(out, STR("<br/><small>"));
		add_label(out, agent->owns.at[i]);
		if (i + 1 == owns_most && agent->owns.n > owns_most)
			text_addf(out, " +%zu", agent->owns.n - owns_most);
		text_add(out, STR("</small>"));
	}
	text_add(out, STR("\"]\n"));
}

static void add_steps(struct arena *arena, struct text *out, const struct drawing *d,
		      size_t owns_most)
{
	struct drawing_steps steps = drawing_walk(arena, d);
	for (size_t i = 0; i < steps.list.n; i++) {
		struct drawing_step step = steps.list.at[i];
		indent(out, step.depth);
		if (step.kind == DRAWING_AGENT) {
			add_agent(out, d, step.index, owns_most);
		} else if (step.kind == DRAWING_CLOSE) {
			text_add(out, STR("end\n"));
		} else {
			text_addf(out, "subgraph g%u[\"", step.index);
			add_label(out, d->group[step.index].label);
			text_add(out, STR("\"]\n"));
		}
	}
}

static void add_node(struct text *out, const struct drawing *d, uint32_t node)
{
	text_addf(out, node < d->agent_n ? "a%u" : "j%u",
		  node < d->agent_n ? node : node - (uint32_t)d->agent_n);
}

/* What is critical is drawn in its colour, and heavier. */
static void add_critical(struct text *out, const struct drawing *d)
{
	const char *before = "  class ";
	text_add(out, STR("  classDef critical stroke:#d55e00,stroke-width:3px\n"));
	for (size_t i = 0; i < d->agent_n; i++)
		if (d->agent[i].critical) {
			text_addf(out, "%sa%zu", before, i);
			before = ",";
		}
	if (*before == ',')
		text_add(out, STR(" critical\n"));
	before = "  linkStyle ";
	for (size_t i = 0; i < d->edge_n; i++)
		if (d->edge[i].critical) {
			text_addf(out, "%s%zu", before, i);
			before = ",";
		}
	if (*before == ',')
		text_add(out, STR(" stroke:#d55e00,stroke-width:3px\n"));
}

void drawing_mermaid_write(struct arena *arena, const struct drawing *d, size_t owns_most,
			   struct text *out)
{
	text_add(out, STR("flowchart LR\n"));
	add_steps(arena, out, d, owns_most);
	for (size_t i = 0; i < d->junction_n; i++)
		text_addf(out, "  j%zu((\" \"))\n", i);
	for (size_t i = 0; i < d->edge_n; i++) {
		text_add(out, STR("  "));
		add_node(out, d, d->edge[i].from);
		text_add(out, d->edge[i].to < d->agent_n ? STR(" --> ") : STR(" --- "));
		add_node(out, d, d->edge[i].to);
		text_add_byte(out, '\n');
	}
	add_critical(out, d);
}

/* Charts over time. */

/* Words that begin a statement of a chart. */
static bool is_keyword(struct str name)
{
	static const char *const word[] = { "title",
					    "section",
					    "click",
					    "gantt",
					    "dateFormat",
					    "axisFormat",
					    "tickInterval",
					    "todayMarker",
					    "includes",
					    "excludes",
					    "weekday",
					    "weekend",
					    "inclusiveEndDates",
					    "topAxis",
					    "accTitle",
					    "accDescr" };
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (str_is(name, word[i]))
			return true;
	return false;
}

/* As of a day that is not shown, in the reader's time zone, whatever that is. */
static void add_moment(struct text *out, uint64_t seconds)
{
	enum { NEW_YEAR_2001 = 978307200 };
	time_t at = (time_t)(NEW_YEAR_2001 + seconds);
	struct tm tm;
	char shown[32];
	gmtime_r(&at, &tm);
	strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &tm);
	text_add(out, str_from(shown));
}

void drawing_mermaid_gantt(struct arena *arena, const struct drawing *d, struct text *out)
{
	enum { DAY = 86400 };
	const struct drawing_bar *bar = drawing_bars_make(arena, d);
	text_add(out, STR("gantt\n  title "));
	add_label(out, d->title);
	text_add(out, STR("\n  dateFormat YYYY-MM-DD HH:mm:ss\n"));
	text_add(out, d->times->wall <= DAY ? STR("  axisFormat %H:%M\n")
					    : STR("  axisFormat day %-j %H:%M\n"));
	for (size_t i = 0; i < d->agent_n; i++) {
		const struct simulate_agent *at = &d->times->agent[bar[i].agent];
		const struct drawing_agent *agent = &d->agent[bar[i].agent];
		if (!i || d->times->agent[bar[i - 1].agent].slot != at->slot)
			text_addf(out, "  section slot %u\n", at->slot + 1);
		text_addf(out, "  %s%.*s :%sa%u, ", is_keyword(agent->name) ? "agent " : "",
			  STR_ARG(agent->name), agent->critical ? "crit, " : "", bar[i].agent);
		add_moment(out, at->start);
		text_addf(out, ", %" PRIu64 "s\n", at->end - at->start);
	}
	if (!d->expected)
		return;
	text_add(out, STR("  section expected\n  all done by :milestone, expected, "));
	add_moment(out, d->expected);
	text_add(out, STR(", 0s\n"));
}
