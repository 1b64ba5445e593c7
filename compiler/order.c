/* order.c — see order.h.
 *
 * The merge order is what the plan names, in its order, each agent right behind those that it comes
 * after and that were not named before it; then all others. It contradicts `after` exactly when an
 * agent is to be merged before one that it comes after, however far: the latest such one is carried
 * along the topological order. */
#include "compiler/order.h"

#include "schedule/branch.h"

#include <stdlib.h>

struct ordering {
	struct load *load;
	struct plan *plan;
	struct order *order;
};

struct span order_edge(const struct plan *plan, uint32_t agent, uint32_t before)
{
	const struct plan_agent *at = &plan->agents.at[agent];
	for (size_t i = 0; i < at->after.n; i++)
		if (at->after.at[i].agent == before)
			return at->after.at[i].span;
	return at->span;
}

static void make_graph(struct ordering *o)
{
	struct arena *arena = o->load->arena;
	size_t n = 0, agents = o->plan->agents.n;
	for (size_t i = 0; i < agents; i++)
		n += o->plan->agents.at[i].after.n;
	struct graph_edge *edges = ARENA_MANY(arena, n, struct graph_edge);
	n = 0;
	for (uint32_t i = 0; i < agents; i++)
		for (size_t j = 0; j < o->plan->agents.at[i].after.n; j++)
			edges[n++] = (struct graph_edge){ o->plan->agents.at[i].after.at[j].agent,
							  i };
	o->order->graph = graph_make(arena, (uint32_t)agents, edges, n);
}

static struct str name_of(const struct ordering *o, uint32_t agent)
{
	return o->plan->agents.at[agent].name;
}

/* Backwards along the circle: the first comes after the last, the last after the one before it. */
static void say_cycle(struct ordering *o, const struct graph_cycle *cycle)
{
	struct diags *diags = o->load->diags;
	struct text names = { 0 };
	struct diag *diag = NULL;
	for (size_t i = cycle->n; i-- > 0;)
		text_addf(&names, "`%.*s` → ", STR_ARG(name_of(o, cycle->at[(i + 1) % cycle->n])));
	for (size_t i = cycle->n; i-- > 0;) {
		uint32_t agent = cycle->at[(i + 1) % cycle->n], before = cycle->at[i];
		struct span span = order_edge(o->plan, agent, before);
		if (!diag) {
			if (cycle->n == 1)
				diag = diag_add(diags, DIAG_CYCLE, span, "`%.*s` waits for itself",
						STR_ARG(name_of(o, agent)));
			else
				diag = diag_add(
					diags, DIAG_CYCLE, span,
					"agents wait for one another in a circle: %.*s`%.*s`",
					STR_ARG(text_str(&names)), STR_ARG(name_of(o, agent)));
			diag_here(diags, diag, "`%.*s` comes after `%.*s`",
				  STR_ARG(name_of(o, agent)), STR_ARG(name_of(o, before)));
		} else {
			diag_label(diags, diag, span, "`%.*s` comes after `%.*s`",
				   STR_ARG(name_of(o, agent)), STR_ARG(name_of(o, before)));
		}
	}
	if (cycle->n > 1)
		diag_help(diags, diag,
			  "none of them could ever start: take one of these `after` away");
	text_release(&names);
}

/* Circles, once they are said: those in a knot in a row, the lowest first. */

struct untying {
	struct ordering *o;
	const uint32_t *knot; /* by agent, the lowest of its knot */
	uint32_t *last;       /* by that, the highest; by others, themselves */
	uint32_t *next;       /* by agent, 1 + the next of its knot; 0: none */
	uint32_t *seen;       /* scratch: 1 + whose list has it */
};

