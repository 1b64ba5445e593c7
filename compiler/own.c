/* own.c — do two agents that may run at the same time own the same path?
 *
 * Agents come in as patterns, not files, because the files may not exist yet; schedule/proof.h decides.
 * Each overlap is shown with a path that both own, since "src/" against "**.py" convinces no one, and with
 * the `after` that would settle it at the least cost.
 *
 * Which of the two should wait: with head(x), the longest path up to and with x, and tail(x), the longest
 * from x on, the critical path becomes at least head(a) + tail(b) when b waits for a. So the one with the
 * smaller head − tail goes first. An agent has a smaller head and a larger tail than all that come after
 * it; hence this order agrees with every `after` there is, and all proposals together make no circle. */
#include "compiler/own.h"

#include "compiler/edit.h"
#include "compiler/eval.h"
#include "schedule/proof.h"
#include "schedule/simulate.h"

struct owning {
	struct load *load;
	struct arena *scratch;
	const struct plan *plan;
	const struct order *order;
	const struct schedule *schedule;
	uint64_t *head, *tail;	/* by rank; seconds */
	uint64_t critical;
	bool estimated;		/* some agent has an estimate */
};

static const struct plan_text *pattern_of(const struct plan_agent *agent, uint32_t index)
{
	const struct plan_texts *owns = &agent->list[PLAN_OWNS];
	return index < owns->list.n ? &owns->list.at[index] :
				      &agent->list[PLAN_CREATES].list.at[index - owns->list.n];
}

static struct proof_agent *collect(struct owning *o)
{
	struct arena *arena = o->scratch;
	struct proof_agent *agents = ARENA_MANY(arena, o->plan->agents.n, struct proof_agent);
	for (size_t i = 0; i < o->plan->agents.n; i++) {
		const struct plan_agent *from = &o->plan->agents.at[i];
		size_t n = from->list[PLAN_OWNS].list.n + from->list[PLAN_CREATES].list.n;
		struct str *patterns = ARENA_MANY(arena, n, struct str);
		uint32_t *after = ARENA_MANY(arena, from->after.n, uint32_t);
		for (size_t j = 0; j < n; j++)
			patterns[j] = pattern_of(from, (uint32_t)j)->text;
		for (size_t j = 0; j < from->after.n; j++)
			after[j] = from->after.at[j].agent;
		agents[i] = (struct proof_agent){ { patterns, n }, after, from->after.n };
	}
	return agents;
}

static void measure(struct owning *o)
{
	const struct schedule *s = o->schedule;
	o->tail = simulate_remaining(o->scratch, s);
	o->head = ARENA_MANY(o->scratch, s->agent_n, uint64_t);
	for (size_t i = 0; i < s->agent_n; i++) {
		uint64_t start = 0;
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			if (o->head[s->agent[i].after.at[j]] > start)
				start = o->head[s->agent[i].after.at[j]];
		o->head[i] = start + simulate_duration(&s->agent[i]);
		o->critical = o->head[i] > o->critical ? o->head[i] : o->critical;
		o->estimated = o->estimated || s->agent[i].estimate;
	}
}

/* Should `a` go before `b`? Both by rank. */
static bool goes_first(const struct owning *o, uint32_t a, uint32_t b)
{
	int64_t x = (int64_t)(o->head[a] - o->tail[a]), y = (int64_t)(o->head[b] - o->tail[b]);
	return x != y ? x < y : a < b;
}

static struct str price(const struct owning *o, uint32_t first, uint32_t second)
{
	struct arena *arena = o->load->arena;
	uint64_t path = o->head[first] + o->tail[second];
	struct str before = eval_duration_text(arena, o->critical);
	if (!o->estimated)
		return STR("");
	if (path <= o->critical)
		return arena_format(arena, " (the critical path stays %.*s)", STR_ARG(before));
	struct str added = eval_duration_text(arena, path - o->critical), after = eval_duration_text(arena, path);
	return arena_format(arena, " (adds %.*s to the critical path: %.*s → %.*s)", STR_ARG(added), STR_ARG(before),
			    STR_ARG(after));
}

static void propose(struct owning *o, struct diag *diag, const struct proof_overlap *overlap)
{
	struct diags *diags = o->load->diags;
	uint32_t a = o->order->rank[overlap->a], b = o->order->rank[overlap->b];
	bool in_order = goes_first(o, a, b);
	uint32_t first = in_order ? overlap->a : overlap->b, second = in_order ? overlap->b : overlap->a;
	struct str first_name = o->plan->agents.at[first].name, second_name = o->plan->agents.at[second].name;
	struct str cost = price(o, in_order ? a : b, in_order ? b : a);
	struct diag_edit edit;
	if (!edit_after(o->load, o->plan, second, first, &edit)) {
		diag_help(diags, diag, "let `%.*s` come after `%.*s`%.*s, by way of a group: agents of other files "
			  "cannot be named", STR_ARG(second_name), STR_ARG(first_name), STR_ARG(cost));
		return;
	}
	struct str said = source_text(o->load->sources, o->plan->agents.at[first].span);
	diag_fix(diags, diag, DIAG_UNSAFE, edit.span, edit.text, "let `%.*s` come after `%.*s`: `after %.*s`%.*s",
		 STR_ARG(second_name), STR_ARG(first_name), STR_ARG(said), STR_ARG(cost));
}

static bool same_place(struct span a, struct span b)
{
	return a.source == b.source && a.start == b.start;
}

static void say(struct owning *o, const struct proof_overlap *overlap)
{
	struct diags *diags = o->load->diags;
	const struct plan_agent *a = &o->plan->agents.at[overlap->a], *b = &o->plan->agents.at[overlap->b];
	const struct plan_text *mine = pattern_of(a, overlap->pattern_a), *other = pattern_of(b, overlap->pattern_b);
	struct diag *diag = diag_add(diags, DIAG_OVERLAP, other->span,
				     "`%.*s` and `%.*s` may run at the same time, and both own `%.*s`", STR_ARG(a->name),
				     STR_ARG(b->name), STR_ARG(overlap->witness));
	if (same_place(mine->span, other->span)) {
		/* A group or a template says it for both. */
		diag_here(diags, diag, "said for both");
		diag_label(diags, diag, a->span, "one of them");
		diag_label(diags, diag, b->span, "the other");
	} else {
		diag_here(diags, diag, "owned by `%.*s`", STR_ARG(b->name));
		diag_label(diags, diag, mine->span, "owned by `%.*s`", STR_ARG(a->name));
	}
	propose(o, diag, overlap);
}

void own_check(struct load *load, const struct plan *plan, const struct order *order, const struct schedule *schedule)
{
	struct arena scratch = { 0 };
	struct owning o = { .load = load, .scratch = &scratch, .plan = plan, .order = order, .schedule = schedule };
	struct proof proof;
	struct fail fail;
	bool made = proof_make(&scratch, collect(&o), plan->agents.n, &proof, &fail);
	BUG_IF(!made, "the proof was given a pattern or an order that was not checked");
	if (proof.n)
		measure(&o);
	for (size_t i = 0; i < proof.n; i++)
		say(&o, &proof.at[i]);
	arena_release(&scratch);
}
