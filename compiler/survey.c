/* survey.c — see survey.h.
 *
 * Each pattern is looked up among the files. Only for those that match nothing is asked who else
 * owns what they could match, and who comes after whom, for all of them at once. A plan of which
 * hardly anything is there is one mistake. */
#include "compiler/survey.h"

#include "common/file.h"
#include "compiler/edit.h"
#include "compiler/hot.h"
#include "compiler/owners.h"
#include "compiler/tracked.h"
#include "compiler/twins.h"

enum { SHOWN = 3, FEW = 3 };

struct missing {
	uint32_t agent;
	enum plan_list list;
	const struct plan_text *text;
	bool own;		/* the agent owns it itself, by another statement */
	uint32_t before, beside,
		behind; /* another agent that could make it, by when it runs; or PLAN_NONE */
};
struct provider {
	uint32_t missing, agent;
};
struct survey {
	struct load *load;
	const struct plan *plan;
	const struct order *order;
	const struct facts_reader *reader;
	struct arena *arena;	/* scratch */
	struct tracked tracked;
	struct owners owners;
	size_t looked, matched;	/* patterns that should match something, and that do */
	size_t created_there;	/* patterns that should not, and do */
	VEC(struct missing) missing;
	VEC(struct provider) providers;
	size_t at;		/* the missing one at hand, and its pattern */
	struct glob glob;
	struct map known;	/* patterns with wildcards, by their text: do they match? */
};

static void say_no_base(struct load *load, const struct plan *plan, const struct facts *facts)
{
	struct diags *diags = load->diags;
	bool given = plan->base_span.end > 0;
	if (given && (!str_trim(plan->base).n || plan->base.at[0] == '-'))
		return;	/* that it is no revision has been said */
	struct diag *diag = diag_add(diags, DIAG_NO_BASE, given ? plan->base_span : plan->span,
				     "%.*s", STR_ARG(facts->why));
	diag_note(diags, diag, "what the plan says of files was not held against the repository");
	if (given && facts->nearest.n)
		diag_fix(diags, diag, DIAG_UNSAFE, plan->base_span,
			 arena_format(load->arena, "\"%.*s\"", STR_ARG(facts->nearest)),
			 "did you mean `%.*s`?", STR_ARG(facts->nearest));
}

/* Is the pattern written as it is, so that its text can be replaced? */
static bool is_verbatim(const struct survey *s, const struct plan_text *text)
{
	struct str raw = source_text(s->load->sources, text->span);
	return raw.n == text->text.n + 2 && raw.at[0] == '"' &&
	       str_equal(str_slice(raw, 1, raw.n - 1), text->text);
}

/* `creates` */

static void say_creates(struct survey *s, const struct plan_agent *agent,
			const struct plan_text *text, const uint32_t *found, size_t n)
{
	struct diags *diags = s->load->diags;
	struct text paths = { 0 };
	struct str first = s->tracked.at[found[0]].path;
	struct diag_edit edit;
	bool itself = n == 1 && str_equal(first, text->text);
	for (size_t i = 0; i < n && i < SHOWN; i++)
		text_addf(&paths, "%s`%.*s`", i ? ", " : "", STR_ARG(s->tracked.at[found[i]].path));
	struct diag *diag =
		itself ? diag_add(diags, DIAG_CREATES, text->span,
				  "`%.*s` is there already at the base", STR_ARG(first))
		       : diag_add(diags, DIAG_CREATES, text->span,
				  "`%.*s` matches what is there already at the base: %s%s",
				  STR_ARG(text->text), paths.at, n > SHOWN ? " and more" : "");
	diag_here(diags, diag, "to be created by `%.*s`", STR_ARG(agent->name));
	if (itself && is_verbatim(s, text) &&
	    edit_keyword(s->load, agent, text->span, "owns", &edit))
		diag_fix(diags, diag, DIAG_UNSAFE, edit.span, edit.text,
			 "if it is to be changed, say `owns`");
	else
		diag_help(
			diags, diag,
			"`owns` is for what is there and is to be changed, `creates` for what is not there yet");
	text_release(&paths);
}

