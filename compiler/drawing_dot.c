/* drawing_dot.c — see drawing_dot.h. An agent's node has its name, which is ASCII without
 * quotes. */
#include "compiler/drawing_dot.h"

static void add_escaped(struct text *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			text_add_byte(out, '\\');
		text_add_byte(out, text.at[i]);
	}
}

/* A line of a label; `\l` ends it and puts it to the left. */
static void add_line(struct text *out, struct str text)
{
	add_escaped(out, text);
	text_add(out, STR("\\l"));
}

static void indent(struct text *out, uint32_t depth)
{
	for (uint32_t i = 0; i <= depth; i++)
		text_add(out, STR("  "));
}

static void add_agent(struct text *out, const struct drawing_agent *agent, size_t owns_most)
{
	text_addf(out, "\"%.*s\" [label=\"%.*s", STR_ARG(agent->name), STR_ARG(agent->name));
	if (agent->time.n)
		text_addf(out, "  %.*s", STR_ARG(agent->time));
	text_add(out, STR("\\l"));
	if (agent->title.n)
		add_line(out, agent->title);
	for (size_t i = 0; i < agent->owns.n && i < owns_most; i++)
		add_line(out, agent->owns.at[i]);
	if (owns_most && agent->owns.n > owns_most)
		text_addf(out, "+%zu\\l", agent->owns.n - owns_most);
	text_add(out,
		 agent->critical ? STR("\", color=\"#c14a00\", penwidth=2];\n") : STR("\"];\n"));
}

static void add_node(struct text *out, const struct drawing *d, uint32_t node)
{
	if (node < d->agent_n)
		text_addf(out, "\"%.*s\"", STR_ARG(d->agent[node].name));
	else
		text_addf(out, "\"junction %zu\"", node - d->agent_n + 1);
}

static void add_edge(struct text *out, const struct drawing *d, const struct drawing_edge *edge)
{
	text_add(out, STR("  "));
	add_node(out, d, edge->from);
	text_add(out, STR(" -> "));
	add_node(out, d, edge->to);
	if (edge->to >= d->agent_n)
		text_add(out, edge->critical
				      ? STR(" [arrowhead=none, color=\"#c14a00\", penwidth=2]")
				      : STR(" [arrowhead=none]"));
	else if (edge->critical)
		text_add(out, STR(" [color=\"#c14a00\", penwidth=2]"));
	text_add(out, STR(";\n"));
}

void drawing_dot_write(struct arena *arena, const struct drawing *d, size_t owns_most,
		       struct text *out)
{
	struct drawing_steps steps = drawing_walk(arena, d);
	text_add(
		out,
		STR("digraph {\n  graph [rankdir=LR, labelloc=t, labeljust=l, fontname=\"Helvetica\", label=\""));
	add_line(out, d->title);
	add_line(out, d->summary);
	text_add(
		out,
		STR("\"];\n  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11];\n"
		    "  edge [color=\"#8c959f\"];\n"));
	for (size_t i = 0; i < steps.list.n; i++) {
		struct drawing_step step = steps.list.at[i];
		indent(out, step.depth);
		if (step.kind == DRAWING_AGENT) {
			add_agent(out, &d->agent[step.index], owns_most);
		} else if (step.kind == DRAWING_CLOSE) {
			text_add(out, STR("}\n"));
		} else {
			text_addf(out, "subgraph cluster_%u {\n", step.index);
			indent(out, step.depth + 1);
			text_add(out, STR("label=\""));
			add_line(out, d->group[step.index].label);
			text_add(out, STR("\"; color=\"#0072b2\";\n"));
		}
	}
	for (size_t i = 0; i < d->junction_n; i++)
		text_addf(out, "  \"junction %zu\" [shape=point];\n", i + 1);
	for (size_t i = 0; i < d->edge_n; i++)
		add_edge(out, d, &d->edge[i]);
	text_add(out, STR("}\n"));
}
