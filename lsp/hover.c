/* hover.c — see hover.h. */
#include "lsp/hover.h"

#include "compiler/allow.h"
#include "compiler/explain.h"
#include "compiler/owners.h"
#include "compiler/tracked.h"
#include "grammar/keyword.h"
#include "grammar/lexer.h"
#include "lsp/timing.h"
#include "parser.h"

enum { FILES_SHOWN = 12, NAMES_SHOWN = 12, CHARACTERS_OF_TOKEN = 4 };

struct hovering {
	struct answer *answer;
	const struct workspace_view *view;
	const struct compile *c;
	struct text out;
};

/* Text that is no Markdown. */
static void add_code(struct text *out, struct str text)
{
	bool tick = str_find(text, '`') != SIZE_MAX;
	text_add(out, tick ? STR("`` ") : STR("`"));
	text_add(out, text);
	text_add(out, tick ? STR(" ``") : STR("`"));
}

static void add_plural(struct text *out, size_t n, const char *what)
{
	text_addf(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

/* What is at the base and matches, as it is now. */
static void add_files(struct hovering *h, struct str pattern, struct tracked *tracked)
{
	uint32_t found[FILES_SHOWN];
	struct glob glob;
	struct glob_error error;
	if (!h->c->facts.there || !glob_parse(h->answer->arena, pattern, &glob, &error))
		return;
	size_t n = tracked_match(tracked, &glob, FILES_SHOWN, found);
	text_add(&h->out, STR(" – "));
	if (!n)
		text_add(&h->out, STR("nothing yet"));
	else
		add_plural(&h->out, n, "file");
	if (n == 1 && glob_is_literal(&glob))
		return;
	for (size_t i = 0; i < n && i < FILES_SHOWN; i++) {
		text_add(&h->out, i ? STR(", ") : STR(": "));
		add_code(&h->out, h->c->facts.entries.at[found[i]].path);
	}
	if (n > FILES_SHOWN)
		text_add(&h->out, STR(", …"));
}

static void add_patterns(struct hovering *h, const char *title, const struct plan_texts *texts,
			 struct tracked *tracked)
{
	if (!texts->list.n)
		return;
	text_addf(&h->out, "\n\n**%s**", title);
	for (size_t i = 0; i < texts->list.n; i++) {
		text_add(&h->out, STR("\n- "));
		add_code(&h->out, texts->list.at[i].text);
		add_files(h, texts->list.at[i].text, tracked);
	}
}

/* The words that say so: `after all` names none of them. */
static void add_why(struct hovering *h, const struct plan_edge *edge)
{
	const struct source *source = source_get(&h->c->sources, edge->span.source);
	struct str said = source_text(&h->c->sources, edge->span);
	text_add(&h->out, STR(" ("));
	add_code(&h->out, arena_format(h->answer->arena, "after %.*s", STR_ARG(said)));
	text_addf(&h->out, ", %.*s:%u)", STR_ARG(source->path),
		  source_line_at(source, edge->span.start));
}

static void add_waits(struct hovering *h, const struct plan_agent *agent)
{
	const struct plan *plan = &h->c->plan;
	struct str commit = h->c->facts.commit;
	text_add(&h->out, STR("\n\n**Starts from** "));
	if (h->c->facts.there) {
		if (plan->base.n) {
			add_code(&h->out, plan->base);
			text_add(&h->out, STR(", "));
		}
		add_code(&h->out, str_slice(commit, 0, commit.n < 10 ? commit.n : 10));
	} else {
		text_add(&h->out, STR("the base"));
	}
	if (!agent->after.n) {
		text_add(&h->out, STR(", and waits for nobody"));
		return;
	}
	text_add(&h->out, STR(", with the results of those it waits for:"));
	for (size_t i = 0; i < agent->after.n && i < NAMES_SHOWN; i++) {
		const struct plan_edge *edge = &agent->after.at[i];
		const struct simulate_agent *at = timing_find(h->c, edge->agent);
		text_add(&h->out, STR("\n- "));
		add_code(&h->out, plan->agents.at[edge->agent].name);
		add_why(h, edge);
		if (at) {
			text_add(&h->out, STR(", done at "));
			text_add_duration(&h->out, at->end);
		}
	}
	if (agent->after.n > NAMES_SHOWN)
		text_addf(&h->out, "\n- and %zu more", agent->after.n - NAMES_SHOWN);
}

static void add_times(struct hovering *h, uint32_t index)
{
	const struct simulate_agent *at = timing_find(h->c, index);
	const struct plan_value *estimate = &h->c->plan.agents.at[index].single[PLAN_ESTIMATE];
	if (!at) {
		text_add(&h->out, STR("\n\nWhen it runs is known once the plan has no errors."));
		return;
	}
	text_add(&h->out, STR("\n\n"));
	timing_add_start(&h->out, at);
	text_add(&h->out, STR(", done at "));
	text_add_duration(&h->out, at->end);
	if (!estimate->given)
		text_add(&h->out, STR(" (no `estimate`: counted as " SIMULATE_UNKNOWN_TEXT ")"));
	text_add(&h->out, STR("; "));
	timing_add_slack(&h->out, at);
}

static void add_prompt(struct hovering *h, const struct plan_agent *agent)
{
	struct str prompt = eval_kept_text(h->answer->arena, agent->prompt);
	size_t characters = 0;
	if (!prompt.n)
		return;
	for (size_t i = 0; i < prompt.n; i++)
		characters += ((unsigned char)prompt.at[i] & 0xC0) != 0x80;
	text_add(&h->out, STR("\n\n**Prompt**: "));
	add_plural(&h->out, characters, "character");
	text_addf(&h->out, ", some %zu tokens",
		  (characters + CHARACTERS_OF_TOKEN - 1) / CHARACTERS_OF_TOKEN);
}

static void add_agent(struct hovering *h, uint32_t index)
{
	const struct plan_agent *agent = &h->c->plan.agents.at[index];
	const struct plan_value *runner = &agent->single[PLAN_RUNNER];
	struct tracked tracked;
	tracked_begin(h->answer->arena, &h->c->facts, &tracked);
	text_add(&h->out, STR("agent **"));
	text_add(&h->out, agent->name);
	text_add(&h->out, STR("**"));
	if (agent->title.n)
		text_addf(&h->out, " – %.*s", STR_ARG(agent->title));
	if (runner->given && runner->value != PLAN_NONE) {
		text_add(&h->out, STR(", run by "));
		add_code(&h->out, h->c->plan.runners.at[runner->value].name);
	}
	add_times(h, index);
	add_patterns(h, "Owns", &agent->list[PLAN_OWNS], &tracked);
	add_patterns(h, "Creates", &agent->list[PLAN_CREATES], &tracked);
	add_patterns(h, "Reads", &agent->list[PLAN_READS], &tracked);
	add_waits(h, agent);
	add_prompt(h, agent);
}

static void add_names(struct hovering *h, const char *before, const uint32_t *agents, size_t n)
{
	text_add(&h->out, str_from(before));
	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
		text_add(&h->out, i ? STR(", ") : STR(" "));
		add_code(&h->out, h->c->plan.agents.at[agents[i]].name);
	}
	if (n > NAMES_SHOWN)
		text_addf(&h->out, " and %zu more", n - NAMES_SHOWN);
}

static void add_group(struct hovering *h, const struct symbol *symbol)
{
	const struct plan *plan = &h->c->plan;
	for (size_t i = 0; i < plan->groups.n; i++) {
		const struct plan_group *group = &plan->groups.at[i];
		if (group->span.source != symbol->span.source ||
		    group->span.start != symbol->span.start)
			continue;
		if (group->title.n)
			text_addf(&h->out, " – %.*s", STR_ARG(group->title));
		text_add(&h->out, STR("\n\n"));
		add_plural(&h->out, group->last - group->first, "agent");
		uint32_t *agents = ARENA_MANY(h->answer->arena, group->last - group->first,
					      uint32_t);
		for (uint32_t k = group->first; k < group->last; k++)
			agents[k - group->first] = k;
		add_names(h, ":", agents, group->last - group->first);
		return;
	}
}

/* The agents whose statement names the symbol, one way or another. Agents of a file are in its order, as
 * uses are. */
static void add_users(struct hovering *h, uint32_t symbol, const char *none, const char *some)
{
	const struct symbols *symbols = workspace_symbols(h->view->plan);
	VEC(uint32_t) agents = { 0 };
	uint32_t unit = LOAD_NONE, at = 0;
	for (uint32_t i = 0; i < h->c->plan.agents.n; i++) {
		const struct plan_agent *agent = &h->c->plan.agents.at[i];
		struct span span = syntax_span(&h->c->load.units.at[agent->unit].syntax,
					       agent->node);
		at = agent->unit == unit ? at : symbols->first[agent->unit];
		unit = agent->unit;
		bool uses = false;
		for (; at < symbols->first[unit + 1] && symbols->uses.at[at].span.start < span.end;
		     at++)
			uses |= symbols->uses.at[at].symbol == symbol &&
				symbols->uses.at[at].span.start >= span.start;
		if (uses)
			*VEC_ADD(h->answer->arena, &agents) = i;
	}
	if (agents.n)
		add_names(h, some, agents.at, agents.n);
	else
		text_add(&h->out, str_from(none));
}

static void add_runner(struct hovering *h, const struct symbol *symbol)
{
	for (size_t i = 0; i < h->c->plan.runners.n; i++) {
		const struct plan_runner *runner = &h->c->plan.runners.at[i];
		if (runner->span.source != symbol->span.source ||
		    runner->span.start != symbol->span.start)
			continue;
		text_add(&h->out, STR("\n\n```\n"));
		for (size_t k = 0; k < runner->words.n; k++)
			text_addf(&h->out, "%s%.*s", k ? " " : "", STR_ARG(runner->words.at[k]));
		text_add(&h->out, STR("\n```"));
		return;
	}
}

static void add_pool(struct hovering *h, const struct symbol *symbol)
{
	uint32_t *found = map_find(&h->c->plan.pool_by_name, symbol->name);
	if (found)
		text_addf(&h->out, " of %u", h->c->plan.pools.at[*found].count);
}

static void add_plan(struct hovering *h)
{
	const struct plan *plan = &h->c->plan;
	if (plan->title.n)
		text_addf(&h->out, " – %.*s", STR_ARG(plan->title));
	text_add(&h->out, STR("\n\n"));
	add_plural(&h->out, plan->agents.n, "agent");
	if (!h->c->schedule)
		return;
	text_add(&h->out, STR(": "));
	text_add_duration(&h->out, h->c->times.work);
	text_add(&h->out, STR(" of work in "));
	text_add_duration(&h->out, h->c->times.wall);
	text_addf(&h->out, " with %u job%s, critical path ", plan->jobs,
		  plan->jobs == 1 ? "" : "s");
	text_add_duration(&h->out, h->c->times.critical_path);
}

static uint32_t agent_of(const struct compile *c, const struct symbol *symbol)
{
	for (uint32_t i = 0; i < c->plan.agents.n; i++)
		if (c->plan.agents.at[i].span.source == symbol->span.source &&
		    c->plan.agents.at[i].span.start == symbol->span.start)
			return i;
	return PLAN_NONE;
}

static void add_symbol(struct hovering *h, uint32_t index)
{
	const struct symbol *symbol = &workspace_symbols(h->view->plan)->list.at[index];
	uint32_t agent = symbol->kind == SYMBOL_AGENT ? agent_of(h->c, symbol) : PLAN_NONE;
	if (agent != PLAN_NONE) {
		add_agent(h, agent);
		return;
	}
	text_addf(&h->out, "%s **%.*s**", symbol_word(symbol->kind), STR_ARG(symbol->name));
	switch (symbol->kind) {
	case SYMBOL_PLAN: add_plan(h); break;
	case SYMBOL_GROUP: add_group(h, symbol); break;
	case SYMBOL_TEMPLATE:
		add_users(h, index, "\n\nNo agent is made of it.", "\n\nMade of it:");
		break;
	case SYMBOL_RUNNER: add_runner(h, symbol); break;
	case SYMBOL_POOL:
		add_pool(h, symbol);
		add_users(h, index, "\n\nNo agent holds it.", "\n\nHeld by:");
		break;
	default: break;
	}
}

/* A keyword where it is one. */
static void add_keyword(struct hovering *h, const struct node *statement, const struct token *token)
{
	const struct keyword *keyword = keyword_of_token(token->kind);
	unsigned place = 0;
	if (!keyword)
		return;
	if (statement &&
	    syntax_token_span(&h->view->in->syntax, statement->first).start == token->start) {
		const struct node *outer = answer_node(&h->view->in->syntax,
						       token->start ? token->start - 1 : 0,
						       1u << NODE_STATEMENT);
		static const struct {
			uint16_t token;
			unsigned place;
		} places[] = {
			{ TOKEN_PLAN, IN_PLAN },     { TOKEN_GROUP, IN_GROUP },
			{ TOKEN_AGENT, IN_AGENT },   { TOKEN_TEMPLATE, IN_TEMPLATE },
			{ TOKEN_RUNNER, IN_RUNNER }, { TOKEN_EVENTS, IN_EVENTS },
			{ TOKEN_METRIC, IN_METRIC },
		};
		place = IN_FILE;
		for (size_t i = 0; outer && i < sizeof places / sizeof *places; i++)
			if (outer->keyword == places[i].token)
				place = places[i].place;
	}
	text_add(&h->out, STR("```orch\n"));
	text_addf(&h->out, "%.*s %s\n```\n\n", STR_ARG(keyword->word),
		  keyword_arguments(keyword, place));
	text_add(&h->out, str_from(keyword->help));
}

static bool is_path_list(unsigned keyword)
{
	return keyword == TOKEN_OWNS || keyword == TOKEN_CREATES || keyword == TOKEN_READS ||
	       keyword == TOKEN_REQUIRES;
}

struct meeting {
	struct hovering *h;
	const struct glob *glob;
	struct span span;
	size_t n;
};

static void note_meeting(void *self, const struct owners_pattern *pattern)
{
	struct meeting *m = self;
	struct str witness;
	if (pattern->text->span.source == m->span.source &&
	    pattern->text->span.start == m->span.start)
		return;
	if (!glob_meet(m->h->answer->arena, m->glob, &pattern->glob, &witness))
		return;
	if (m->n++ >= NAMES_SHOWN)
		return;
	text_add(&m->h->out,
		 m->n == 1 ? STR("\n\nPaths in common with what others own:\n- ") : STR("\n- "));
	add_code(&m->h->out, m->h->c->plan.agents.at[pattern->agent].name);
	text_add(&m->h->out, STR(": "));
	add_code(&m->h->out, pattern->text->text);
}

static void add_pattern(struct hovering *h, const struct node *string)
{
	struct arena *arena = h->answer->arena;
	struct diags diags = { .arena = arena, .sources = &h->c->sources };
	struct eval eval = { .arena = arena,
			     .sources = &h->c->sources,
			     .syntax = &h->view->in->syntax,
			     .diags = &diags };
	struct str pattern = eval_text(&eval, string);
	struct glob glob;
	struct glob_error error;
	struct tracked tracked;
	struct owners owners;
	if (!glob_parse(arena, pattern, &glob, &error))
		return;
	tracked_begin(arena, &h->c->facts, &tracked);
	add_code(&h->out, pattern);
	add_files(h, pattern, &tracked);
	owners_collect(arena, &h->c->plan, &owners);
	struct meeting meeting = { h, &glob, syntax_span(&h->view->in->syntax, string), 0 };
	owners_near(&owners, &glob, note_meeting, &meeting);
}

/* What the page says first, behind its title. */
static struct str first_paragraph(struct str page)
{
	size_t start = str_find_text(page, STR("\n\n"));
	page = start == SIZE_MAX ? STR("") : str_slice(page, start + 2, page.n);
	size_t end = str_find_text(page, STR("\n\n"));
	return end == SIZE_MAX ? page : str_slice(page, 0, end);
}

/* The messages about the place, and what `orchc explain` says of them. */
static void add_findings(struct hovering *h, uint32_t offset)
{
	uint32_t source = h->view->in->syntax.source;
	for (size_t i = 0; i < h->c->diags.list.n; i++) {
		const struct diag *diag = &h->c->diags.list.at[i];
		char code[DIAG_CODE_SIZE];
		if (diag->span.source != source || offset < diag->span.start ||
		    offset > diag->span.end)
			continue;
		text_addf(&h->out, "%s**%s** `%s`: ", h->out.n ? "\n\n---\n\n" : "",
			  diag_code_write(diag->code, code), diag_info(diag->code)->name);
		text_add(&h->out, diag->message);
		text_add(&h->out, STR("\n\n"));
		text_add(&h->out, first_paragraph(explain_find(diag->code)));
		text_addf(&h->out, "\n\nMore, with examples: `orchc explain %s`", code);
	}
}

/* The page of a code that an allow comment names. */
static bool add_allowed(struct hovering *h, const struct token *token)
{
	struct str name;
	enum diag_code code;
	if (token->kind != TRIVIA_COMMENT ||
	    !allow_read(str_slice(h->view->source->text, token->start, token->end), &name) ||
	    !diag_find(name, &code))
		return false;
	text_add(&h->out, explain_find(code));
	return true;
}

/* The token that the offset is in; at a border, the one that is no white space. */
static const struct token *token_at(const struct syntax *syntax, uint32_t offset)
{
	size_t low = 0, high = syntax->tokens.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (syntax->tokens.at[middle].start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	const struct token *at = &syntax->tokens.at[low - 1];
	bool blank = at->kind == TRIVIA_SPACE || at->kind == TRIVIA_NEWLINE;
	return blank && low > 1 && at->start == offset ? at - 1 : at;
}

bool hover_answer(struct answer *answer)
{
	struct workspace_view view;
	uint32_t offset;
	if (!answer_place(answer, &view, &offset))
		return answer_nothing(answer);
	struct hovering h = { answer, &view, view.compile, { 0 } };
	const struct syntax *syntax = &view.in->syntax;
	const struct token *token = token_at(syntax, offset);
	const struct symbol_use *use = symbol_at(workspace_symbols(view.plan), view.unit, offset);
	const struct node *statement = answer_node(syntax, offset, 1u << NODE_STATEMENT),
			  *string = answer_node(syntax, offset, 1u << NODE_STRING);
	struct span span = token ? (struct span){ syntax->source, token->start, token->end }
				 : (struct span){ syntax->source, offset, offset };
	if (use && use->symbol != SYMBOL_NONE) {
		span = use->span;
		add_symbol(&h, use->symbol);
	} else if (token && add_allowed(&h, token)) {
		;
	} else if (string && statement && is_path_list(statement->keyword)) {
		add_pattern(&h, string);
	} else if (token) {
		add_keyword(&h, statement, token);
	}
	add_findings(&h, offset);
	if (!h.out.n)
		return answer_nothing(answer);
	json_open(answer->out, "result", '{');
	json_open(answer->out, "contents", '{');
	json_write_text(answer->out, "kind", STR("markdown"));
	json_write_text(answer->out, "value", text_str(&h.out));
	json_close(answer->out, '}');
	answer_span(answer, "range", view.compile, span);
	json_close(answer->out, '}');
	text_release(&h.out);
	return true;
}