static void check_creates(struct survey *s, uint32_t index)
{
	const struct plan_agent *agent = &s->plan->agents.at[index];
	const struct plan_texts *list = &agent->list[PLAN_CREATES];
	uint32_t found[SHOWN + 1];
	for (size_t i = 0; i < list->list.n; i++) {
		struct arena_mark mark = arena_mark(s->arena);
		struct glob glob;
		owners_parse(s->arena, list->list.at[i].text, &glob);
		size_t n = tracked_match(&s->tracked, &glob, SHOWN + 1, found);
		arena_reset(s->arena, mark);
		s->created_there += n > 0;
		if (n)
			say_creates(s, agent, &list->list.at[i], found, n);
	}
}

/* What should match something */

static bool matches(struct survey *s, struct str pattern)
{
	struct glob glob;
	uint32_t found;
	const uint32_t *known = map_find(&s->known, pattern);
	if (known)
		return *known;
	struct arena scratch = { 0 };
	owners_parse(&scratch, pattern, &glob);
	bool plain = glob_is_literal(&glob);
	bool does = tracked_match(&s->tracked, &glob, 1, &found) ||
		    tracked_in_submodule(&s->tracked, &glob);
	arena_release(&scratch);
	if (!plain)
		map_add(s->arena, &s->known, pattern, does);
	return does;
}

static void look(struct survey *s, uint32_t agent, enum plan_list which)
{
	const struct plan_texts *list = &s->plan->agents.at[agent].list[which];
	for (size_t i = 0; i < list->list.n; i++) {
		bool does = matches(s, list->list.at[i].text);
		s->looked++;
		s->matched += does;
		if (!does)
			*VEC_ADD(s->arena, &s->missing) =
				(struct missing){ agent,     which,     &list->list.at[i], false,
						  PLAN_NONE, PLAN_NONE, PLAN_NONE };
	}
}

/* Who else owns what a missing pattern could match */

static void add_provider(void *self, const struct owners_pattern *owned)
{
	struct survey *s = self;
	struct missing *missing = &s->missing.at[s->at];
	const struct provider *last = s->providers.n ? &s->providers.at[s->providers.n - 1] : NULL;
	if (owned->text == missing->text ||
	    (last && last->missing == s->at && last->agent == owned->agent))
		return;
	struct arena scratch = { 0 };
	bool meets = glob_meet(&scratch, &s->glob, &owned->glob, NULL);
	arena_release(&scratch);
	if (meets && owned->agent == missing->agent)
		missing->own = missing->own || missing->list != PLAN_OWNS;
	else if (meets)
		*VEC_ADD(s->arena, &s->providers) = (struct provider){ (uint32_t)s->at, owned->agent };
}

static void find_providers(struct survey *s)
{
	owners_collect(s->arena, s->plan, &s->owners);
	for (s->at = 0; s->at < s->missing.n; s->at++) {
		struct arena scratch = { 0 };
		owners_parse(&scratch, s->missing.at[s->at].text->text, &s->glob);
		owners_near(&s->owners, &s->glob, add_provider, s);
		arena_release(&scratch);
	}
	size_t n = s->providers.n;
	struct graph_question *questions = ARENA_MANY(s->arena, 2 * n, struct graph_question);
	for (size_t i = 0; i < n; i++) {
		uint32_t agent = s->missing.at[s->providers.at[i].missing].agent,
			 other = s->providers.at[i].agent;
		questions[2 * i] = (struct graph_question){ other, agent, false };
		questions[2 * i + 1] = (struct graph_question){ agent, other, false };
	}
	graph_reach(&s->order->graph, s->order->agent, questions, 2 * n);
	for (size_t i = 0; i < n; i++) {
		struct missing *missing = &s->missing.at[s->providers.at[i].missing];
		uint32_t *when = questions[2 * i].holds       ? &missing->before
				 : questions[2 * i + 1].holds ? &missing->behind
							      : &missing->beside;
		*when = *when == PLAN_NONE ? s->providers.at[i].agent : *when;
	}
}

/* Saying what is missing */

static bool is_literal(struct str pattern)
{
	struct arena scratch = { 0 };
	struct glob glob;
	owners_parse(&scratch, pattern, &glob);
	bool literal = glob_is_literal(&glob);
	arena_release(&scratch);
	return literal;
}

/* The path, or the folder that all of it lies in, is ignored: it is no business of the
 * repository. */
