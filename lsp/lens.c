/* lens.c — see lens.h. */
#include "lsp/lens.h"

#include "compiler/drawing_svg.h"
#include "lsp/timing.h"

#define GRAPH "orch.graph"
#define BESIDE "orch.beside"

enum { BESIDE_SHOWN = 4, BESIDE_MOST = 200, OWNS_SHOWN = 2 };

void lens_write_commands(struct text *out, const char *key)
{
	json_open(out, key, '[');
	json_write_text(out, NULL, STR(GRAPH));
	json_write_text(out, NULL, STR(BESIDE));
	json_close(out, ']');
}

/* "beside a, b and 3 more" */
static void add_beside(const struct compile *c, uint32_t agent, size_t shown, struct text *out)
{
	uint32_t found[BESIDE_MOST];
	size_t n = timing_beside(c, agent, found, BESIDE_MOST);
	text_add(out, n ? STR("beside ") : STR("alone"));
	for (size_t i = 0; i < n && i < shown; i++)
		text_addf(out, "%s%.*s", i ? ", " : "", STR_ARG(c->plan.agents.at[found[i]].name));
	if (n > shown)
		text_addf(out, " and %zu more", n - shown);
}

/* Where it stands; what it says is worked out for those that come into sight. */
static void write_lens(struct answer *answer, const struct workspace_view *view, struct span span,
		       struct str agent)
{
	struct str path = workspace_source_path(answer->arena, view->compile, span.source);
	json_open(answer->out, NULL, '{');
	answer_span(answer, "range", view->compile, span);
	json_open(answer->out, "data", '[');
	json_write_text(answer->out, NULL, answer_uri(answer, path));
	if (agent.n)
		json_write_text(answer->out, NULL, agent);
	json_close(answer->out, ']');
	json_close(answer->out, '}');
}

bool lens_answer(struct answer *answer)
{
	struct workspace_view view;
	if (!answer_view(answer, &view))
		return answer_nothing(answer);
	const struct plan *plan = &view.compile->plan;
	json_open(answer->out, "result", '[');
	if (view.compile->schedule && !view.unit && plan->span.start < plan->span.end)
		write_lens(answer, &view, plan->span, STR(""));
	for (uint32_t i = 0; view.compile->schedule && i < plan->agents.n; i++)
		if (plan->agents.at[i].unit == view.unit)
			write_lens(answer, &view, plan->agents.at[i].span, plan->agents.at[i].name);
	json_close(answer->out, ']');
	return true;
}

static uint32_t find_agent(const struct compile *c, struct str name)
{
	for (uint32_t i = 0; i < c->plan.agents.n; i++)
		if (str_equal(c->plan.agents.at[i].name, name))
			return i;
	return PLAN_NONE;
}

/* "3 of 12: starts at 1h, done at 2h, slack 30m, beside a, b" */
static void add_title(const struct compile *c, uint32_t agent, struct text *out)
{
	const struct simulate_agent *at = timing_find(c, agent);
	text_addf(out, "%u of %zu: ", c->order.rank[agent] + 1, c->plan.agents.n);
	timing_add_start(out, at);
	text_add(out, STR(", done at "));
	text_add_duration(out, at->end);
	text_add(out, STR(", "));
	timing_add_slack(out, at);
	text_add(out, STR(", "));
	add_beside(c, agent, BESIDE_SHOWN, out);
}

/* The texts of a list: the plan's URI and, perhaps, an agent's name. */
static bool read_arguments(struct answer *answer, const struct json *list,
			   struct workspace_view *view, struct str argument[2])
{
	for (size_t i = 0; i < 2; i++)
		argument[i] = list && i < list->n && list->at[i].kind == JSON_IS_TEXT
				      ? list->at[i].text
				      : STR("");
	return argument[0].n &&
	       workspace_view(answer->workspace,
			      workspace_path(answer->workspace, answer->arena, argument[0]), view);
}

