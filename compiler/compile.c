/* compile.c — the passes in their order. Each adds its diagnostics and leaves behind something that
 * the next can work with, however much was wrong; what one has said, none says again. */
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

/* What a template says is read for every agent made of it, but is one mistake. The list is
 * sorted. */
static void drop_repeated(struct diags *diags)
{
	size_t kept = 0;
	for (size_t i = 0; i < diags->list.n; i++) {
		const struct diag *diag = &diags->list.at[i],
				  *last = kept ? &diags->list.at[kept - 1] : NULL;
		bool repeated = last && last->code == diag->code &&
				last->span.source == diag->span.source &&
				last->span.start == diag->span.start &&
				str_equal(last->message, diag->message);
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

struct compiling {
	struct compile *c;
	const struct compile_options *options;
	const char *path;
	struct schedule *schedule;
	struct fail *fail;
};

static bool pass_load(struct compiling *p)
{
	return load_plan(&p->c->load, p->path, p->options->reader, p->fail);
}

static bool pass_bind(struct compiling *p)
{
	bind_names(&p->c->load, &p->c->bind);
	return true;
}

static bool pass_plan(struct compiling *p)
{
	plan_build(&p->c->load, &p->c->bind, &p->c->plan);
	return true;
}

static bool pass_facts(struct compiling *p)
{
	const struct facts_reader *reader = p->options->reader;
	return !reader || reader->read(reader->context, p->c->load.arena, p->c->plan.base,
				       &p->c->facts, p->fail);
}

static bool pass_order(struct compiling *p)
{
	order_agents(&p->c->load, &p->c->plan, &p->c->order);
	return true;
}

static bool pass_lower(struct compiling *p)
{
	lower_plan(&p->c->load, &p->c->plan, &p->c->order, p->schedule);
	return true;
}

static bool pass_own(struct compiling *p)
{
	own_check(&p->c->load, &p->c->plan, &p->c->order, p->schedule);
	return true;
}

static bool pass_survey(struct compiling *p)
{
	survey_check(&p->c->load, &p->c->plan, &p->c->order, &p->c->facts, p->options->reader);
	return true;
}

static bool pass_lint(struct compiling *p)
{
	lint_plan(&p->c->load, &p->c->bind, &p->c->plan, &p->c->order, p->schedule);
	return true;
}

static bool pass_clean(struct compiling *p)
{
	clean_check(&p->c->load, &p->c->plan);
	return true;
}

static bool pass_advise(struct compiling *p)
{
	advise_prompts(&p->c->load, &p->c->plan, &p->c->order, &p->c->facts, p->options->reader);
	return true;
}

static bool pass_allow(struct compiling *p)
{
	allow_apply(&p->c->load);
	diag_sort(&p->c->diags);
	drop_repeated(&p->c->diags);
	keep_newer(&p->c->diags);
	return true;
}

static bool pass_simulate(struct compiling *p)
{
	if (p->c->diags.errors)
		return true;
	p->c->schedule = p->schedule;
	p->c->times = simulate_schedule(p->c->load.arena, p->schedule, p->c->plan.jobs);
	return true;
}

/* A pass that gives false says why: the world does not let us go on. */
static const struct pass {
	const char *name;
	bool (*run)(struct compiling *);
} passes[] = {
	{ "load", pass_load },         { "bind", pass_bind },     { "plan", pass_plan },
	{ "facts", pass_facts },       { "order", pass_order },   { "lower", pass_lower },
	{ "own", pass_own },           { "survey", pass_survey }, { "lint", pass_lint },
	{ "clean", pass_clean },       { "advise", pass_advise }, { "allow", pass_allow },
	{ "simulate", pass_simulate },
};

bool compile_plan(struct arena *arena, const char *path, const struct facts_reader *reader,
		  struct compile *c, struct fail *fail)
{
	return compile_plan_with(arena, path, &(struct compile_options){ .reader = reader }, c,
				 fail);
}

bool compile_plan_with(struct arena *arena, const char *path, const struct compile_options *options,
		       struct compile *c, struct fail *fail)
{
	struct compiling p = { .c = c, .options = options, .path = path, .fail = fail };
	*c = (struct compile){ .sources = { .arena = arena } };
	c->diags = (struct diags){ .arena = arena, .sources = &c->sources };
	c->load = (struct load){ .arena = arena,
				 .sources = &c->sources,
				 .diags = &c->diags,
				 .overlay = options->overlay,
				 .elsewhere = options->elsewhere };
	p.schedule = ARENA_NEW(arena, struct schedule);
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
		if (!passes[i].run(&p))
			return false;
		if (options->passed)
			options->passed(options->context, passes[i].name);
	}
	for (size_t i = 0; i < c->load.units.n; i++)
		c->disabled += c->load.units.at[i].syntax.disabled;
	return true;
}

void compile_prompts(struct compile *c)
{
	lower_prompts(&c->load, &c->plan, &c->order, c->schedule);
}

void compile_verify(const struct compile *c)
{
	struct fail fail;
	if (!verify_schedule(c->schedule, &fail))
		fail_bug(__FILE__, __LINE__, fail.text,
			 "the compiler wrote a schedule that its verifier refuses");
}
