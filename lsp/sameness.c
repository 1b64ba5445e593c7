/* sameness.c — see sameness.h. */
#include "lsp/sameness.h"

static bool same_texts(const struct plan_texts *a, const struct plan_texts *b)
{
	for (size_t i = 0; i < a->list.n && i < b->list.n; i++)
		if (!str_equal(a->list.at[i].text, b->list.at[i].text))
			return false;
	return a->list.n == b->list.n;
}

static bool same_words(struct str_list a, struct str_list b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++)
		if (!str_equal(a.at[i], b.at[i]))
			return false;
	return a.n == b.n;
}

static bool same_commands(const struct plan_commands *a, const struct plan_commands *b)
{
	for (size_t i = 0; i < a->list.n && i < b->list.n; i++) {
		const struct plan_command *x = &a->list.at[i], *y = &b->list.at[i];
		if (x->shell != y->shell || x->pool != y->pool || !same_words(x->words, y->words) ||
		    !same_words(x->keyed, y->keyed) || !same_words(x->makes, y->makes))
			return false;
	}
	return a->list.n == b->list.n;
}

static bool same_envs(const struct plan_envs *a, const struct plan_envs *b)
{
	for (size_t i = 0; i < a->list.n && i < b->list.n; i++)
		if (!str_equal(a->list.at[i].name, b->list.at[i].name) ||
		    !str_equal(a->list.at[i].value, b->list.at[i].value))
			return false;
	return a->list.n == b->list.n;
}

static bool same_after(const struct plan_agent *a, const struct plan_agent *b)
{
	for (size_t i = 0; i < a->after.n && i < b->after.n; i++)
		if (a->after.at[i].agent != b->after.at[i].agent)
			return false;
	return a->after.n == b->after.n && a->after_all == b->after_all;
}

static bool same_pools(const struct plan_agent *a, const struct plan_agent *b)
{
	for (size_t i = 0; i < a->pools.n && i < b->pools.n; i++)
		if (a->pools.at[i] != b->pools.at[i])
			return false;
	return a->pools.n == b->pools.n;
}

static bool same_agent(struct arena *arena, const struct plan_agent *a, const struct plan_agent *b)
{
	bool same = same_after(a, b) && same_pools(a, b) && same_envs(&a->env, &b->env) &&
		    same_commands(&a->setup, &b->setup) && same_commands(&a->tests, &b->tests) &&
		    str_equal(a->title, b->title) &&
		    str_equal(eval_kept_text(arena, a->prompt), eval_kept_text(arena, b->prompt));
	for (int i = 0; i < PLAN_LISTS && same; i++)
		same = same_texts(&a->list[i], &b->list[i]);
	for (int i = 0; i < PLAN_SINGLES && same; i++)
		same = a->single[i].given == b->single[i].given &&
		       a->single[i].value == b->single[i].value;
	return same;
}

static bool same_targets(const struct plan_targets *a, const struct plan_targets *b)
{
	for (size_t i = 0; i < a->list.n && i < b->list.n; i++)
		if (a->list.at[i].first != b->list.at[i].first ||
		    a->list.at[i].last != b->list.at[i].last)
			return false;
	return a->list.n == b->list.n;
}

bool sameness_holds(const struct compile *before, const struct compile *after)
{
	const struct plan *a = &before->plan, *b = &after->plan;
	struct arena arena = { 0 };
	bool same = after->diags.errors <= before->diags.errors && a->agents.n == b->agents.n &&
		    a->pools.n == b->pools.n && a->runners.n == b->runners.n &&
		    same_targets(&a->merge, &b->merge) && same_commands(&a->tests, &b->tests);
	for (size_t i = 0; i < a->agents.n && same; i++)
		same = same_agent(&arena, &a->agents.at[i], &b->agents.at[i]);
	arena_release(&arena);
	return same;
}