bool lens_resolve(struct answer *answer)
{
	struct workspace_view view;
	struct str argument[2];
	struct text title = { 0 };
	struct position start, end;
	if (!answer_read_range(answer, &start, &end) ||
	    !read_arguments(answer, json_find(answer->params, "data", JSON_IS_LIST), &view,
			    argument))
		return fail_set(&answer->fail, "this is no code lens of an open plan");
	uint32_t agent = argument[1].n && view.compile->schedule
				 ? find_agent(view.compile, argument[1])
				 : PLAN_NONE;
	if (agent != PLAN_NONE)
		add_title(view.compile, agent, &title);
	else
		text_add(&title,
			 argument[1].n ? STR("the plan has changed") : STR("show the graph"));
	json_open(answer->out, "result", '{');
	json_open(answer->out, "range", '{');
	position_write(answer->out, "start", start);
	position_write(answer->out, "end", end);
	json_close(answer->out, '}');
	json_open(answer->out, "command", '{');
	json_write_text(answer->out, "title", text_str(&title));
	json_write_text(answer->out, "command", argument[1].n ? STR(BESIDE) : STR(GRAPH));
	json_open(answer->out, "arguments", '[');
	json_write_text(answer->out, NULL, argument[0]);
	if (argument[1].n)
		json_write_text(answer->out, NULL, argument[1]);
	json_close(answer->out, ']');
	json_close(answer->out, '}');
	json_close(answer->out, '}');
	text_release(&title);
	return true;
}

static void write_hint(struct answer *answer, const struct workspace_view *view, uint32_t index)
{
	const struct plan_agent *agent = &view->compile->plan.agents.at[index];
	const struct simulate_agent *at = timing_find(view->compile, index);
	const struct node *title = syntax_child(agent->node, NODE_STRING);
	uint32_t end = title ? syntax_span(&view->in->syntax, title).end : agent->span.end;
	struct text label = { 0 };
	timing_add_start(&label, at);
	text_add(&label, STR(", "));
	timing_add_slack(&label, at);
	json_open(answer->out, NULL, '{');
	position_write(answer->out, "position",
		       position_of(view->source, end, answer->client->encoding));
	json_write_text(answer->out, "label", text_str(&label));
	json_write_flag(answer->out, "paddingLeft", true);
	json_close(answer->out, '}');
	text_release(&label);
}

bool lens_hints(struct answer *answer)
{
	struct workspace_view view;
	uint32_t from, to;
	if (!answer_selection(answer, &view, &from, &to))
		return answer_nothing(answer);
	const struct plan *plan = &view.compile->plan;
	json_open(answer->out, "result", '[');
	for (uint32_t i = 0; view.compile->schedule && i < plan->agents.n; i++)
		if (plan->agents.at[i].unit == view.unit && plan->agents.at[i].span.end >= from &&
		    plan->agents.at[i].span.start <= to)
			write_hint(answer, &view, i);
	json_close(answer->out, ']');
	return true;
}

static bool draw(struct answer *answer, const struct workspace_view *view)
{
	struct text svg = { 0 };
	if (!view->compile->schedule)
		return fail_set(&answer->fail,
				"a plan with errors has no graph: first they must go");
	struct drawing drawing = drawing_make(answer->arena, view->compile);
	drawing_svg_write(answer->arena, &drawing, OWNS_SHOWN, &svg);
	json_write_text(answer->out, "result", text_str(&svg));
	text_release(&svg);
	return true;
}

static bool show_beside(struct answer *answer, const struct workspace_view *view, struct str name)
{
	uint32_t agent = view->compile->schedule ? find_agent(view->compile, name) : PLAN_NONE;
	if (agent == PLAN_NONE)
		return fail_set(&answer->fail, "the plan has no agent `%.*s`, or has errors",
				STR_ARG(name));
	text_addf(&answer->shown, "%.*s runs ", STR_ARG(name));
	add_beside(view->compile, agent, BESIDE_MOST, &answer->shown);
	return answer_nothing(answer);
}

bool lens_execute(struct answer *answer)
{
	struct workspace_view view;
	struct str command = json_find_text(answer->params, "command"), argument[2];
	if (!str_is(command, GRAPH) && !str_is(command, BESIDE))
		return fail_set(&answer->fail, "there is no command `%.*s`", STR_ARG(command));
	if (!read_arguments(answer, json_find(answer->params, "arguments", JSON_IS_LIST), &view,
			    argument))
		return fail_set(&answer->fail, "%.*s: the plan cannot be read", STR_ARG(command));
	return str_is(command, GRAPH) ? draw(answer, &view)
				      : show_beside(answer, &view, argument[1]);
}
