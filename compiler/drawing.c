/* drawing.c — see drawing.h. */
#include "compiler/drawing.h"

#include "common/utf8.h"
#include "compiler/eval.h"
#include "schedule/reduce.h"

#include <stdlib.h>

struct str drawing_visible(struct arena *arena, struct str text)
{
	struct text out = { 0 };
	for (size_t at = 0, bytes; at < text.n; at += bytes) {
		struct str rest = str_slice(text, at, text.n);
		uint32_t c = utf8_decode(rest, &bytes);
		bool wrong = c == UTF8_INVALID || c == 0xfffe || c == 0xffff;
		if (c == '\n' || c == '\t' || c == '\r')
			text_add_byte(&out, ' ');
		else if (wrong || utf8_class(c) == UTF8_CONTROL || utf8_class(c) == UTF8_BIDI)
			text_add(&out, STR("\xef\xbf\xbd"));
		else
			text_add(&out, str_slice(rest, 0, bytes));
	}
	struct str copy = arena_copy(arena, str_trim(text_str(&out)));
	text_release(&out);
	return copy;
}

static uint32_t depth_of(const struct drawing *d, uint32_t group)
{
	uint32_t depth = 0;
	for (; group != DRAWING_NONE; group = d->group[group].parent)
		depth++;
	return depth;
}

uint32_t drawing_common_group(const struct drawing *d, uint32_t a, uint32_t b)
{
	uint32_t depth_a = depth_of(d, a), depth_b = depth_of(d, b);
	for (; depth_a > depth_b; depth_a--)
		a = d->group[a].parent;
	for (; depth_b > depth_a; depth_b--)
		b = d->group[b].parent;
	while (a != b) {
		a = d->group[a].parent;
		b = d->group[b].parent;
	}
	return a;
}

static void step(struct arena *arena, struct drawing_steps *steps, enum drawing_step_kind kind,
		 uint32_t index, uint32_t depth)
{
	*VEC_ADD(arena, &steps->list) = (struct drawing_step){ kind, index, depth };
}

/* Opens all groups that lie between `around` and `group`, the outer ones first. */
static void open_groups(struct arena *arena, const struct drawing *d, struct drawing_steps *steps,
			uint32_t around, uint32_t group)
{
	if (group == around)
		return;
	open_groups(arena, d, steps, around, d->group[group].parent);
	step(arena, steps, DRAWING_OPEN, group, depth_of(d, group) - 1);
}

struct drawing_steps drawing_walk(struct arena *arena, const struct drawing *d)
{
	struct drawing_steps steps = { 0 };
	uint32_t *agent = ARENA_MANY(arena, d->agent_n, uint32_t), inside = DRAWING_NONE;
	for (uint32_t i = 0; i < d->agent_n; i++)
		agent[d->agent[i].place] = i;
	for (size_t i = 0; i <= d->agent_n; i++) {
		uint32_t group = i < d->agent_n ? d->agent[agent[i]].group : DRAWING_NONE;
		uint32_t around = drawing_common_group(d, inside, group);
		for (; inside != around; inside = d->group[inside].parent)
			step(arena, &steps, DRAWING_CLOSE, inside, depth_of(d, inside) - 1);
		open_groups(arena, d, &steps, around, group);
		inside = group;
		if (i < d->agent_n)
			step(arena, &steps, DRAWING_AGENT, agent[i], depth_of(d, group));
	}
	return steps;
}

/* Agents and groups. */

static struct str_list owned(struct arena *arena, const struct schedule_agent *agent)
{
	struct str_list list = { ARENA_MANY(arena, agent->owns.n + agent->creates.n, struct str),
				 0 };
	for (size_t i = 0; i < agent->owns.n; i++)
		list.at[list.n++] = drawing_visible(arena, agent->owns.at[i]);
	for (size_t i = 0; i < agent->creates.n; i++)
		list.at[list.n++] = drawing_visible(arena, agent->creates.at[i]);
	return list;
}

static void take_agents(struct arena *arena, struct drawing *d)
{
	for (uint32_t i = 0; i < d->agent_n; i++) {
		const struct schedule_agent *from = &d->schedule->agent[i];
		struct drawing_agent *to = &d->agent[i];
		to->place = i;
		to->group = DRAWING_NONE;
		to->name = from->name;
		to->title = drawing_visible(arena, from->title);
		to->time = from->estimate ? eval_duration_text(arena, from->estimate) : STR("");
		to->owns = owned(arena, from);
		to->critical = d->times->agent[i].critical;
	}
}

static void take_places(struct arena *arena, struct drawing *d, const struct plan *plan)
{
	struct map place = { 0 };
	for (uint32_t i = 0; i < plan->agents.n; i++)
		map_add(arena, &place, plan->agents.at[i].name, i);
	for (size_t i = 0; i < d->agent_n; i++) {
		struct drawing_agent *to = &d->agent[i];
		to->place = *map_find(&place, to->name);
		to->group = plan->agents.at[to->place].group;
	}
}

static void take_groups(struct arena *arena, struct drawing *d, const struct plan *plan)
{
	for (size_t i = 0; i < d->group_n; i++) {
		const struct plan_group *from = &plan->groups.at[i];
		struct str title = drawing_visible(arena, from->title);
		d->group[i] = (struct drawing_group){ title.n ? title : from->name, from->parent,
						      from->first == from->last };
	}
}