/* What any of the knot comes after outside of it. A knot is left by its last. */
static void gather_after(struct untying *u, uint32_t lowest, struct plan_agent *first)
{
	struct plan *plan = u->o->plan;
	struct plan_agent gathered = { .loose = false };
	for (uint32_t at = lowest + 1; at; at = u->next[at - 1]) {
		struct plan_agent *agent = &plan->agents.at[at - 1];
		for (size_t i = 0; i < agent->after.n; i++) {
			struct plan_edge edge = agent->after.at[i];
			if (u->knot[edge.agent] == lowest) {
				first->circle = true;
				continue;
			}
			edge.agent = u->last[u->knot[edge.agent]];
			if (u->seen[edge.agent] == lowest + 1)
				continue;
			u->seen[edge.agent] = lowest + 1;
			*VEC_ADD(u->o->load->arena, &gathered.after) = edge;
		}
	}
	first->after.at = gathered.after.at;
	first->after.n = gathered.after.n;
	first->after.cap = gathered.after.cap;
}

static void untie(struct ordering *o)
{
	struct arena *arena = o->load->arena;
	uint32_t n = (uint32_t)o->plan->agents.n;
	struct untying u = { o, graph_knots(arena, &o->order->graph),
			     ARENA_MANY(arena, n, uint32_t), ARENA_MANY(arena, n, uint32_t),
			     ARENA_MANY(arena, n, uint32_t) };
	for (uint32_t i = 0; i < n; i++) {
		if (u.knot[i] != i)
			u.next[u.last[u.knot[i]]] = i + 1;
		u.last[u.knot[i]] = u.last[i] = i;
	}
	for (uint32_t i = 0; i < n; i++)
		if (u.knot[i] == i)
			gather_after(&u, i, &o->plan->agents.at[i]);
	for (uint32_t i = 0; i < n; i++) {
		if (!u.next[i])
			continue;
		struct plan_agent *agent = &o->plan->agents.at[u.next[i] - 1];
		agent->circle = true;
		agent->after.n = 0;
		*VEC_ADD(arena, &agent->after) = (struct plan_edge){ i, agent->span };
	}
	make_graph(o);
	bool untied = graph_order(&o->order->graph, o->order->agent);
	BUG_IF(!untied, "a knot was left tied");
}

/* Merging. */

struct merging {
	struct ordering *o;
	uint32_t *item;     /* by agent: 1 + the item of `merge` that names it; 0: none does */
	uint32_t *place;    /* by agent: its place in the declared order */
	uint32_t *declared; /* agents in that order */
	size_t declared_n;
	uint32_t *
		latest; /* by agent: of those that it comes after, 1 + the one that is declared last */
	bool *done;
	uint32_t *needs; /* scratch */
	size_t n;        /* of order->merge */
};

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void say_twice(struct merging *m, uint32_t agent, struct span again)
{
	struct diags *diags = m->o->load->diags;
	struct diag *diag = diag_add(diags, DIAG_MERGE_ORDER, again, "`%.*s` is merged twice",
				     STR_ARG(name_of(m->o, agent)));
	diag_here(diags, diag, "here again");
	diag_label(diags, diag, m->o->plan->merge.list.at[m->item[agent] - 1].span,
		   "it is named here");
}

/* What `merge` names, one after the other; the members of a group in the order that they start
 * in. */
static void declare(struct merging *m)
{
	const struct plan_targets *merge = &m->o->plan->merge;
	const struct order *order = m->o->order;
	size_t n = m->o->plan->agents.n;
	uint32_t *member = ARENA_MANY(m->o->load->arena, n, uint32_t);
	for (uint32_t item = 0; item < merge->list.n; item++) {
		struct plan_target target = merge->list.at[item];
		bool said = false;
		size_t count = 0;
		for (uint32_t agent = target.first; agent < target.last; agent++) {
			if (m->item[agent] && !said) {
				say_twice(m, agent, target.span);
				said = true;
			}
			if (!m->item[agent])
				member[count++] = order->rank[agent];
			m->item[agent] = m->item[agent] ? m->item[agent] : item + 1;
		}
		if (count)
			qsort(member, count, sizeof *member, compare_numbers);
		for (size_t i = 0; i < count; i++) {
			uint32_t agent = order->agent[member[i]];
			m->place[agent] = (uint32_t)m->declared_n;
			m->declared[m->declared_n++] = agent;
		}
	}
}

static bool is_later(const struct merging *m, uint32_t a, uint32_t b)
{
	return !b || (a && m->place[a - 1] > m->place[b - 1]);
}

