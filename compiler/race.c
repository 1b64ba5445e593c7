/* race.c — see race.h. Patterns that may meet are found by their folders (owners.h); all questions
 * about who comes after whom are asked at once. */
#include "compiler/race.h"

#include "compiler/edit.h"
#include "compiler/owners.h"

struct meeting {
	uint32_t agent; /* that reads */
	const struct plan_text *read;
	const struct owners_pattern *owned;
};
struct racing {
	struct load *load;
	const struct plan *plan;
	struct arena *arena;
	struct owners owners;
	uint32_t agent; /* whose pattern is being looked at, and which */
	const struct plan_text *text;
	struct glob read;
	VEC(struct meeting) meetings; /* by agent, then by pattern */
};

/* Is it known when it runs? */
static bool is_known(const struct plan *plan, uint32_t agent)
{
	return !plan->agents.at[agent].loose && !plan->agents.at[agent].circle;
}

static void try_owned(void *self, const struct owners_pattern *owned)
{
	struct racing *r = self;
	const struct meeting *last = r->meetings.n ? &r->meetings.at[r->meetings.n - 1] : NULL;
	bool known = last && last->read == r->text && last->agent == r->agent &&
		     last->owned->agent == owned->agent;
	struct arena_mark mark = arena_mark(r->arena);
	bool meets = owned->agent != r->agent && is_known(r->plan, owned->agent) && !known &&
		     glob_meet(r->arena, &r->read, &owned->glob, NULL);
	arena_reset(r->arena, mark);
	if (meets)
		*VEC_ADD(r->arena, &r->meetings) = (struct meeting){ r->agent, r->text, owned };
}

static void meet(struct racing *r, uint32_t agent, const struct plan_text *text)
{
	r->agent = agent;
	r->text = text;
	owners_parse(r->arena, text->text, &r->read);
	owners_near(&r->owners, &r->read, try_owned, r);
}

static void say(struct racing *r, const struct meeting *meeting)
{
	struct diags *diags = r->load->diags;
	const struct plan_agent *reader = &r->plan->agents.at[meeting->agent];
	const struct plan_agent *owner = &r->plan->agents.at[meeting->owned->agent];
	struct glob read;
	struct str witness = { 0 };
	struct diag_edit edit;
	owners_parse(r->arena, meeting->read->text, &read);
	glob_meet(r->arena, &read, &meeting->owned->glob, &witness);
	struct diag *diag =
		diag_add(diags, DIAG_READ_RACE, meeting->read->span,
			 "`%.*s` relies on `%.*s`, which `%.*s` may change at the same time",
			 STR_ARG(reader->name), STR_ARG(witness), STR_ARG(owner->name));
	diag_here(diags, diag, "read by `%.*s`", STR_ARG(reader->name));
	diag_label(diags, diag, meeting->owned->text->span, "owned by `%.*s`",
		   STR_ARG(owner->name));
	diag_note(diags, diag, "`%.*s` sees it as it is at the base, without what `%.*s` does",
		  STR_ARG(reader->name), STR_ARG(owner->name));
	if (!edit_after(r->load, r->plan, meeting->agent, meeting->owned->agent, &edit))
		return;
	diag_fix(diags, diag, DIAG_UNSAFE, edit.span, edit.text,
		 "if it should see that, let it come after: `after %.*s`",
		 STR_ARG(source_text(r->load->sources, owner->span)));
}

void race_check(struct load *load, const struct plan *plan, const struct order *order)
{
	struct arena scratch = { 0 };
	struct racing r = { .load = load, .plan = plan, .arena = &scratch };
	size_t reads = 0;
	for (size_t i = 0; i < plan->agents.n; i++)
		reads += plan->agents.at[i].list[PLAN_READS].list.n;
	if (!reads)
		return;
	owners_collect(&scratch, plan, &r.owners);
	for (uint32_t agent = 0; agent < plan->agents.n; agent++) {
		const struct plan_texts *list = &plan->agents.at[agent].list[PLAN_READS];
		for (size_t i = 0; i < list->list.n && is_known(plan, agent); i++)
			meet(&r, agent, &list->list.at[i]);
	}
	size_t n = r.meetings.n;
	struct graph_question *questions = ARENA_MANY(r.arena, 2 * n, struct graph_question);
	for (size_t i = 0; i < n; i++) {
		uint32_t reader = r.meetings.at[i].agent, owner = r.meetings.at[i].owned->agent;
		questions[2 * i] = (struct graph_question){ owner, reader, false };
		questions[2 * i + 1] = (struct graph_question){ reader, owner, false };
	}
	graph_reach(&order->graph, order->agent, questions, 2 * n);
	struct map said = {
		0
	}; /* by the pattern's address: what a group reads, all its members do */
	for (size_t i = 0; i < n; i++) {
		const struct meeting *meeting = &r.meetings.at[i];
		struct str key = { (const char *)&meeting->read, sizeof meeting->read };
		if (questions[2 * i].holds || questions[2 * i + 1].holds || map_find(&said, key))
			continue;
		map_add(r.arena, &said, key, 0);
		say(&r, meeting);
	}
	arena_release(&scratch);
}