static struct str summarise(struct arena *arena, const struct drawing *d, uint32_t jobs)
{
	const struct simulate *times = d->times;
	struct text out = { 0 };
	text_addf(&out, "%zu agent%s", d->agent_n, d->agent_n == 1 ? "" : "s");
	if (times->unknown < d->agent_n) {
		text_addf(&out, " · %.*s of work", STR_ARG(eval_duration_text(arena, times->work)));
		text_addf(&out, " in %.*s with %u job%s",
			  STR_ARG(eval_duration_text(arena, times->wall)), jobs,
			  jobs == 1 ? "" : "s");
	}
	if (times->unknown)
		text_addf(&out, " · %zu without an estimate, taken as %.*s", times->unknown,
			  STR_ARG(eval_duration_text(arena, SIMULATE_UNKNOWN)));
	struct str summary = arena_copy(arena, text_str(&out));
	text_release(&out);
	return summary;
}

/* Edges. */

bool drawing_critical(const struct drawing *d, uint32_t from, uint32_t to)
{
	const struct simulate_agent *agent = d->times->agent;
	return agent[from].critical && agent[to].critical &&
	       agent[from].remaining ==
		       simulate_duration(&d->schedule->agent[from]) + agent[to].remaining;
}

struct waiting {	/* an agent and all that it waits for */
	struct index_list before;
	uint32_t agent;
};

static int compare_waiting(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;
	if (x->before.n != y->before.n)
		return x->before.n < y->before.n ? -1 : 1;
	for (size_t i = 0; i < x->before.n; i++)
		if (x->before.at[i] != y->before.at[i])
			return x->before.at[i] < y->before.at[i] ? -1 : 1;
	return (x->agent > y->agent) - (x->agent < y->agent);
}

static bool same_before(struct index_list a, struct index_list b)
{
	return a.n == b.n && (!a.n || !memcmp(a.at, b.at, a.n * sizeof *a.at));
}

static void add_edge(struct drawing *d, uint32_t from, uint32_t to, bool critical)
{
	d->edge[d->edge_n++] = (struct drawing_edge){ from, to, critical };
}

/* `n` agents that wait for the same ones: through a junction when that saves edges. */
static void connect(struct drawing *d, const struct waiting *at, size_t n)
{
	struct index_list before = at->before;
	bool joined = before.n * n > before.n + n;
	uint32_t junction = (uint32_t)(d->agent_n + d->junction_n);
	d->junction_n += joined;
	for (size_t i = 0; i < before.n; i++) {
		bool any = false;
		for (size_t j = 0; j < n; j++) {
			bool critical = drawing_critical(d, before.at[i], at[j].agent);
			if (!joined)
				add_edge(d, before.at[i], at[j].agent, critical);
			any = any || critical;
		}
		if (joined)
			add_edge(d, before.at[i], junction, any);
	}
	for (size_t j = 0; joined && j < n; j++) {
		bool any = false;
		for (size_t i = 0; i < before.n; i++)
			any = any || drawing_critical(d, before.at[i], at[j].agent);
		add_edge(d, junction, at[j].agent, any);
	}
}

static int compare_edges(const void *a, const void *b)
{
	const struct drawing_edge *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static void make_edges(struct arena *arena, struct drawing *d)
{
	struct index_list *before = reduce_after(arena, d->schedule);
	struct waiting *waiting = ARENA_MANY(arena, d->agent_n, struct waiting);
	size_t most = 0;
	for (uint32_t i = 0; i < d->agent_n; i++) {
		waiting[i] = (struct waiting){ before[i], i };
		most += before[i].n;
	}
	d->edge = ARENA_MANY(arena, most, struct drawing_edge);
	if (d->agent_n)
		qsort(waiting, d->agent_n, sizeof *waiting, compare_waiting);
	for (size_t i = 0, end; i < d->agent_n; i = end) {
		for (end = i + 1;
		     end < d->agent_n && same_before(waiting[i].before, waiting[end].before);)
			end++;
		connect(d, &waiting[i], end - i);
	}
	if (d->edge_n)
		qsort(d->edge, d->edge_n, sizeof *d->edge, compare_edges);
}

struct drawing drawing_of(struct arena *arena, const struct schedule *schedule,
			  const struct simulate *times, uint32_t jobs)
{
	struct drawing d = { .schedule = schedule, .times = times, .agent_n = schedule->agent_n };
	d.title = drawing_visible(arena, schedule->plan.title);
	if (!d.title.n)
		d.title = schedule->plan.name;
	d.agent = ARENA_MANY(arena, d.agent_n, struct drawing_agent);
	take_agents(arena, &d);
	make_edges(arena, &d);
	d.summary = summarise(arena, &d, jobs);
	if (times->unknown < d.agent_n)
		d.path = arena_format(arena, "critical path %.*s",
				      STR_ARG(eval_duration_text(arena, times->critical_path)));
	return d;
}

struct drawing drawing_make(struct arena *arena, const struct compile *c)
{
	const struct plan *plan = &c->plan;
	struct drawing d = drawing_of(arena, c->schedule, &c->times, plan->jobs);
	d.expected = plan->wall.given ? plan->wall.seconds : 0;
	d.group_n = plan->groups.n;
	d.group = ARENA_MANY(arena, d.group_n, struct drawing_group);
	take_places(arena, &d, plan);
	take_groups(arena, &d, plan);
	return d;
}
