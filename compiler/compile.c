/* compile.c — the passes in their order. Each adds its diagnostics and leaves behind something that the next
 * can work with, however much was wrong; what one has said, none says again. */
#include "compiler/compile.h"

#include "compiler/advise.h"
#include "compiler/allow.h"
#include "compiler/bind.h"
#include "compiler/clean.h"
#include "compiler/lint.h"
#include "compiler/lower.h"
#include "compiler/order.h"
#include "compiler/own.h"
#include "compiler/survey.h"
#include "schedule/verify.h"

/* What a template says is read for every agent made of it, but is one mistake. The list is sorted. */
static void drop_repeated(struct diags *diags)
{
	size_t kept = 0;
	for (size_t i = 0; i < diags->list.n; i++) {
		const struct diag *diag = &diags->list.at[i], *last = kept ? &diags->list.at[kept - 1] : NULL;
		bool repeated = last && last->code == diag->code && last->span.source == diag->span.source &&
				last->span.start == diag->span.start && str_equal(last->message, diag->message);
		if (!repeated)
			diags->list.at[kept++] = *diag;
		else if (diag_info(diag->code)->severity == DIAG_ERROR)
			diags->errors--;
		else
			diags->warnings--;
	}
	diags->list.n = kept;
}

/* Of a file in a language that is not ours, nothing else that was found need be true. */
static void keep_newer(struct diags *diags)
{
	size_t kept = 0;
	for (size_t i = 0; i < diags->list.n; i++)
		if (diags->list.at[i].code == DIAG_NEWER)
			diags->list.at[kept++] = diags->list.at[i];
	if (!kept)
		return;
	diags->list.n = diags->errors = kept;
	diags->warnings = 0;
}

bool compile_plan(struct arena *arena, const char *path, const struct facts_reader *reader, struct compile *c,
		  struct fail *fail)
{
	return compile_plan_over(arena, path, reader, NULL, c, fail);
}

bool compile_plan_over(struct arena *arena, const char *path, const struct facts_reader *reader,
		       const struct load_overlay *overlay, struct compile *c, struct fail *fail)
{
	struct bind bind;
	struct order order;
	*c = (struct compile){ .sources = { .arena = arena } };
	c->diags = (struct diags){ .arena = arena, .sources = &c->sources };
	c->load = (struct load){ .arena = arena, .sources = &c->sources, .diags = &c->diags, .overlay = overlay };
	struct schedule *schedule = ARENA_NEW(arena, struct schedule);

	if (!load_plan(&c->load, path, reader, fail))
		return false;
	bind_names(&c->load, &bind);
	plan_build(&c->load, &bind, &c->plan);
	if (reader && !reader->read(reader->context, arena, c->plan.base, &c->facts, fail))
		return false;
	order_agents(&c->load, &c->plan, &order);
	if (order.sound) {
		lower_plan(&c->load, &c->plan, &order, schedule);
		own_check(&c->load, &c->plan, &order, schedule);
	}
	survey_check(&c->load, &c->plan, &order, &c->facts, reader);
	lint_plan(&c->load, &bind, &c->plan, &order, schedule);
	clean_check(&c->load, &c->plan);
	advise_prompts(&c->load, &c->plan, &order, &c->facts);
	allow_apply(&c->load);
	diag_sort(&c->diags);
	drop_repeated(&c->diags);
	keep_newer(&c->diags);

	for (size_t i = 0; i < c->load.units.n; i++)
		c->disabled += c->load.units.at[i].syntax.disabled;
	if (c->diags.errors)
		return true;
	c->schedule = schedule;
	c->times = simulate_schedule(arena, schedule, c->plan.jobs);
	return true;
}

void compile_verify(const struct compile *c)
{
	struct fail fail;
	if (!verify_schedule(c->schedule, &fail))
		fail_bug(__FILE__, __LINE__, fail.text, "the compiler wrote a schedule that its verifier refuses");
}
