/* plan.c — see plan.h.
 *
 * First everything gets its index, in the order of the file, so that the agents of a group lie side
 * by side and a group is a range. Then names are resolved to such ranges, each once however many
 * agents it holds for; an imported group joins the plan when it is named for the first time. Last
 * come the edges. */
#include "compiler/plan.h"

#include "compiler/layer.h"
#include "compiler/runner.h"
#include "compiler/template.h"
#include "compiler/whole.h"
#include "parser.h"
#include "schedule/schedule.h"

enum { JOBS_DEFAULT = 10 };

/* An agent's own `after`, until all agents are there. */
struct wish {
	uint32_t agent, unit;
	const struct node *name;
	bool found;
	struct plan_target target;
};
struct scope {
	struct layer layer;
	struct plan_targets after;	/* resolved */
};
struct builder {
	struct layer_source source;
	struct load *load;
	struct bind *bind;
	struct plan *plan;
	struct prompts prompts;
	struct layer defaults;
	VEC(struct scope *) groups;	/* by group */
	VEC(struct wish) wishes;	/* by agent */
	VEC(struct span) all; /* by agent: what says `after all`; empty when nothing does */
	uint32_t *stamp;		/* by agent: 1 + the last that got an edge to it */
};

static struct str text_in(struct builder *b, uint32_t unit, const struct node *node,
			  struct span *span)
{
	*span = syntax_span(&b->load->units.at[unit].syntax, node);
	return source_text(b->load->sources, *span);
}

/* "shared.core": with the import that leads to its file. */
static struct str whole_name(struct builder *b, uint32_t unit, struct str name)
{
	struct str prefix = b->load->units.at[unit].prefix;
	return prefix.n ? arena_format(b->load->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(name))
			: name;
}

/* Laying one layer over another. */

#define ADD_ALL(arena, to, from)                                                    \
	do {                                                                        \
		if (!(to)->n && (from)->n) {                                        \
			/* Shared until something is added: no room is left. */     \
			(to)->at = (from)->at;                                      \
			(to)->n = (to)->cap = (from)->n;                            \
		} else {                                                            \
			for (size_t each = 0; each < (from)->n; each++)             \
				*VEC_ADD((arena), (to)) = (from)->at[each];         \
		}                                                                   \
	} while (0)

static void add_env(struct arena *arena, struct plan_envs *to, const struct plan_envs *from)
{
	for (size_t i = 0; i < from->list.n; i++) {
		size_t same = 0;
		while (same < to->list.n &&
		       !str_equal(to->list.at[same].name, from->list.at[i].name))
			same++;
		if (same == to->list.n)
			*VEC_ADD(arena, &to->list) = from->list.at[i];
		else
			to->list.at[same] = from->list.at[i];	/* the inner overrides */
	}
}

static void add_pools(struct arena *arena, struct plan_agent *agent, const struct layer *layer)
{
	for (size_t i = 0; i < layer->pools.n; i++) {
		bool held = false;
		for (size_t j = 0; j < agent->pools.n; j++)
			held = held || agent->pools.at[j] == layer->pools.at[i].pool;
		if (!held)
			*VEC_ADD(arena, &agent->pools) = layer->pools.at[i].pool;
	}
}

static void lay_over(struct arena *arena, struct plan_agent *agent, const struct layer *layer)
{
	for (size_t i = 0; i < PLAN_SINGLES; i++)
		if (layer->single[i].given)
			agent->single[i] = layer->single[i];
	for (size_t i = 0; i < PLAN_LISTS; i++)
		ADD_ALL(arena, &agent->list[i].list, &layer->list[i].list);
	ADD_ALL(arena, &agent->setup.list, &layer->setup.list);
	ADD_ALL(arena, &agent->tests.list, &layer->tests.list);
	add_env(arena, &agent->env, &layer->env);
	add_pools(arena, agent, layer);
	if (layer->prompt_given) {
		agent->prompt = layer->prompt;
		agent->prompt_at = layer->prompt_at;
	}
	agent->incomplete = agent->incomplete || layer->incomplete;
	agent->lost_prompt = agent->lost_prompt || layer->lost_prompt;
	agent->lost_runner = agent->lost_runner || layer->lost_runner;
	agent->loose = agent->loose || layer->loose;
}

