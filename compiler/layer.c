/* layer.c — see layer.h. */
#include "compiler/layer.h"

#include "common/glob.h"
#include "common/utf8.h"
#include "compiler/remedy.h"
#include "compiler/runner.h"
#include "parser.h"
#include "schedule/schedule.h"

enum {
	RETRY_MOST = 1000,
	PROCESSES_LEAST = 8,      /* a shell, what it starts, and their threads */
	PROCESSES_MOST = 1 << 22, /* what Linux can number */
	FILE_LEAST = 64,          /* KiB: git's own small files must fit */
	MEMORY_LEAST = 4 << 10,
	SIZE_MOST = 1 << 30, /* KiB: 1 TiB */
	CPU_LEAST = 5,       /* hundredths */
	CPU_MOST = 1024 * 100,
};

struct eval layer_eval(const struct layer_source *source, uint32_t unit,
		       const struct eval_names *names)
{
	return (struct eval){ source->load->arena, source->load->sources,
			      &source->load->units.at[unit].syntax, source->load->diags, names };
}

bool layer_once(struct diags *diags, bool given, struct span first, struct span again,
		const char *what)
{
	if (!given)
		return true;
	struct diag *diag = diag_add(diags, DIAG_DOUBLED_STATEMENT, again,
				     "`%s` is said twice here", what);
	diag_here(diags, diag, "and here again");
	diag_label(diags, diag, first, "it is said here");
	/* The same once more, word for word, says nothing. */
	if (str_equal(source_text(diags->sources, first), source_text(diags->sources, again)))
		remedy_take_out(diags, diag, DIAG_SAFE, again);
	return false;
}

static void give(const struct eval *eval, struct layer *layer, enum plan_single which,
		 const struct node *statement, const char *what, uint32_t value)
{
	struct plan_value *at = &layer->single[which];
	struct span span = syntax_span(eval->syntax, statement);
	if (layer_once(eval->diags, at->given, at->span, span, what))
		*at = (struct plan_value){ value, true, span };
}

uint32_t layer_pool_named(struct layer_source *source, const struct eval *eval,
			  const struct node *name)
{
	struct span span = syntax_span(eval->syntax, name);
	struct str text = source_text(eval->sources, span);
	uint32_t *found = map_find(&source->plan->pool_by_name, text);
	if (found) {
		source->plan->pools.at[*found].used = true;
		return *found;
	}
	if (!source->pools_known)
		return PLAN_NONE;
	source->bind->unknown++;
	struct diag *diag = diag_add(eval->diags, DIAG_UNKNOWN_NAME, span,
				     "there is no pool named `%.*s`", STR_ARG(text));
	struct bind_nearest nearest = { .word = text };
	for (size_t i = 0; i < source->plan->pools.n; i++)
		bind_nearest_try(&nearest, source->plan->pools.at[i].name);
	if (nearest.name.at)
		diag_fix(eval->diags, diag, DIAG_UNSAFE, span, nearest.name, "write `%.*s`",
			 STR_ARG(nearest.name));
	else
		diag_help(eval->diags, diag, "pools are declared in the plan: `pool %.*s 2`",
			  STR_ARG(text));
	return PLAN_NONE;
}

/* The place in the pattern that is wrong, if the string is written as it is meant. */
static struct span pattern_place(const struct eval *eval, const struct plan_text *pattern,
				 size_t offset)
{
	struct span span = pattern->span;
	if (source_text(eval->sources, span).n == pattern->text.n + 2 && offset < pattern->text.n)
		span.start += (uint32_t)offset + 1;
	return span;
}

static bool is_pattern(const struct eval *eval, struct str text, bool plain)
{
	struct arena_mark mark = arena_mark(eval->arena);
	struct glob glob;
	struct glob_error error = { 0 };
	struct str path;
	bool good = plain ? path_read(text, &path, &error.text)
			  : glob_parse(eval->arena, text, &glob, &error);
	arena_reset(eval->arena, mark);
	return good;
}

