/* runner.c — see runner.h. */
#include "compiler/runner.h"

#include "common/regular.h"
#include "compiler/eval.h"
#include "compiler/remedy.h"
#include "compiler/runner_events.h"
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
	struct bind *bind;
	struct bind_name *name;
	const struct node *command, *prompt, *session, *resume, *stop, *busy,
		*events; /* statements, or NULL */
	bool broken;
	bool events_unknown; /* they are those of a runner that is not there */
	bool session_lost; /* what says which session it is may be among what could not be read */
};

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

/* The words of a LIST, in which ${prompt}, ${prompt_file} and ${session} may stand. */
static struct str_list read_words(struct reading *r, const struct node *list)
{
	struct eval eval = *r->eval;
	VEC(struct str) words = { 0 };
	eval.names = &in_command;
	for (const struct node *word = list->child; word; word = word->next)
		*VEC_ADD(eval.arena, &words) = eval_template_text(&eval, word);
	return (struct str_list){ words.at, words.n };
}

static void check_program(struct reading *r, const struct node *list, struct str_list words)
{
	if (words.n && !words.at[0].n)
		diag_add(r->eval->diags, DIAG_VALUE, syntax_span(r->eval->syntax, list->child),
			 "the command has no program");
}

static void read_command(struct reading *r, const struct node *statement)
{
	if (!once(r, r->command, statement, "command"))
		return;
	r->command = statement;
	r->runner->words = read_words(r, statement->child);
	check_program(r, statement->child, r->runner->words);
}

static void read_resume(struct reading *r, const struct node *statement)
{
	const struct node *list = syntax_child(statement, NODE_LIST);
	if (!once(r, r->resume, statement, "resume"))
		return;
	r->resume = statement;
	r->runner->resume = read_words(r, list);
	r->runner->resume_whole = statement->child != list;
	if (r->runner->resume_whole)
		check_program(r, list, r->runner->resume);
}

static void read_busy(struct reading *r, const struct node *statement)
{
	struct str text = eval_text(r->eval, statement->child), why;
	if (!once(r, r->busy, statement, "busy"))
		return;
	r->busy = statement;
	if (regular_check(r->eval->arena, text, &why))
		r->runner->busy = text;
	else
		diag_add(r->eval->diags, DIAG_VALUE, syntax_span(r->eval->syntax, statement->child),
			 "`busy` takes an extended regular expression, and this cannot be used: %.*s",
			 STR_ARG(why));
}