static void lay_groups(struct builder *b, struct plan_agent *agent, uint32_t group)
{
	if (group == PLAN_NONE)
		return;
	lay_groups(b, agent, b->plan->groups.at[group].parent);
	lay_over(b->load->arena, agent, &b->groups.at[group]->layer);
}

/* Agents and groups. */

static void wish_for(struct builder *b, uint32_t agent, const struct layer *layer)
{
	for (size_t i = 0; i < layer->after.n; i++)
		*VEC_ADD(b->load->arena, &b->wishes) = (struct wish){
			.agent = agent, .unit = layer->unit, .name = layer->after.at[i] };
	if (layer->after_all)
		text_in(b, layer->unit, layer->after_all, &b->all.at[agent]);
}

static bool has_after(const struct node *template)
{
	const struct node *block = syntax_child(template, NODE_BLOCK);
	for (const struct node *node = block ? block->child : NULL; node; node = node->next)
		if (node->keyword == TOKEN_AFTER || node->kind == NODE_BROKEN)
			return true;
	return false;
}

static void lay_template(struct builder *b, struct plan_agent *agent, uint32_t index,
			 const struct node *from)
{
	struct bind_name *template = bind_resolve(b->bind, agent->unit, from->child,
						  BIND_A_TEMPLATE, "template");
	struct eval_names names;
	if (!template || !template_names(b->load, agent->unit, from, template, &names)) {
		agent->incomplete = agent->lost_prompt = agent->lost_runner = true;
		agent->loose = !template || has_after(template->node);
		return;
	}
	struct layer layer = { .unit = template->unit };
	layer_block(&b->source, &layer, syntax_child(template->node, NODE_BLOCK), &names);
	lay_over(b->load->arena, agent, &layer);
	wish_for(b, index, &layer);
}

/* When there is one runner only, it is meant for all. */
static bool offer_runner(struct builder *b, struct diag *diag)
{
	const struct bind_unit *names = &b->bind->unit[0];
	const struct syntax *syntax = &b->load->units.at[0].syntax;
	const struct bind_name *runner = NULL;
	const struct node *plan = syntax->root->child;
	for (size_t i = 0; i < names->names.n; i++) {
		const struct bind_name *name = &names->names.at[i];
		if (name->kind == BIND_RUNNER && (runner || name->poisoned))
			return false;
		runner = name->kind == BIND_RUNNER ? name : runner;
	}
	while (plan && (plan->kind != NODE_STATEMENT || plan->keyword != TOKEN_PLAN))
		plan = plan->next;
	const struct node *block = plan ? syntax_child(plan, NODE_BLOCK) : NULL;
	if (!runner || !block)
		return false;
	struct span span = syntax_span(syntax, block);
	span.end = ++span.start;
	diag_fix(b->load->diags, diag, DIAG_UNSAFE, span,
		 arena_format(b->load->arena, "\n  runner %.*s", STR_ARG(runner->name)),
		 "let it be `%.*s` for every agent: `runner %.*s` in the plan",
		 STR_ARG(runner->name), STR_ARG(runner->name));
	return true;
}

static void say_bare(struct builder *b, const struct plan_agent *agent)
{
	struct diags *diags = b->load->diags;
	if (!agent->prompt.text.at && !agent->lost_prompt)
		diag_help(diags,
			  diag_add(diags, DIAG_NO_PROMPT, agent->span,
				   "the agent `%.*s` has no prompt", STR_ARG(agent->name)),
			  "say what it is to do: `prompt \"…\"`, or `prompt file \"task.md\"`");
	if (agent->single[PLAN_RUNNER].given || agent->lost_runner || b->plan->incomplete)
		return;
	struct diag *diag = diag_add(diags, DIAG_NO_RUNNER, agent->span,
				     "the agent `%.*s` has no runner", STR_ARG(agent->name));
	if (!offer_runner(b, diag))
		diag_help(
			diags, diag,
			"say `runner NAME` in the plan, in a group or in the agent; the library has some: "
			"`import \"std/agents.orch\" as std`, then `runner std.claude`");
}