/* From `agent` back to `before`, along edges that lead there: what says each of them. */
static void label_way(struct merging *m, struct diag *diag, uint32_t agent, uint32_t before)
{
	const struct plan *plan = m->o->plan;
	while (agent != before) {
		const struct plan_agent *at = &plan->agents.at[agent];
		uint32_t next = PLAN_NONE;
		for (size_t i = 0; i < at->after.n && next == PLAN_NONE; i++) {
			uint32_t to = at->after.at[i].agent;
			if (to == before || m->latest[to] == before + 1)
				next = to;
		}
		diag_label(m->o->load->diags, diag, order_edge(plan, agent, next),
			   "`%.*s` comes after `%.*s`", STR_ARG(at->name),
			   STR_ARG(name_of(m->o, next)));
		agent = next;
	}
}

static void say_against(struct merging *m, uint32_t agent, uint32_t before)
{
	struct diags *diags = m->o->load->diags;
	const struct plan_targets *merge = &m->o->plan->merge;
	struct diag *diag =
		diag_add(diags, DIAG_MERGE_ORDER, merge->list.at[m->item[agent] - 1].span,
			 "`%.*s` cannot be merged before `%.*s`, since it comes after it",
			 STR_ARG(name_of(m->o, agent)), STR_ARG(name_of(m->o, before)));
	diag_here(diags, diag, "merges `%.*s`", STR_ARG(name_of(m->o, agent)));
	diag_label(diags, diag, merge->list.at[m->item[before] - 1].span, "merges `%.*s`",
		   STR_ARG(name_of(m->o, before)));
	label_way(m, diag, agent, before);
}

/* One message for a pair of items, however many of their members contradict one another. */
static void check_merge(struct merging *m)
{
	const struct order *order = m->o->order;
	struct arena *arena = m->o->load->arena;
	struct map said = { 0 };
	for (size_t i = 0; i < m->o->plan->agents.n; i++) {
		uint32_t agent = order->agent[i];
		const struct plan_agent *at = &m->o->plan->agents.at[agent];
		for (size_t j = 0; j < at->after.n; j++) {
			uint32_t before = at->after.at[j].agent;
			/* What goes through a circle will be otherwise once that is mended. */
			if (at->circle || m->o->plan->agents.at[before].circle)
				continue;
			uint32_t own = m->item[before] ? before + 1 : 0;
			uint32_t latest = is_later(m, m->latest[before], own) ? m->latest[before]
									      : own;
			if (is_later(m, latest, m->latest[agent]))
				m->latest[agent] = latest;
		}
		uint32_t latest = m->latest[agent];
		if (!m->item[agent] || !latest || m->place[latest - 1] < m->place[agent])
			continue;
		struct str key = arena_format(arena, "%u %u", m->item[agent], m->item[latest - 1]);
		if (map_find(&said, key))
			continue;
		map_add(arena, &said, key, 0);
		say_against(m, agent, latest - 1);
	}
}

/* Adds the agent behind all that it comes after and that is not there yet, in the order that they
 * start in. An agent is looked at until it is there, so all calls together are linear in the
 * edges. */
static void merge_with_needs(struct merging *m, uint32_t agent)
{
	uint32_t *needs = m->needs;
	size_t n = 0;
	if (m->done[agent])
		return;
	m->done[agent] = true;
	needs[n++] = agent;
	for (size_t i = 0; i < n; i++) {
		const struct plan_agent *at = &m->o->plan->agents.at[needs[i]];
		for (size_t j = 0; j < at->after.n; j++) {
			uint32_t before = at->after.at[j].agent;
			if (!m->done[before])
				needs[n++] = before;
			m->done[before] = true;
		}
	}
	for (size_t i = 0; i < n; i++)
		needs[i] = m->o->order->rank[needs[i]];
	qsort(needs, n, sizeof *needs, compare_numbers);
	for (size_t i = 0; i < n; i++)
		m->o->order->merge[m->n++] = m->o->order->agent[needs[i]];
}

