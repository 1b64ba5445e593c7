/* runner.c — see runner.h. */
#include "compiler/runner.h"

#include "compiler/eval.h"
#include "compiler/remedy.h"
#include "parser.h"
#include "schedule/schedule.h"

static const struct eval_name command_names[] = {
	{ { "prompt", 6 }, { "", 0 } },
	{ { "prompt_file", 11 }, { "", 0 } },
	{ { "session", 7 }, { "", 0 } },
};
static const struct eval_names in_command = { command_names, 3, "a runner's command has" };

struct reading {
	struct load *load;
	const struct eval *eval;
	struct plan_runner *runner;
	const struct node *command, *prompt; /* statements, or NULL */
	bool broken;
};

static void unsupported(const struct reading *r, const struct node *statement, const char *what,
			const char *otherwise)
{
	struct diag *diag = diag_add(r->eval->diags, DIAG_UNSUPPORTED,
				     syntax_span(r->eval->syntax, statement),
				     "`%s` is not carried out by this version of orch", what);
	diag_note(r->eval->diags, diag, "%s", otherwise);
	remedy_switch_off(r->eval->diags, diag, syntax_span(r->eval->syntax, statement));
}

static bool once(const struct reading *r, const struct node *first, const struct node *again,
		 const char *what)
{
	if (!first)
		return true;
	struct diag *diag = diag_add(r->eval->diags, DIAG_DOUBLED_STATEMENT,
				     syntax_span(r->eval->syntax, again), "`%s` is said twice here",
				     what);
	diag_label(r->eval->diags, diag, syntax_span(r->eval->syntax, first), "it is said here");
	if (str_equal(syntax_text(r->eval->syntax, r->eval->sources, first),
		      syntax_text(r->eval->syntax, r->eval->sources, again)))
		remedy_take_out(r->eval->diags, diag, DIAG_SAFE,
				syntax_span(r->eval->syntax, again));
	return false;
}

static void read_command(struct reading *r, const struct node *statement)
{
	if (!once(r, r->command, statement, "command"))
		return;
	struct eval eval = *r->eval;
	VEC(struct str) words = { 0 };
	eval.names = &in_command;
	r->command = statement;
	for (const struct node *word = statement->child->child; word; word = word->next)
		*VEC_ADD(eval.arena, &words) = eval_template_text(&eval, word);
	r->runner->words = (struct str_list){ words.at, words.n };
	if (words.n && !words.at[0].n)
		diag_add(eval.diags, DIAG_VALUE, syntax_span(eval.syntax, statement->child->child),
			 "the command has no program");
}

static void read_env(struct reading *r, const struct node *statement)
{
	const struct node *name = statement->child;
	struct plan_env env = { .span = syntax_span(r->eval->syntax, name) };
	env.name = source_text(r->eval->sources, env.span);
	env.value = eval_text(r->eval, name->next);
	if (str_find(env.name, '-') != SIZE_MAX)
		diag_add(r->eval->diags, DIAG_VALUE, env.span,
			 "`%.*s`: a variable of the environment has no hyphen in its name",
			 STR_ARG(env.name));
	else
		*VEC_ADD(r->eval->arena, &r->runner->env.list) = env;
}

/* Why it is no path of the kind, or NULL. */
static const char *not_outside(struct str path)
{
	struct str rest = path, part;
	if (!str_starts(path, STR("~/")) && !str_starts(path, STR("/")))
		return "it begins with `~/`, which is the user's home, or with `/`";
	if (path.n < 3)
		return "it names something below";
	while (str_split(&rest, '/', &part))
		if (str_is(part, "..") || str_is(part, "."))
			return "it goes straight down";
	return NULL;
}

static void read_writes(struct reading *r, const struct node *statement)
{
	for (const struct node *node = statement->child; node; node = node->next) {
		struct plan_text path = { eval_text(r->eval, node),
					  syntax_span(r->eval->syntax, node) };
		const char *why = not_outside(path.text);
		if (why)
			diag_add(r->eval->diags, DIAG_VALUE, path.span,
				 "`writes` takes a path outside of the repository: %s", why);
		else
			*VEC_ADD(r->eval->arena, &r->runner->writes.list) = path;
	}
}

static void read_statement(struct reading *r, const struct node *statement)
{
	uint16_t word = statement->child->keyword;
	switch (statement->keyword) {
	case TOKEN_COMMAND: read_command(r, statement); break;
	case TOKEN_PROMPT:
		if (once(r, r->prompt, statement, "prompt"))
			r->prompt = statement;
		r->runner->prompt = word == TOKEN_FILE       ? SCHEDULE_PROMPT_FILE
				    : word == TOKEN_ARGUMENT ? SCHEDULE_PROMPT_ARGUMENT
							     : SCHEDULE_PROMPT_STDIN;
		break;
	case TOKEN_EVENTS:
		if (word != TOKEN_LINES)
			unsupported(
				r, statement,
				word == TOKEN_CLAUDE ? "events claude" : "events codex",
				"the output would be taken as it is: cost and failures would not be read off it");
		break;
	case TOKEN_RESUME:
		unsupported(r, statement, "resume",
			    "another attempt would begin a session of its own");
		break;
	case TOKEN_BUSY:
		unsupported(r, statement, "busy",
			    "a busy service would count as a failure of the agent");
		break;
	case TOKEN_ENV: read_env(r, statement); break;
	case TOKEN_WRITES: read_writes(r, statement); break;
	}
}