/* Many write a path from the repository's root with a slash before it. */
static void offer_relative(const struct eval *eval, struct diag *diag,
			   const struct plan_text *pattern, bool plain)
{
	struct span span = pattern->span;
	struct str text = pattern->text;
	bool as_written = source_text(eval->sources, span).n == text.n + 2;
	while (text.n && text.at[0] == '/')
		text = str_slice(text, 1, text.n);
	if (!as_written || !text.n || text.n == pattern->text.n || !is_pattern(eval, text, plain))
		return;
	span.start++;
	span.end--;
	diag_fix(eval->diags, diag, DIAG_UNSAFE, span, text,
		 "from the root of the repository: `%.*s`", STR_ARG(text));
}

static bool check_pattern(const struct eval *eval, const struct plan_text *pattern, bool plain)
{
	struct arena_mark mark = arena_mark(eval->arena);
	struct glob glob;
	struct glob_error error = { 0 };
	struct str path;
	bool good = plain ? path_read(pattern->text, &path, &error.text)
			  : glob_parse(eval->arena, pattern->text, &glob, &error);
	arena_reset(eval->arena, mark);
	if (!good && utf8_invalid(pattern->text) == SIZE_MAX) { /* else said for the whole file */
		struct diag *diag = diag_add(eval->diags, DIAG_PATTERN,
					     pattern_place(eval, pattern, error.offset),
					     "`%.*s` is not a %s", STR_ARG(pattern->text),
					     plain ? "path" : "pattern");
		diag_here(eval->diags, diag, "%s", error.text);
		offer_relative(eval, diag, pattern, plain);
	}
	return good;
}

/* Those that are wrong are said and left out. */
static struct str_list read_patterns(const struct eval *eval, const struct node *strings, bool plain)
{
	VEC(struct str) list = { 0 };
	for (const struct node *node = strings->child; node; node = node->next) {
		struct plan_text pattern = { eval_text(eval, node),
					     syntax_span(eval->syntax, node) };
		if (check_pattern(eval, &pattern, plain))
			*VEC_ADD(eval->arena, &list) = pattern.text;
	}
	return (struct str_list){ list.at, list.n };
}

struct plan_command layer_command(struct layer_source *source, const struct eval *eval,
				  const struct node *statement)
{
	const struct node *command = statement->child, *words = command->child;
	struct plan_command result = { .pool = PLAN_NONE,
				       .span = syntax_span(eval->syntax, command) };
	const struct node *pool = syntax_child(command, NODE_NAME);
	VEC(struct str) list = { 0 };
	result.shell = words->kind == NODE_SHELL;
	for (const struct node *word = words->child; word; word = word->next)
		*VEC_ADD(eval->arena, &list) = eval_text(eval, word);
	result.words = (struct str_list){ list.at, list.n };
	if (list.n && !str_trim(list.at[0]).n)
		diag_add(eval->diags, DIAG_VALUE, syntax_span(eval->syntax, words->child),
			 "the command is empty");
	if (pool)
		result.pool = layer_pool_named(source, eval, pool);
	if (command->next) {
		result.keyed = read_patterns(eval, command->next, false);
		result.makes = read_patterns(eval, command->next->next, true);
	}
	return result;
}

void layer_env(struct layer_source *source, const struct eval *eval, const struct node *statement,
	       struct plan_envs *envs)
{
	const struct node *name = statement->child;
	struct plan_env env = { .span = syntax_span(eval->syntax, name) };
	env.name = source_text(source->load->sources, env.span);
	env.value = eval_text(eval, name->next);
	if (str_find(env.name, '-') != SIZE_MAX || str_starts(env.name, STR("ORCH_"))) {
		bool ours = str_starts(env.name, STR("ORCH_"));
		diag_add(eval->diags, DIAG_VALUE, env.span,
			 ours ? "`%.*s`: variables that begin with ORCH_ are set by orch"
			      : "`%.*s`: a variable of the environment has no hyphen in its name",
			 STR_ARG(env.name));
		return;
	}
	for (size_t i = 0; i < envs->list.n; i++)
		if (str_equal(envs->list.at[i].name, env.name)) {
			struct str what = arena_format(eval->arena, "env %.*s", STR_ARG(env.name));
			layer_once(eval->diags, true, envs->list.at[i].span, env.span, what.at);
			return;
		}
	*VEC_ADD(eval->arena, &envs->list) = env;
}

