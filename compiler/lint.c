/* lint.c — see lint.h. */
#include "compiler/lint.h"

#include "compiler/eval.h"
#include "compiler/race.h"
#include "compiler/remedy.h"
#include "schedule/simulate.h"

/* "a → b → c", one critical path. */
static struct str path_text(struct arena *arena, const struct schedule *s,
			    const struct simulate *times)
{
	enum { SHOWN = 8 };
	struct text out = { 0 };
	uint64_t left = times->critical_path;
	size_t shown = 0;
	uint32_t last = SCHEDULE_NONE;
	/* Along a critical path, what remains shrinks by each agent's own duration. */
	for (uint32_t i = 0; i < s->agent_n && left; i++) {
		bool follows = last == SCHEDULE_NONE;
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			follows = follows || s->agent[i].after.at[j] == last;
		if (!follows || times->agent[i].remaining != left)
			continue;
		if (shown++ < SHOWN)
			text_addf(&out, "%s`%.*s`", shown > 1 ? " → " : "",
				  STR_ARG(s->agent[i].name));
		left -= simulate_duration(&s->agent[i]);
		last = i;
	}
	if (shown > SHOWN)
		text_addf(&out, " → … (%zu agents)", shown);
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

static struct diag *check_claim(struct load *load, const struct plan_claim *claim,
				uint64_t computed, const char *what)
{
	if (!claim->given || computed <= claim->seconds)
		return NULL;
	struct str said = eval_duration_text(load->arena, claim->seconds);
	struct str found = eval_duration_text(load->arena, computed);
	struct diag *diag = diag_add(load->diags, DIAG_CLAIM, claim->span, "%s %.*s, not %.*s",
				     what, STR_ARG(found), STR_ARG(said));
	diag_fix(load->diags, diag, DIAG_UNSAFE, claim->span, found, "write `%.*s`",
		 STR_ARG(found));
	return diag;
}

static void check_claims(struct load *load, const struct plan *plan, const struct schedule *s,
			 const struct simulate *times)
{
	struct diags *diags = load->diags;
	struct diag *diag = check_claim(load, &plan->wall, times->wall,
					"by its estimates, the plan takes");
	if (diag) {
		struct str critical = eval_duration_text(load->arena, times->critical_path);
		struct str path = path_text(load->arena, s, times);
		diag_note(diags, diag, "the critical path takes %.*s: %.*s", STR_ARG(critical),
			  STR_ARG(path));
		if (times->wall > times->critical_path)
			diag_note(
				diags, diag,
				"the rest is waiting for a place: there %s %u job%s at once, and pools",
				plan->jobs == 1 ? "is" : "are", plan->jobs,
				plan->jobs == 1 ? "" : "s");
		if (times->unknown)
			diag_note(
				diags, diag,
				"%zu of the agents %s no estimate, and count%s as " SIMULATE_UNKNOWN_TEXT,
				times->unknown, times->unknown == 1 ? "has" : "have",
				times->unknown == 1 ? "s" : "");
	}
	check_claim(load, &plan->work, times->work, "by their estimates, the agents work");
}

static void check_estimates(struct load *load, const struct plan *plan, const struct order *order,
			    const struct simulate *times)
{
	if (!times->unknown || times->unknown == plan->agents.n)
		return;
	for (uint32_t i = 0; i < plan->agents.n; i++) {
		const struct plan_agent *agent = &plan->agents.at[i];
		if (agent->single[PLAN_ESTIMATE].given || agent->incomplete ||
		    !times->agent[order->rank[i]].critical)
			continue;
		struct diag *diag = diag_add(load->diags, DIAG_NO_ESTIMATE, agent->span,
					     "`%.*s` is on the critical path and has no estimate",
					     STR_ARG(agent->name));
		diag_note(load->diags, diag, "it counts as " SIMULATE_UNKNOWN_TEXT);
	}
}

static void say_unused(struct load *load, struct span span, const char *what, struct str name,
		       const char *why)
{
	struct diag *diag = diag_add(load->diags, DIAG_UNUSED, span, "the %s `%.*s` %s", what,
				     STR_ARG(name), why);
	diag_help(load->diags, diag, "take it out, or switch it off with `/-`");
}

static void say_unused_import(struct load *load, const struct bind_name *name)
{
	struct diag *diag = diag_add(load->diags, DIAG_UNUSED, name->span,
				     "the import `%.*s` is never used", STR_ARG(name->name));
	struct span whole = syntax_span(&load->units.at[name->unit].syntax, name->node);
	if (!remedy_take_out(load->diags, diag, DIAG_SAFE, whole))
		diag_help(load->diags, diag, "take it out");
}

static void check_unused(struct load *load, const struct bind *bind, const struct plan *plan)
{
	for (uint32_t unit = 0; unit < load->units.n; unit++) {
		const struct bind_unit *names = &bind->unit[unit];
		for (size_t i = 0; i < names->names.n; i++) {
			const struct bind_name *name = &names->names.at[i];
			bool ours = !unit && !name->used && !name->poisoned;
			if (name->kind == BIND_IMPORT && !name->used && !name->poisoned)
				say_unused_import(load, name);
			else if (ours && name->kind == BIND_TEMPLATE)
				say_unused(load, name->span, "template", name->name,
					   "is never used");
			else if (ours && name->kind == BIND_RUNNER)
				say_unused(load, name->span, "runner", name->name, "is never used");
		}
	}
	for (size_t i = 0; i < plan->pools.n; i++)
		if (!plan->pools.at[i].used)
			say_unused(load, plan->pools.at[i].span, "pool", plan->pools.at[i].name,
				   "is never held");
	for (size_t i = 0; i < plan->groups.n; i++) {
		const struct plan_group *group = &plan->groups.at[i];
		const struct bind_name *name = bind_find(bind, group->unit,
							 source_text(load->sources, group->span));
		if (group->first == group->last && !group->broken && !(name && name->used))
			say_unused(load, group->span, "group", group->name, "has no agents");
	}
}

/* A budget that nothing is counted against would hold nobody. */
static void check_budget(struct load *load, const struct plan *plan)
{
	bool *said = ARENA_MANY(load->arena, plan->runners.n + 1, bool);
	for (size_t i = 0; i < plan->agents.n; i++) {
		const struct plan_agent *agent = &plan->agents.at[i];
		const struct plan_value *own = &agent->single[PLAN_BUDGET];
		if ((!plan->budget && !own->given) || !agent->single[PLAN_RUNNER].given)
			continue;
		const struct plan_runner *runner =
			&plan->runners.at[agent->single[PLAN_RUNNER].value];
		bool counted = said[agent->single[PLAN_RUNNER].value] || runner->rules.lost;
		for (size_t j = 0; j < runner->rules.list.n; j++)
			counted |= runner->rules.list.at[j].kind == SCHEDULE_RULE_COST;
		if (counted)
			continue;
		said[agent->single[PLAN_RUNNER].value] = true;
		struct diag *diag = diag_add(
			load->diags, DIAG_UNCOUNTED, own->given ? own->span : plan->budget_span,
			"what agents of the runner `%.*s` cost is not read off its events, so that no "
			"budget counts it",
			STR_ARG(runner->name));
		diag_label(load->diags, diag, runner->span, "it has no rule for `cost`");
		diag_help(
			load->diags, diag,
			"say in its `events` where its output has US dollars: `cost \"PATH\" attempt`; a "
			"`timeout` holds what tells no cost");
	}
}

void lint_plan(struct load *load, const struct bind *bind, const struct plan *plan,
	       const struct order *order, const struct schedule *schedule)
{
	if (order->sound) {
		struct simulate times = simulate_schedule(load->arena, schedule, plan->jobs);
		check_claims(load, plan, schedule, &times);
		check_estimates(load, plan, order, &times);
	}
	race_check(load, plan, order);
	check_budget(load, plan);
	if (!plan->incomplete && !load->loops)
		check_unused(load, bind, plan);
}