static void check_argument(struct builder *b, const struct plan_agent *agent)
{
	enum { ARGUMENT_MOST = 131071 };	/* what Linux takes as one argument */
	uint32_t runner = agent->single[PLAN_RUNNER].given ? agent->single[PLAN_RUNNER].value
							   : PLAN_NONE;
	if (runner == PLAN_NONE || agent->prompt.text.n <= ARGUMENT_MOST ||
	    b->plan->runners.at[runner].prompt != SCHEDULE_PROMPT_ARGUMENT)
		return;
	size_t n = eval_kept_text(b->load->arena, agent->prompt).n;
	if (n <= ARGUMENT_MOST)
		return;
	struct diag *diag =
		diag_add(b->load->diags, DIAG_VALUE, agent->span,
			 "the prompt of `%.*s` has %zu bytes, and an argument %d at most",
			 STR_ARG(agent->name), n, ARGUMENT_MOST);
	diag_label(b->load->diags, diag, b->plan->runners.at[runner].span,
		   "this runner takes it as an argument");
}

static void add_agent(struct builder *b, uint32_t unit, uint32_t group, const struct node *node)
{
	struct arena *arena = b->load->arena;
	uint32_t index = (uint32_t)b->plan->agents.n;
	const struct node *from = syntax_child(node, NODE_FROM),
			  *title = syntax_child(node, NODE_STRING);
	struct plan_agent agent = { .unit = unit, .group = group, .node = node };
	struct layer own = { .unit = unit };
	struct eval eval = layer_eval(&b->source, unit, NULL);
	struct str name = text_in(b, unit, syntax_child(node, NODE_NAME), &agent.span);
	struct bind_name *bound = bind_find(b->bind, unit, name);
	if (!bound)
		b->plan->incomplete = true;	/* it has a title for a name, which has been said */
	if (!bound || bound->span.start != agent.span.start)
		return;	/* the second of that name, which has been said */
	bound->index = index;
	agent.name = whole_name(b, unit, name);
	agent.title = title ? eval_text(&eval, title) : STR("");
	*VEC_ADD(arena, &b->all) = (struct span){ 0 };
	lay_over(arena, &agent, &b->defaults);
	lay_groups(b, &agent, group);
	if (from)
		lay_template(b, &agent, index, from);
	layer_block(&b->source, &own, syntax_child(node, NODE_BLOCK), NULL);
	lay_over(arena, &agent, &own);
	wish_for(b, index, &own);
	*VEC_ADD(arena, &b->plan->agents) = agent;
	say_bare(b, &agent);
	check_argument(b, &agent);
}

static void add_members(struct builder *, uint32_t unit, uint32_t group, const struct node *first);

static uint32_t add_group(struct builder *b, uint32_t unit, uint32_t parent,
			  const struct node *node)
{
	struct arena *arena = b->load->arena;
	uint32_t index = (uint32_t)b->plan->groups.n;
	struct plan_group group = { .unit = unit,
				    .parent = parent,
				    .first = (uint32_t)b->plan->agents.n };
	struct str name = text_in(b, unit, syntax_child(node, NODE_NAME), &group.span);
	struct bind_name *bound = bind_find(b->bind, unit, name);
	if (bound && bound->span.start == group.span.start)
		bound->index = index;
	const struct node *title = syntax_child(node, NODE_STRING);
	struct eval eval = layer_eval(&b->source, unit, NULL);
	group.name = whole_name(b, unit, name);
	group.title = title ? eval_text(&eval, title) : STR("");
	*VEC_ADD(arena, &b->plan->groups) = group;
	struct scope *scope = ARENA_NEW(arena, struct scope);
	const struct node *block = syntax_child(node, NODE_BLOCK);
	scope->layer.unit = unit;
	*VEC_ADD(arena, &b->groups) = scope;
	layer_block(&b->source, &scope->layer, block, NULL);
	b->plan->groups.at[index].broken = scope->layer.incomplete;
	add_members(b, unit, index, block ? block->child : NULL);
	b->plan->groups.at[index].last = (uint32_t)b->plan->agents.n;
	if (parent != PLAN_NONE && b->plan->groups.at[index].broken)
		b->plan->groups.at[parent].broken = true;
	return index;
}