static void add_patterns(const struct eval *eval, struct layer *layer, enum plan_list which,
			 const struct node *statement)
{
	struct plan_texts *list = &layer->list[which];
	if (!list->list.cap) { /* mostly all that there will be */
		for (const struct node *node = statement->child; node; node = node->next)
			list->list.cap++;
		list->list.at = ARENA_MANY(eval->arena, list->list.cap, struct plan_text);
	}
	for (const struct node *node = statement->child; node; node = node->next) {
		struct plan_text pattern = { eval_text(eval, node),
					     syntax_span(eval->syntax, node) };
		if (check_pattern(eval, &pattern, which == PLAN_LINK))
			*VEC_ADD(eval->arena, &list->list) = pattern;
		else
			layer->incomplete = true;
	}
}

static void read_sandbox(const struct eval *eval, struct layer *layer, const struct node *statement)
{
	give(eval, layer, PLAN_SANDBOX, statement, "sandbox",
	     statement->child->keyword == TOKEN_ON ? SCHEDULE_SANDBOX_ON : SCHEDULE_SANDBOX_OFF);
}

static void read_limit(const struct eval *eval, struct layer *layer, const struct node *statement)
{
	const struct node *what = statement->child, *value = what->next;
	switch (what->keyword) {
	case TOKEN_PROCESSES:
		give(eval, layer, PLAN_LIMIT_PROCESSES, statement, "limit processes",
		     eval_number(eval, value,
				 (struct eval_range){ PROCESSES_LEAST, PROCESSES_MOST,
						      "`limit processes`" }));
		break;
	case TOKEN_FILE_SIZE:
		give(eval, layer, PLAN_LIMIT_FILE_SIZE, statement, "limit file-size",
		     eval_kibibytes(eval, value,
				    (struct eval_range){ FILE_LEAST, SIZE_MOST,
							 "`limit file-size`" }));
		break;
	case TOKEN_MEMORY:
		give(eval, layer, PLAN_LIMIT_MEMORY, statement, "limit memory",
		     eval_kibibytes(eval, value,
				    (struct eval_range){ MEMORY_LEAST, SIZE_MOST,
							 "`limit memory`" }));
		break;
	default:
		give(eval, layer, PLAN_LIMIT_CPU, statement, "limit cpu",
		     eval_hundredths(eval, value,
				     (struct eval_range){ CPU_LEAST, CPU_MOST, "`limit cpu`" }));
	}
}

static void read_prompt(struct layer_source *source, struct layer *layer, const struct eval *eval,
			const struct node *statement)
{
	struct span span = syntax_span(eval->syntax, statement);
	if (!layer_once(eval->diags, layer->prompt_given, layer->prompt_place, span, "prompt"))
		return;
	layer->prompt_given = true;
	layer->prompt_place = span;
	const struct node *what = statement->child;
	bool good = true;
	if (what->kind == NODE_PROMPT_FILE)
		good = prompt_find(source->prompts, layer->unit, eval, what, &layer->prompt.text,
				   &layer->prompt_at);
	else
		layer->prompt = eval_keep(eval, what);
	if (what->kind != NODE_PROMPT_FILE)
		layer->prompt_at = syntax_span(eval->syntax, what);
	layer->incomplete = layer->incomplete || !good;
	layer->lost_prompt = layer->lost_prompt || !good;
	if (good && !str_trim(layer->prompt.text).n)
		diag_add(eval->diags, DIAG_NO_PROMPT, span, "the prompt is empty");
}

static void read_after(struct layer *layer, const struct eval *eval, const struct node *statement)
{
	for (const struct node *name = statement->child; name; name = name->next) {
		if (name->kind == NODE_WORD)
			layer->after_all = name;
		else
			*VEC_ADD(eval->arena, &layer->after) = name;
	}
}

static void read_runner(struct layer_source *source, struct layer *layer, const struct eval *eval,
			const struct node *statement)
{
	uint32_t runner = runner_named(source->load, source->bind, source->plan, layer->unit,
				       statement->child);
	layer->incomplete = layer->incomplete || runner == PLAN_NONE;
	give(eval, layer, PLAN_RUNNER, statement, "runner", runner);
}