static const char *hole_of(uint32_t prompt)
{
	return prompt == SCHEDULE_PROMPT_FILE       ? "prompt_file"
	       : prompt == SCHEDULE_PROMPT_ARGUMENT ? "prompt"
						    : NULL;
}

static const char *word_of(uint32_t prompt)
{
	return prompt == SCHEDULE_PROMPT_FILE       ? "file"
	       : prompt == SCHEDULE_PROMPT_ARGUMENT ? "argument"
						    : "stdin";
}

static void say_unreached(const struct reading *r, const char *needed)
{
	const struct syntax *syntax = r->eval->syntax;
	const struct node *last = r->command->child->child;
	struct diag *diag = diag_add(r->eval->diags, DIAG_MISSING, syntax_span(syntax, r->command),
				     "with `prompt %s`, the command needs `${%s}` in it",
				     word_of(r->runner->prompt), needed);
	while (last && last->next)
		last = last->next;
	if (!last)
		return;
	uint32_t end = syntax_span(syntax, last).end;
	diag_fix(r->eval->diags, diag, DIAG_UNSAFE, (struct span){ syntax->source, end, end },
		 arena_format(r->eval->arena, ", \"${%s}\"", needed),
		 "add it at the end: `\"${%s}\"`", needed);
}

static void say_valueless(const struct reading *r, struct span place, struct str name,
			  const char *needed)
{
	struct diag *diag = diag_add(r->eval->diags, DIAG_INTERPOLATION, place,
				     "with `prompt %s`, `${%.*s}` has no value",
				     word_of(r->runner->prompt), STR_ARG(name));
	if (needed)
		diag_help(r->eval->diags, diag, "write `${%s}`, or say `prompt %s`", needed,
			  str_is(name, "prompt") ? "argument" : "file");
}

/* The prompt must reach the agent by the way that was chosen, and by that alone. */
static void check_holes(const struct reading *r)
{
	const char *needed = hole_of(r->runner->prompt);
	bool found = false, unknown = false;
	for (const struct node *word = r->command->child->child; word; word = word->next) {
		struct span span = syntax_span(r->eval->syntax, word);
		struct str raw = source_text(r->eval->sources, span);
		struct eval_hole hole;
		size_t at = 0;
		while (eval_next_hole(raw, 1, &at, &hole)) {
			struct span place = { span.source, span.start + (uint32_t)hole.start,
					      span.start + (uint32_t)hole.end };
			if (needed && str_is(hole.name, needed))
				found = true;
			else if (str_is(hole.name, "session"))
				diag_add(r->eval->diags, DIAG_UNSUPPORTED, place,
					 "sessions are not carried out by "
					 "this version of orch, so `${session}` has no value");
			else if (str_is(hole.name, "prompt") || str_is(hole.name, "prompt_file"))
				say_valueless(r, place, hole.name, needed);
			unknown = unknown || !needed ||
				  !str_is(hole.name, needed); /* which was said, too */
		}
	}
	if (needed && !found && !unknown)
		say_unreached(r, needed);
}

static uint32_t read_runner(struct load *load, struct plan *plan, struct bind_name *name)
{
	const struct load_unit *unit = &load->units.at[name->unit];
	struct eval eval = { load->arena, load->sources, &unit->syntax, load->diags, NULL };
	struct plan_runner runner = { .span = name->span };
	runner.name = arena_format(load->arena, "%.*s%.*s", STR_ARG(unit->prefix),
				   STR_ARG(name->name));
	struct reading r = { .load = load, .eval = &eval, .runner = &runner };
	const struct node *block = syntax_child(name->node, NODE_BLOCK);
	for (const struct node *statement = block ? block->child : NULL; statement;
	     statement = statement->next) {
		if (statement->kind == NODE_BROKEN)
			r.broken = true;
		else if (statement->kind == NODE_STATEMENT)
			read_statement(&r, statement);
	}
	if (!r.command && !r.broken)
		diag_add(load->diags, DIAG_MISSING, name->span,
			 "the runner `%.*s` has no `command`", STR_ARG(name->name));
	else if (r.command && !r.broken)
		check_holes(&r);
	if (!r.command) {
		name->poisoned = true;
		return PLAN_NONE;
	}
	name->index = (uint32_t)plan->runners.n;
	*VEC_ADD(load->arena, &plan->runners) = runner;
	return name->index;
}

uint32_t runner_named(struct load *load, struct bind *bind, struct plan *plan, uint32_t unit,
		      const struct node *node)
{
	struct bind_name *name = bind_resolve(bind, unit, node, BIND_A_RUNNER, "runner");
	if (!name)
		return PLAN_NONE;
	return name->index == LOAD_NONE ? read_runner(load, plan, name) : name->index;
}

void runner_check(struct load *load, struct bind *bind, struct plan *plan, uint32_t unit)
{
	struct bind_unit *names = &bind->unit[unit];
	for (size_t i = 0; i < names->names.n; i++) {
		struct bind_name *name = &names->names.at[i];
		if (name->kind == BIND_RUNNER && !name->poisoned && name->index == LOAD_NONE)
			read_runner(load, plan, name);
	}
}