static bool is_ignored(struct survey *s, struct str pattern)
{
	struct arena scratch = { 0 };
	struct glob glob;
	owners_parse(&scratch, pattern, &glob);
	struct str path = glob_is_literal(&glob) ? pattern : glob_folder(&scratch, &glob);
	bool ignored = path.n && s->reader && s->reader->ignores(s->reader->context, path);
	arena_release(&scratch);
	return ignored;
}

/* What an agent brings along for itself from the main checkout. */
static bool is_brought(struct survey *s, const struct missing *missing)
{
	const struct plan_agent *agent = &s->plan->agents.at[missing->agent];
	struct arena scratch = { 0 };
	struct glob wanted, brought;
	bool is = false;
	owners_parse(&scratch, missing->text->text, &wanted);
	for (unsigned which = PLAN_COPY; which <= PLAN_LINK; which++)
		for (size_t i = 0; !is && i < agent->list[which].list.n; i++) {
			struct glob_error error;
			is = glob_parse(&scratch, agent->list[which].list.at[i].text, &brought,
					&error) &&
			     glob_meet(&scratch, &wanted, &brought, NULL);
		}
	arena_release(&scratch);
	return is;
}

static void propose(struct survey *s, struct diag *diag, const struct missing *missing)
{
	struct diags *diags = s->load->diags;
	struct arena scratch = { 0 };
	struct glob glob;
	const struct plan_text *text = missing->text;
	owners_parse(&scratch, text->text, &glob);
	struct str near = tracked_nearest(&s->tracked, text->text, &glob);
	struct str path = arena_format(&scratch, "%.*s/%.*s", STR_ARG(s->load->root),
				       STR_ARG(text->text));
	if (glob_is_literal(&glob) && file_there(path.at))
		diag_note(
			diags, diag,
			"it is in the checkout, but not in the commit that agents start from: commit it first");
	else if (near.n && is_verbatim(s, text))
		diag_fix(diags, diag, DIAG_UNSAFE, text->span,
			 arena_format(s->load->arena, "\"%.*s\"", STR_ARG(near)),
			 "did you mean `%.*s`?", STR_ARG(near));
	else if (near.n)
		diag_help(diags, diag, "did you mean `%.*s`?", STR_ARG(near));
	else if (missing->list == PLAN_OWNS && glob_is_literal(&glob))
		diag_help(diags, diag, "if `%.*s` is to make it, say `creates`",
			  STR_ARG(s->plan->agents.at[missing->agent].name));
	arena_release(&scratch);
}

static void say_requires(struct survey *s, const struct missing *missing)
{
	struct diags *diags = s->load->diags;
	const struct plan_agent *agent = &s->plan->agents.at[missing->agent];
	const struct plan_text *text = missing->text;
	struct diag_edit edit;
	struct diag *diag =
		diag_add(diags, DIAG_REQUIRES, text->span,
			 "`%.*s` is neither there at the base nor made by what `%.*s` comes after",
			 STR_ARG(text->text), STR_ARG(agent->name));
	diag_here(diags, diag, "required by `%.*s`", STR_ARG(agent->name));
	uint32_t other = missing->beside != PLAN_NONE ? missing->beside : missing->behind;
	if (missing->own)
		diag_help(diags, diag, "what `%.*s` makes itself is said by `creates` alone",
			  STR_ARG(agent->name));
	else if (other == PLAN_NONE)
		propose(s, diag, missing);
	if (missing->own || other == PLAN_NONE)
		return;
	const struct plan_agent *maker = &s->plan->agents.at[other];
	if (other == missing->behind) {
		diag_label(diags, diag, maker->span,
			   "this agent may make it, and comes after `%.*s`", STR_ARG(agent->name));
		return;
	}
	diag_label(diags, diag, maker->span,
		   "this agent may make it, and may run at the same time");
	if (edit_after(s->load, s->plan, missing->agent, other, &edit))
		diag_fix(diags, diag, DIAG_UNSAFE, edit.span, edit.text,
			 "let `%.*s` come after it: `after %.*s`", STR_ARG(agent->name),
			 STR_ARG(source_text(s->load->sources, maker->span)));
}