static void order_merge(struct ordering *o)
{
	struct arena *arena = o->load->arena;
	size_t n = o->plan->agents.n;
	struct merging m = {
		.o = o,
		.item = ARENA_MANY(arena, n, uint32_t),
		.place = ARENA_MANY(arena, n, uint32_t),
		.declared = ARENA_MANY(arena, n, uint32_t),
		.latest = ARENA_MANY(arena, n, uint32_t),
		.done = ARENA_MANY(arena, n, bool),
		.needs = ARENA_MANY(arena, n, uint32_t),
	};
	o->order->merge = ARENA_MANY(arena, n, uint32_t);
	declare(&m);
	check_merge(&m);
	for (size_t i = 0; i < m.declared_n; i++)
		merge_with_needs(&m, m.declared[i]);
	for (size_t i = 0; i < n; i++)
		merge_with_needs(&m, o->order->agent[i]);
}

/* Branches. */

static void say_branch(struct ordering *o, const struct plan_agent *agent, const char *why)
{
	struct diags *diags = o->load->diags;
	bool given = o->plan->branch.span.end > 0;
	struct diag *diag = diag_add(diags, DIAG_BRANCH_NAME,
				     given ? o->plan->branch.span : agent->span,
				     "the branch `%.*s` %s", STR_ARG(agent->branch), why);
	if (given)
		diag_label(diags, diag, agent->span, "the branch of this agent");
}

static void check_branches(struct ordering *o)
{
	const struct plan *plan = o->plan;
	size_t n = plan->agents.n, a, b;
	struct str *names = ARENA_MANY(o->load->arena, n, struct str);
	bool good = true;
	for (size_t i = 0; i < n; i++) {
		const char *why = branch_wrong(plan->agents.at[i].branch);
		names[i] = plan->agents.at[i].branch;
		if (why && good)
			say_branch(o, &plan->agents.at[i], why);
		good = good && !why;
		why = branch_agent_wrong(plan->agents.at[i].name);
		if (why)
			diag_add(o->load->diags, DIAG_BRANCH_NAME, plan->agents.at[i].span,
				 "the agent's name `%.*s` %s, and git has no ref like that",
				 STR_ARG(plan->agents.at[i].name), why);
	}
	if (!good || !branch_clash(o->load->arena, names, n, &a, &b))
		return;
	const struct plan_agent *first = &plan->agents.at[a], *second = &plan->agents.at[b];
	struct span span = plan->branch.span.end ? plan->branch.span : first->span;
	struct diag *diag = diag_add(
		o->load->diags, DIAG_BRANCH_CLASH, span,
		str_equal(names[a], names[b])
			? "`%.*s` and `%.*s` would have the same branch, `%.*s`"
			: "the branches of `%.*s` and `%.*s` cannot exist together: `%.*s` would be a folder",
		STR_ARG(first->name), STR_ARG(second->name), STR_ARG(names[a]));
	diag_label(o->load->diags, diag, first->span, "this agent");
	diag_label(o->load->diags, diag, second->span, "and this one");
	diag_help(o->load->diags, diag, "put `${agent}` into the last part of the branch's name");
}

static void spread_loose(struct plan *plan, const struct order *order)
{
	for (size_t i = 0; i < plan->agents.n; i++) {
		struct plan_agent *agent = &plan->agents.at[order->agent[i]];
		for (size_t j = 0; j < agent->after.n && !agent->loose; j++)
			agent->loose = plan->agents.at[agent->after.at[j].agent].loose;
	}
}

void order_agents(struct load *load, struct plan *plan, struct order *order)
{
	struct ordering o = { load, plan, order };
	size_t n = plan->agents.n, cycles = 0;
	*order = (struct order){ .agent = ARENA_MANY(load->arena, n, uint32_t),
				 .rank = ARENA_MANY(load->arena, n, uint32_t) };
	make_graph(&o);
	check_branches(&o);
	order->sound = graph_order(&order->graph, order->agent);
	if (!order->sound) {
		struct graph_cycle *cycle = graph_cycles(load->arena, &order->graph, &cycles);
		for (size_t i = 0; i < cycles; i++)
			say_cycle(&o, &cycle[i]);
		untie(&o);
	}
	for (uint32_t i = 0; i < n; i++)
		order->rank[order->agent[i]] = i;
	order_merge(&o);
	spread_loose(plan, order);
}