/* Groups nest no deeper than the parser lets them. */
static void add_members(struct builder *b, uint32_t unit, uint32_t group, const struct node *first)
{
	for (const struct node *node = first; node; node = node->next) {
		bool statement = node->kind == NODE_STATEMENT;
		if (node->kind == NODE_BROKEN)
			b->plan->incomplete = true;
		else if (statement && node->keyword == TOKEN_GROUP)
			add_group(b, unit, group, node);
		else if (statement && node->keyword == TOKEN_AGENT)
			add_agent(b, unit, group, node);
	}
}

/* Names to ranges of agents, ranges to edges. */

static bool find_target(struct builder *b, uint32_t unit, const struct node *name,
			const char *doing, struct plan_target *target)
{
	struct bind_name *bound = bind_resolve(b->bind, unit, name, BIND_A_AGENT | BIND_A_GROUP,
					       "agent or group");
	text_in(b, unit, name, &target->span);
	if (!bound)
		return false;
	if (bound->kind == BIND_AGENT) {
		if (bound->index == LOAD_NONE)
			return false; /* an agent of a library that is in no group, which has been said */
		target->first = bound->index;
		target->last = bound->index + 1;
		return true;
	}
	if (bound->index == LOAD_NONE)
		add_group(b, bound->unit, PLAN_NONE, bound->node);
	const struct plan_group *group = &b->plan->groups.at[bound->index];
	target->first = group->first;
	target->last = group->last;
	if (group->first == group->last && !group->broken &&
	    !b->load->units.at[group->unit].syntax.cut) {
		struct diag *diag = diag_add(b->load->diags, DIAG_EMPTY_GROUP, target->span,
					     "the group `%.*s` is %s, and has no agents",
					     STR_ARG(group->name), doing);
		diag_label(b->load->diags, diag, group->span, "it is declared here");
	}
	return group->first < group->last;
}

/* Of all agents of the group. */
static void loosen(struct builder *b, size_t group)
{
	const struct plan_group *at = &b->plan->groups.at[group];
	for (uint32_t i = at->first; i < at->last; i++)
		b->plan->agents.at[i].loose = true;
}

static void find_targets(struct builder *b, const struct node *merge)
{
	struct arena *arena = b->load->arena;
	struct plan_target target;
	for (const struct node *name = merge ? merge->child : NULL; name; name = name->next)
		if (find_target(b, 0, name, "merged", &target))
			*VEC_ADD(arena, &b->plan->merge.list) = target;
	/* Groups and wishes grow as imported groups join. */
	size_t group = 0, wish = 0;
	while (group < b->groups.n || wish < b->wishes.n) {
		if (group < b->groups.n) {
			struct scope *scope = b->groups.at[group++];
			for (size_t i = 0; i < scope->layer.after.n; i++)
				if (find_target(b, scope->layer.unit, scope->layer.after.at[i],
						"waited for", &target))
					*VEC_ADD(arena, &scope->after.list) = target;
				else
					loosen(b, group - 1);
		} else {
			struct wish at = b->wishes.at[wish];
			at.found = find_target(b, at.unit, at.name, "waited for", &at.target);
			b->plan->agents.at[at.agent].loose = b->plan->agents.at[at.agent].loose ||
							     !at.found;
			b->wishes.at[wish++] = at;	/* they may have moved */
		}
	}
}

static void add_edge(struct builder *b, uint32_t agent, uint32_t before, struct span span)
{
	if (b->stamp[before] == agent + 1)
		return;
	b->stamp[before] = agent + 1;
	*VEC_ADD(b->load->arena, &b->plan->agents.at[agent].after) = (struct plan_edge){ before, span };
}

static void add_target(struct builder *b, uint32_t agent, struct plan_target target)
{
	for (uint32_t before = target.first; before < target.last; before++)
		add_edge(b, agent, before, target.span);
}

/* Room for what the agent itself waits for, so that a hundred thousand agents do not each have room
 * to grow. */
static void reserve_edges(struct builder *b, uint32_t agent, size_t wish)
{
	struct plan_agent *at = &b->plan->agents.at[agent];
	for (; wish < b->wishes.n && b->wishes.at[wish].agent == agent; wish++)
		if (b->wishes.at[wish].found)
			at->after.cap += b->wishes.at[wish].target.last -
					 b->wishes.at[wish].target.first;
	at->after.at = ARENA_MANY(b->load->arena, at->after.cap, struct plan_edge);
}