static void read_stop(struct reading *r, const struct node *statement)
{
	struct str text = eval_text(r->eval, statement->child);
	if (!once(r, r->stop, statement, "stop"))
		return;
	r->stop = statement;
	if (schedule_signal(text))
		r->runner->stop = text;
	else
		diag_add(r->eval->diags, DIAG_VALUE, syntax_span(r->eval->syntax, statement->child),
			 "`stop` takes the name of a signal that asks: \"TERM\", \"INT\", \"HUP\", "
			 "\"QUIT\", \"USR1\" or \"USR2\"");
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
		if (once(r, r->events, statement, "events"))
			r->events = statement;
		break;
	case TOKEN_SESSION:
		if (once(r, r->session, statement, "session"))
			r->session = statement;
		r->runner->session = read_words(r, statement->child);
		break;
	case TOKEN_RESUME: read_resume(r, statement); break;
	case TOKEN_BUSY: read_busy(r, statement); break;
	case TOKEN_STOP: read_stop(r, statement); break;
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

static void say_unreached(const struct reading *r, const struct node *statement, const char *needed)
{
	const struct syntax *syntax = r->eval->syntax;
	const struct node *last = syntax_child(statement, NODE_LIST)->child;
	struct diag *diag = diag_add(r->eval->diags, DIAG_MISSING, syntax_span(syntax, statement),
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
	struct diag *diag;
	if (str_is(name, "session")) {
		diag_add(r->eval->diags, DIAG_INTERPOLATION, place,
			 "`${session}` has a value in `session` and `resume` only");
		return;
	}
	diag = diag_add(r->eval->diags, DIAG_INTERPOLATION, place,
			"with `prompt %s`, `${%.*s}` has no value", word_of(r->runner->prompt),
			STR_ARG(name));
	if (needed)
		diag_help(r->eval->diags, diag, "write `${%s}`, or say `prompt %s`", needed,
			  str_is(name, "prompt") ? "argument" : "file");
}

/* The prompt must reach the agent by the way that was chosen, and by that alone. `whole`: the words are
 * a whole command, not something that is added to one. */
static void check_holes(const struct reading *r, const struct node *statement, bool whole,
			bool session)
{
	const char *needed = whole ? hole_of(r->runner->prompt) : NULL;
	bool found = false, unknown = false;
	for (const struct node *word = syntax_child(statement, NODE_LIST)->child; word;
	     word = word->next) {
		struct span span = syntax_span(r->eval->syntax, word);
		struct str raw = source_text(r->eval->sources, span);
		struct eval_hole hole;
		size_t at = 0;
		while (eval_next_hole(raw, 1, &at, &hole)) {
			struct span place = { span.source, span.start + (uint32_t)hole.start,
					      span.start + (uint32_t)hole.end };
			bool is_session = str_is(hole.name, "session");
			if (needed && str_is(hole.name, needed))
				found = true;
			else if (is_session ? !session
					    : str_is(hole.name, "prompt") ||
						      str_is(hole.name, "prompt_file"))
				say_valueless(r, place, hole.name, needed);
			unknown =
				unknown ||
				(!is_session &&
				 (!needed || !str_is(hole.name, needed))); /* which was said, too */
		}
	}
	if (needed && !found && !unknown)
		say_unreached(r, statement, needed);
}

static bool has_session_rule(const struct plan_runner *runner)
{
	for (size_t i = 0; i < runner->rules.list.n; i++)
		if (runner->rules.list.at[i].kind == SCHEDULE_RULE_SESSION)
			return true;
	return false;
}

/* A session is chosen by orch, and told to the program by `session`; or by the program, and read off its
 * events. */
static void check_session(const struct reading *r)
{
	const struct syntax *syntax = r->eval->syntax;
	bool chosen = false;
	for (size_t i = 0; i < r->runner->session.n; i++)
		chosen |= str_find_text(r->runner->session.at[i], STR("${session}")) != SIZE_MAX;
	if (r->session && !chosen)
		diag_help(r->eval->diags,
			  diag_add(r->eval->diags, DIAG_MISSING, syntax_span(syntax, r->session),
				   "`session` tells the program which session to begin, and needs "
				   "`${session}` in it"),
			  "for example `session [\"--session-id\", \"${session}\"]`");
	else if (r->resume && !chosen && !has_session_rule(r->runner))
		diag_help(
			r->eval->diags,
			diag_add(r->eval->diags, DIAG_MISSING, syntax_span(syntax, r->resume),
				 "`resume` goes on with a session, and nothing says which that is"),
			"`session [\"--session-id\", \"${session}\"]` chooses one; a rule `session \"PATH\"` in "
			"`events` reads off which the program has chosen");
}

/* The statement `events` of the runner that is named: one of the file, of an import, or of the library. */
static bool find_events(struct reading *r, uint32_t unit, const struct node *name,
			const struct node **block, uint32_t *of)
{
	struct load *load = r->load;
	struct str text = source_text(load->sources, syntax_span(r->eval->syntax, name));
	struct bind_name *found = name->kind == NODE_NAME ? bind_find(r->bind, unit, text) : NULL;
	if (name->kind == NODE_NAME && load->library != LOAD_NONE && (!found || found == r->name)) {
		struct bind_name *std = bind_find(r->bind, load->library, text);
		found = std ? std : found;
	}
	if (!found || found == r->name) {
		size_t said = load->diags->list.n;
		found = bind_resolve(r->bind, unit, name, BIND_A_RUNNER, "runner");
		if (!found && load->diags->list.n > said)
			diag_help(
				load->diags, &load->diags->list.at[said],
				"`events { … }` says where in a line of JSON what is, `events claude` takes the "
				"rules of that runner, `events lines` takes the output as it is");
	}
	if (!found || found->kind != BIND_RUNNER)
		return false;
	found->used = true;
	*of = found->unit;
	const struct node *in = syntax_child(found->node, NODE_BLOCK);
	for (in = in ? in->child : NULL; in; in = in->next)
		if (in->kind == NODE_STATEMENT && in->keyword == TOKEN_EVENTS)
			*block = syntax_child(in, NODE_BLOCK);
	if (!*block)
		diag_add(load->diags, DIAG_VALUE, syntax_span(r->eval->syntax, name),
			 "the runner `%.*s` has no `events { … }` of its own", STR_ARG(text));
	return *block;
}

static void read_events(struct reading *r, uint32_t unit)
{
	const struct node *block = r->events ? syntax_child(r->events, NODE_BLOCK) : NULL;
	const struct node *name = r->events ? r->events->child : NULL;
	struct eval eval = *r->eval;
	uint32_t of = unit;
	if (!name || name->kind == NODE_WORD)
		return;
	if (!block && !find_events(r, unit, name, &block, &of)) {
		r->events_unknown = true;
		return;
	}
	eval.syntax = &r->load->units.at[of].syntax;
	runner_events(&eval, block, &r->runner->rules);
}

static uint32_t read_runner(struct load *load, struct bind *bind, struct plan *plan,
			    struct bind_name *name)
{
	const struct load_unit *unit = &load->units.at[name->unit];
	struct eval eval = { load->arena, load->sources, &unit->syntax, load->diags, NULL };
	struct plan_runner runner = { .span = name->span };
	runner.name = arena_format(load->arena, "%.*s%.*s", STR_ARG(unit->prefix),
				   STR_ARG(name->name));
	struct reading r = {
		.load = load, .eval = &eval, .runner = &runner, .bind = bind, .name = name
	};
	const struct node *block = syntax_child(name->node, NODE_BLOCK);
	for (const struct node *statement = block ? block->child : NULL; statement;
	     statement = statement->next) {
		if (statement->kind == NODE_BROKEN) {
			r.broken = true;
			runner.rules.lost |=
				!statement->keyword || statement->keyword == TOKEN_EVENTS;
			r.session_lost |= !statement->keyword ||
					  statement->keyword == TOKEN_SESSION ||
					  statement->keyword == TOKEN_EVENTS ||
					  statement->keyword == TOKEN_RESUME;
		} else if (statement->kind == NODE_STATEMENT)
			read_statement(&r, statement);
	}
	if (!r.command && !r.broken)
		diag_add(load->diags, DIAG_MISSING, name->span,
			 "the runner `%.*s` has no `command`", STR_ARG(name->name));
	else if (r.command && !r.broken)
		check_holes(&r, r.command, true, false);
	if (r.session && !r.broken)
		check_holes(&r, r.session, false, true);
	if (r.resume && !r.broken)
		check_holes(&r, r.resume, runner.resume_whole, true);
	read_events(&r, name->unit);
	if (!r.session_lost && !runner.rules.lost)
		check_session(&r);
	runner.rules.lost |= r.events_unknown;
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
	return name->index == LOAD_NONE ? read_runner(load, bind, plan, name) : name->index;
}

void runner_check(struct load *load, struct bind *bind, struct plan *plan, uint32_t unit)
{
	struct bind_unit *names = &bind->unit[unit];
	for (size_t i = 0; i < names->names.n; i++) {
		struct bind_name *name = &names->names.at[i];
		if (name->kind == BIND_RUNNER && !name->poisoned && name->index == LOAD_NONE)
			read_runner(load, bind, plan, name);
	}
}