static void say_no_match(struct survey *s, const struct missing *missing)
{
	struct diags *diags = s->load->diags;
	const struct plan_text *text = missing->text;
	struct diag *diag = diag_add(diags, DIAG_NO_MATCH, text->span,
				     is_literal(text->text) ? "`%.*s` is not there at the base"
							    : "`%.*s` matches nothing at the base",
				     STR_ARG(text->text));
	diag_here(diags, diag, "%s by `%.*s`", missing->list == PLAN_OWNS ? "owned" : "read",
		  STR_ARG(s->plan->agents.at[missing->agent].name));
	propose(s, diag, missing);
}

/* Hardly anything is there: that is one mistake. */
static void say_most_missing(struct survey *s)
{
	struct diags *diags = s->load->diags;
	struct diag *diag = diag_add(diags, DIAG_NO_MATCH, s->plan->span,
				     "of %zu patterns that this plan owns, reads or requires, "
				     "%zu match%s something at the base",
				     s->looked, s->matched, s->matched == 1 ? "es" : "");
	diag_label(diags, diag, s->missing.at[0].text->span, "`%.*s`, for one, does not",
		   STR_ARG(s->missing.at[0].text->text));
	diag_help(
		diags, diag,
		"is the plan about another repository? What agents are to make is said by `creates`, not `owns`");
}

/* Is it silent, since another message says it or since it need not be there? */
static bool is_said(struct survey *s, const struct missing *missing)
{
	if (missing->before != PLAN_NONE)
		return true;
	if (missing->list == PLAN_REQUIRES)
		return is_brought(s, missing);
	bool other = missing->list == PLAN_READS && (missing->own || missing->behind != PLAN_NONE);
	return other || missing->beside != PLAN_NONE || is_brought(s, missing) ||
	       is_ignored(s, missing->text->text);
}

/* Is it the whole plan that does not fit, and not this pattern and that one? Then nothing is near
 * what is missing. */
static bool is_elsewhere(struct survey *s)
{
	enum { TRIED = 16 };
	size_t missing = 0;
	for (size_t i = 0; i < s->missing.n; i++) {
		struct arena scratch = { 0 };
		struct glob glob;
		const struct plan_text *text = s->missing.at[i].text;
		if (is_said(s, &s->missing.at[i]))
			continue;
		owners_parse(&scratch, text->text, &glob);
		bool near = missing++ < TRIED && tracked_nearest(&s->tracked, text->text, &glob).n;
		arena_release(&scratch);
		if (near)
			return false;
	}
	return missing >= FEW && (s->matched + s->created_there) * 2 < missing;
}

static void say_missing(struct survey *s)
{
	struct map said = { 0 }; /* by place: what a group says holds for all of its members */
	bool elsewhere = is_elsewhere(s);
	if (elsewhere)
		say_most_missing(s);
	for (size_t i = 0; i < s->missing.n; i++) {
		const struct missing *missing = &s->missing.at[i];
		struct str key = arena_format(s->arena, "%u %u %.*s", missing->text->span.source,
					      missing->text->span.start,
					      STR_ARG(missing->text->text));
		if ((elsewhere && missing->list != PLAN_REQUIRES) || map_find(&said, key) ||
		    is_said(s, missing))
			continue;
		map_add(s->arena, &said, key, 0);
		if (missing->list == PLAN_REQUIRES)
			say_requires(s, missing);
		else
			say_no_match(s, missing);
	}
}

void survey_check(struct load *load, const struct plan *plan, const struct order *order,
		  const struct facts *facts, const struct facts_reader *reader)
{
	struct arena scratch = { 0 };
	struct survey s = {
		.load = load, .plan = plan, .order = order, .reader = reader, .arena = &scratch
	};
	if (!facts->there) {
		if (facts->why.n)
			say_no_base(load, plan, facts);
		twins_check(load, plan, NULL);
		return;
	}
	tracked_begin(&scratch, facts, &s.tracked);
	for (uint32_t i = 0; i < plan->agents.n; i++) {
		check_creates(&s, i);
		look(&s, i, PLAN_OWNS);
		look(&s, i, PLAN_READS);
		look(&s, i, PLAN_REQUIRES);
	}
	/* With agents missing, what they would make is as well. */
	if (s.missing.n && order->sound && !plan->incomplete) {
		find_providers(&s);
		say_missing(&s);
	}
	hot_check(load, plan, &s.tracked);
	twins_check(load, plan, &s.tracked);
	arena_release(&scratch);
}