static void read_pool(struct layer_source *source, struct layer *layer, const struct eval *eval,
		      const struct node *statement)
{
	struct span span = syntax_span(eval->syntax, statement->child);
	uint32_t pool = layer_pool_named(source, eval, statement->child);
	for (size_t i = 0; i < layer->pools.n; i++)
		if (layer->pools.at[i].pool == pool) {
			layer_once(eval->diags, true, layer->pools.at[i].span, span, "pool");
			return;
		}
	if (pool != PLAN_NONE)
		*VEC_ADD(eval->arena, &layer->pools) = (struct layer_pool){ pool, span };
}

bool layer_statement(struct layer_source *source, struct layer *layer, const struct eval *eval,
		     const struct node *statement)
{
	const struct node *first = statement->child;
	switch (statement->keyword) {
	case TOKEN_RUNNER: read_runner(source, layer, eval, statement); break;
	case TOKEN_TIMEOUT:
		give(eval, layer, PLAN_TIMEOUT, statement, "timeout", eval_duration(eval, first));
		break;
	case TOKEN_IDLE:
		give(eval, layer, PLAN_IDLE, statement, "idle", eval_duration(eval, first));
		break;
	case TOKEN_ESTIMATE:
		give(eval, layer, PLAN_ESTIMATE, statement, "estimate", eval_duration(eval, first));
		break;
	case TOKEN_RETRY:
		give(eval, layer, PLAN_RETRY, statement, "retry",
		     eval_number(eval, first, (struct eval_range){ 0, RETRY_MOST, "`retry`" }));
		break;
	case TOKEN_ISOLATION:
		give(eval, layer, PLAN_ISOLATION, statement, "isolation",
		     first->keyword == TOKEN_CLONE ? SCHEDULE_CLONE : SCHEDULE_WORKTREE);
		break;
	case TOKEN_SANDBOX: read_sandbox(eval, layer, statement); break;
	case TOKEN_NETWORK:
		give(eval, layer, PLAN_QUIET, statement, "network", first->keyword == TOKEN_OFF);
		break;
	case TOKEN_LIMIT: read_limit(eval, layer, statement); break;
	case TOKEN_ENV: layer_env(source, eval, statement, &layer->env); break;
	case TOKEN_SETUP:
		*VEC_ADD(eval->arena, &layer->setup.list) = layer_command(source, eval, statement);
		break;
	case TOKEN_TEST:
		*VEC_ADD(eval->arena, &layer->tests.list) = layer_command(source, eval, statement);
		break;
	case TOKEN_OWNS: add_patterns(eval, layer, PLAN_OWNS, statement); break;
	case TOKEN_CREATES: add_patterns(eval, layer, PLAN_CREATES, statement); break;
	case TOKEN_READS: add_patterns(eval, layer, PLAN_READS, statement); break;
	case TOKEN_REQUIRES: add_patterns(eval, layer, PLAN_REQUIRES, statement); break;
	case TOKEN_COPY: add_patterns(eval, layer, PLAN_COPY, statement); break;
	case TOKEN_LINK: add_patterns(eval, layer, PLAN_LINK, statement); break;
	case TOKEN_AFTER: read_after(layer, eval, statement); break;
	case TOKEN_POOL: read_pool(source, layer, eval, statement); break;
	case TOKEN_PROMPT: read_prompt(source, layer, eval, statement); break;
	case TOKEN_BUDGET:
		give(eval, layer, PLAN_BUDGET, statement, "budget",
		     eval_cents(eval, statement->child, "`budget`"));
		break;
	default: return false;
	}
	return true;
}

void layer_block(struct layer_source *source, struct layer *layer, const struct node *block,
		 const struct eval_names *names)
{
	struct eval eval = layer_eval(source, layer->unit, names);
	for (const struct node *statement = block ? block->child : NULL; statement;
	     statement = statement->next) {
		bool broken = statement->kind == NODE_BROKEN, any = broken && !statement->keyword;
		layer->lost_prompt = layer->lost_prompt || any ||
				     (broken && statement->keyword == TOKEN_PROMPT);
		layer->lost_runner = layer->lost_runner || any ||
				     (broken && statement->keyword == TOKEN_RUNNER);
		layer->incomplete = layer->incomplete || broken;
		layer->loose = layer->loose || any || (broken && statement->keyword == TOKEN_AFTER);
		if (statement->kind == NODE_STATEMENT)
			layer_statement(source, layer, &eval, statement);
	}
}