static void add_group_edges(struct builder *b, uint32_t agent, uint32_t group)
{
	for (; group != PLAN_NONE; group = b->plan->groups.at[group].parent)
		for (size_t i = 0; i < b->groups.at[group]->after.list.n; i++)
			add_target(b, agent, b->groups.at[group]->after.list.at[i]);
}

/* The place that says `after all` for the agent, in the agent or in a group around it. */
static bool says_all(struct builder *b, uint32_t agent, struct span *span)
{
	*span = b->all.at[agent];
	uint32_t group = b->plan->agents.at[agent].group;
	for (; !span->end && group != PLAN_NONE; group = b->plan->groups.at[group].parent)
		if (b->groups.at[group]->layer.after_all)
			text_in(b, b->groups.at[group]->layer.unit,
				b->groups.at[group]->layer.after_all, span);
	return span->end > 0;
}

static void add_edges(struct builder *b)
{
	uint32_t n = (uint32_t)b->plan->agents.n;
	size_t wish = 0;
	VEC(uint32_t) first = { 0 };	/* those that do not come after all */
	struct span span;
	b->stamp = ARENA_MANY(b->load->arena, n, uint32_t);
	for (uint32_t agent = 0; agent < n; agent++) {
		b->plan->agents.at[agent].after_all = says_all(b, agent, &span);
		if (!b->plan->agents.at[agent].after_all)
			*VEC_ADD(b->load->arena, &first) = agent;
	}
	for (uint32_t agent = 0; agent < n; agent++) {
		reserve_edges(b, agent, wish);
		for (; wish < b->wishes.n && b->wishes.at[wish].agent == agent; wish++)
			if (b->wishes.at[wish].found)
				add_target(b, agent, b->wishes.at[wish].target);
		add_group_edges(b, agent, b->plan->agents.at[agent].group);
		if (!says_all(b, agent, &span))
			continue;
		for (size_t i = 0; i < first.n; i++)
			add_edge(b, agent, first.at[i], span);
	}
}

static void name_branches(struct builder *b)
{
	struct plan *plan = b->plan;
	struct eval_name names[] = { { STR("plan"), plan->name }, { STR("agent"), STR("") } };
	for (size_t i = 0; i < plan->agents.n; i++) {
		names[1].value = plan->agents.at[i].name;
		plan->agents.at[i].branch = eval_put_in(b->load->arena, plan->branch.text,
							&(struct eval_names){ names, 2, "" });
	}
}

void plan_build(struct load *load, struct bind *bind, struct plan *plan)
{
	*plan = (struct plan){ .name = STR("plan"), .title = STR(""), .base = STR(""), .jobs = JOBS_DEFAULT };
	plan->branch.text = STR("orch/${plan}/${agent}");
	struct builder b = {
		.load = load, .bind = bind, .plan = plan, .prompts = { .load = load }
	};
	b.source = (struct layer_source){ load, bind, plan, &b.prompts, true };
	plan->agents.cap = bind->unit[0].names.n;	/* hardly ever more */
	plan->agents.at = ARENA_MANY(load->arena, plan->agents.cap, struct plan_agent);
	const struct node *merge = whole_read(&b.source, &b.defaults);
	plan->env = b.defaults.env;
	plan->timeout = b.defaults.single[PLAN_TIMEOUT];
	plan->quiet = b.defaults.single[PLAN_QUIET];
	runner_check(load, bind, plan, 0);
	add_members(&b, 0, PLAN_NONE, load->units.at[0].syntax.root->child);
	find_targets(&b, merge);
	add_edges(&b);
	name_branches(&b);
	if (!plan->agents.n && !plan->incomplete && !load->units.at[0].syntax.cut)
		diag_add(load->diags, DIAG_MISSING, plan->span, "the plan has no agents");
	for (size_t i = 0; i < plan->agents.n; i++)
		plan->incomplete = plan->incomplete || plan->agents.at[i].incomplete;
	plan->incomplete = plan->incomplete || bind->broken || bind->unknown > 0 ||
			   load->units.at[0].syntax.cut;
}
