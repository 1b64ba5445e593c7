/* expand.c — orchc expand: what each agent comes to in the end. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/report.h"
#include "cmd/orchc/talk.h"
#include "cmd/repository.h"
#include "compiler/expand.h"
#include "compiler/format.h"

#include <stdio.h>

static int say_no_agent(const struct plan *plan, const char *word)
{
	struct bind_nearest nearest = { .word = str_from(word) };
	for (size_t i = 0; i < plan->agents.n; i++)
		bind_nearest_try(&nearest, plan->agents.at[i].name);
	fprintf(stderr, "error: the plan has no agent `%s`", word);
	if (nearest.name.at)
		fprintf(stderr, "; did you mean `%.*s`?", STR_ARG(nearest.name));
	fputc('\n', stderr);
	return STATUS_USAGE;
}

static int expand(struct arena *arena, const struct command_line *line, const struct compile *c)
{
	const char *one = command_value(line, "--agent");
	struct text out = { 0 };
	struct format format;
	uint32_t agent = 0;
	while (one && agent < c->plan.agents.n && !str_is(c->plan.agents.at[agent].name, one))
		agent++;
	if (one && agent == c->plan.agents.n)
		return say_no_agent(&c->plan, one);
	if (one)
		expand_agent(c, agent, &out);
	else
		expand_plan(c, &out);
	/* The formatter says no only to what is wrong, and then what is there shows it. */
	bool formed = format_plan(arena, STR("the expanded plan"), text_str(&out), &format) ==
		      FORMAT_DONE;
	int status = talk_answer(formed ? format.text : text_str(&out));
	text_release(&out);
	return status;
}

static int run_expand(const struct command_line *line)
{
	struct arena arena = { 0 };
	struct repository repository;
	struct compile c;
	struct fail fail;
	int status;
	struct repository_work work = { .plans = line->operand,
					.plan_n = 1,
					.without_facts = true };
	if (!talk_plans_named(line->operand, 1))
		return STATUS_USAGE;
	repository_init(&repository);
	if (!repository_shut_in(&repository, &work, &fail) ||
	    !compile_plan(&arena, line->operand[0], NULL, &c, &fail))
		status = talk_failure(&fail);
	else if (!c.schedule)
		status = report_show(line, &c);
	else
		status = expand(&arena, line, &c);
	repository_close(&repository);
	arena_release(&arena);
	return status;
}

static const struct command_option expand_options[] = {
	{ "--agent", 0, "NAME", NULL, "only this agent" },
};

static const char expand_help[] =
	"Shows the plan with its templates, groups and defaults resolved: every agent says all that holds for it,\n"
	"with a comment that tells where each of it is from. What comes out is a plan, in its one form, that makes the\n"
	"same schedule; agents of imported files get a name of their own, `shared-core` for `shared.core`.\n"
	"\n"
	"    orchc expand site.orch\n"
	"    orchc expand --agent links site.orch    # what holds for this one, and why?\n";

const struct command expand_command = {
	"expand", "PLAN", 1, 1, "show what every agent comes to, and where it is from", expand_help,
	expand_options, sizeof expand_options / sizeof *expand_options, run_expand,
};
