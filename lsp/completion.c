/* completion.c — see completion.h. */
#include "lsp/completion.h"

#include "common/path.h"
#include "compiler/markdown.h"
#include "compiler/stdlib.h"
#include "grammar/keyword.h"
#include "grammar/lexer.h"
#include "grammar/parse.h"
#include "parser.h"

enum { ITEMS_MOST = 300, KIND_KEYWORD = 14, KIND_FILE = 17, KIND_FOLDER = 19, KIND_VALUE = 12 };
enum { FORMAT_SNIPPET = 2 };

struct completing {
	struct answer *answer;
	const struct workspace_view *view;
	const struct compile *c;
	uint32_t offset; /* of the cursor */
	uint32_t start;  /* where what is being written begins */
	size_t n;
	bool cut;         /* there are more */
	struct map known; /* labels */
};

/* One offer; the text before the cursor from `start` on is replaced. */
static void offer(struct completing *p, struct str label, int kind, struct str detail,
		  struct str help, const char *snippet)
{
	struct text *out = p->answer->out;
	if (p->n == ITEMS_MOST || map_find(&p->known, label)) {
		p->cut |= p->n == ITEMS_MOST;
		return;
	}
	map_add(p->answer->arena, &p->known, label, 0);
	p->n++;
	bool snippets = snippet && p->answer->client->snippets;
	json_open(out, NULL, '{');
	json_write_text(out, "label", label);
	json_write_number(out, "kind", kind);
	if (detail.n)
		json_write_text(out, "detail", detail);
	if (help.n)
		json_write_text(out, "documentation", help);
	if (snippets)
		json_write_number(out, "insertTextFormat", FORMAT_SNIPPET);
	json_open(out, "textEdit", '{');
	answer_range(p->answer, "range", p->view->source, p->start, p->offset);
	json_write_text(out, "newText", snippets ? str_from(snippet) : label);
	json_close(out, '}');
	json_close(out, '}');
}

/* Statements that have more than a line: with what nobody leaves out. */
static const char *snippet_of(unsigned token, unsigned place)
{
	switch (token) {
	case TOKEN_AGENT:
		return "agent ${1:name} \"${2:title}\" {\n  owns   \"${3:path}\"\n  prompt \"\"\"\n    ${0}\n  \"\"\"\n}";
	case TOKEN_GROUP: return "group ${1:name} \"${2:title}\" {\n  ${0}\n}";
	case TOKEN_PLAN:
		return "plan ${1:name} \"${2:title}\" {\n  runner ${3:std.claude}\n  ${0}\n}";
	case TOKEN_TEMPLATE:
		return "template ${1:name}(${2:parameter}) {\n  owns   \"${3:path}\"\n  prompt \"${0}\"\n}";
	case TOKEN_RUNNER:
		return place == IN_FILE
			       ? "runner ${1:name} {\n  command [\"${2:program}\"]\n  prompt ${3:stdin}\n}"
			       : NULL;
	case TOKEN_METRIC:
		return "metric ${1:name} \"${2:title}\" {\n  run  [\"${3:program}\"]\n  unit \"${4:ms}\"\n  goal ${5:<= 40}\n}";
	case TOKEN_IMPORT: return "import \"${1:std/agents.orch}\" as ${2:std}";
	}
	return NULL;
}

static void offer_keywords(struct completing *p, const struct parse_next *next)
{
	for (size_t i = 0; i < keyword_list_n; i++) {
		const struct keyword *keyword = &keyword_list[i];
		if (!next->takes[keyword->token])
			continue;
		bool begins = !next->statement;
		offer(p, keyword->word, KIND_KEYWORD,
		      begins ? str_from(keyword_arguments(keyword, next->place)) : STR(""),
		      str_from(keyword->help),
		      begins ? snippet_of(keyword->token, next->place) : NULL);
	}
}

static void offer_names(struct completing *p, uint32_t unit, unsigned kinds)
{
	static const int item[] = { [BIND_AGENT] = 3,
				    [BIND_GROUP] = 9,
				    [BIND_TEMPLATE] = 7,
				    [BIND_RUNNER] = 7,
				    [BIND_IMPORT] = 9 };
	static const char *const word[] = { [BIND_AGENT] = "agent",
					    [BIND_GROUP] = "group",
					    [BIND_TEMPLATE] = "template",
					    [BIND_RUNNER] = "runner",
					    [BIND_IMPORT] = "import" };
	for (size_t i = 0; i < p->c->bind.unit[unit].names.n; i++) {
		const struct bind_name *name = &p->c->bind.unit[unit].names.at[i];
		/* Nothing comes after itself, or what it is in. */
		struct span whole = syntax_span(&p->c->load.units.at[unit].syntax, name->node);
		bool own = unit == p->view->unit && whole.start <= p->offset &&
			   p->offset <= whole.end;
		if (kinds >> name->kind & 1 && !own)
			offer(p, name->name, item[name->kind], str_from(word[name->kind]), STR(""),
			      NULL);
	}
}

static void offer_pools(struct completing *p)
{
	for (size_t i = 0; i < p->c->plan.pools.n; i++)
		offer(p, p->c->plan.pools.at[i].name, KIND_VALUE,
		      arena_format(p->answer->arena, "pool of %u", p->c->plan.pools.at[i].count),
		      STR(""), NULL);
}

/* The parameters of the template that an agent is made from, which the cursor's line names. */
static void offer_parameters(struct completing *p)
{
	const struct symbols *symbols = workspace_symbols(p->view->plan);
	const struct symbol_use *template = NULL;
	for (uint32_t i = symbols->first[p->view->unit]; i < symbols->first[p->view->unit + 1];
	     i++) {
		const struct symbol_use *use = &symbols->uses.at[i];
		if (use->span.end <= p->offset && use->symbol != SYMBOL_NONE &&
		    symbols->list.at[use->symbol].kind == SYMBOL_TEMPLATE)
			template = use;
	}
	if (!template)
		return;
	for (size_t i = 0; i < symbols->list.n; i++)
		if (symbols->list.at[i].kind == SYMBOL_PARAMETER &&
		    symbols->list.at[i].node == symbols->list.at[template->symbol].node)
			offer(p, symbols->list.at[i].name, KIND_VALUE, STR("parameter"), STR(""),
			      NULL);
}

/* A reference of the statement; behind `import.`, to what is in that file. */
static void offer_references(struct completing *p, const struct parse_next *next,
			     const struct syntax *cut)
{
	unsigned kinds = 0;
	switch (next->statement) {
	case TOKEN_AFTER: kinds = BIND_A_AGENT | BIND_A_GROUP; break;
	case TOKEN_MERGE: kinds = BIND_A_AGENT | BIND_A_GROUP; break;
	case TOKEN_RUNNER:
	case TOKEN_EVENTS: kinds = BIND_A_RUNNER; break;
	case TOKEN_AGENT:
		kinds = next->last == TOKEN_FROM || next->last == TOKEN_DOT ? BIND_A_TEMPLATE : 0;
		break;
	}
	if (next->statement == TOKEN_AGENT &&
	    (next->last == TOKEN_LPAREN || next->last == TOKEN_COMMA))
		offer_parameters(p);
	if ((next->statement == TOKEN_POOL && next->place != IN_PLAN) || next->last == TOKEN_IN)
		offer_pools(p);
	if (!kinds || (next->statement == TOKEN_RUNNER && next->place == IN_FILE))
		return;
	if (next->last != TOKEN_DOT) {
		offer_names(p, p->view->unit, kinds | 1u << BIND_IMPORT);
		return;
	}
	uint32_t at = next->last_token;
	while (at && (at == next->last_token || lexer_is_trivia(cut->tokens.at[at].kind)))
		at--;
	struct str name = str_slice(p->view->source->text, cut->tokens.at[at].start,
				    cut->tokens.at[at].end);
	const struct bind_name *import = bind_find(&p->c->bind, p->view->unit, name);
	if (import && import->kind == BIND_IMPORT && import->index != LOAD_NONE &&
	    p->view->in->imports.at[import->index].unit != LOAD_NONE)
		offer_names(p, p->view->in->imports.at[import->index].unit,
			    kinds & ~(unsigned)BIND_A_AGENT);
}

/* Files at the base below the folder that is written so far, a level at a time. */
static void offer_paths(struct completing *p, struct str written, struct str below,
			const char *ending)
{
	struct str folder = path_folder(written);
	struct str prefix = folder.n ? arena_format(p->answer->arena, "%.*s/", STR_ARG(folder))
				     : STR("");
	struct str whole = below.n ? arena_format(p->answer->arena, "%.*s/%.*s", STR_ARG(below),
						  STR_ARG(prefix))
				   : prefix;
	for (size_t i = 0; i < p->c->facts.entries.n; i++) {
		struct str path = p->c->facts.entries.at[i].path;
		if (!str_starts(path, whole))
			continue;
		struct str rest = str_slice(path, whole.n, path.n);
		size_t slash = str_find(rest, '/');
		bool deep = slash != SIZE_MAX;
		if (!deep && ending && !str_ends(rest, str_from(ending)))
			continue;
		struct str name = str_slice(rest, 0, deep ? slash + 1 : rest.n);
		offer(p, arena_format(p->answer->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(name)),
		      deep ? KIND_FOLDER : KIND_FILE, STR(""), STR(""), NULL);
	}
}

static void offer_library(struct completing *p)
{
	for (const struct stdlib_file *file = stdlib_file_list; file->name; file++)
		offer(p, str_from(file->name), KIND_FILE, STR("built in"), STR(""), NULL);
}

/* The headings of the file that the prompt is in. */
static void offer_sections(struct completing *p, const struct node *prompt)
{
	struct span span = syntax_span(&p->view->in->syntax, prompt->child);
	struct str raw = source_text(&p->c->sources, span), resolved;
	if (raw.n < 2 || !load_resolve(p->answer->arena, p->view->in->folder,
				       str_slice(raw, 1, raw.n - 1), &resolved))
		return;
	for (size_t i = 0; i < p->c->sources.list.n; i++) {
		const struct source *source = &p->c->sources.list.at[i];
		struct markdown markdown;
		if (source->built_in || !str_equal(source->path, resolved))
			continue;
		markdown_read(p->answer->arena, source->text, &markdown);
		for (size_t k = 0; k < markdown.headings.n; k++)
			offer(p, markdown.headings.at[k].text, KIND_VALUE,
			      arena_format(p->answer->arena, "line %u",
					   markdown.headings.at[k].line),
			      STR(""), NULL);
		return;
	}
}

static void complete_string(struct completing *p, const struct node *string)
{
	const struct syntax *syntax = &p->view->in->syntax;
	const struct node *statement = answer_node(syntax, p->offset,
						   1u << NODE_STATEMENT | 1u << NODE_BROKEN),
			  *prompt = answer_node(syntax, p->offset, 1u << NODE_PROMPT_FILE);
	p->start = syntax_span(syntax, string).start + 1;
	struct str written = str_slice(p->view->source->text, p->start, p->offset);
	switch (statement ? statement->keyword : 0) {
	case TOKEN_OWNS:
	case TOKEN_CREATES:
	case TOKEN_READS:
	case TOKEN_REQUIRES:
	case TOKEN_COPY:
	case TOKEN_LINK:
	case TOKEN_SETUP: offer_paths(p, written, STR(""), NULL); break;
	case TOKEN_IMPORT:
		offer_library(p);
		offer_paths(p, written, p->view->in->folder, ".orch");
		break;
	case TOKEN_PROMPT:
		if (prompt && prompt->child == string)
			offer_paths(p, written, p->view->in->folder, ".md");
		else if (prompt)
			offer_sections(p, prompt);
		break;
	}
}

static bool is_word_byte(char c)
{
	return lexer_is_word((unsigned char)c) || c == '-';
}

static void complete_word(struct completing *p)
{
	struct sources sources = { .arena = p->answer->arena };
	struct syntax cut;
	struct parse_next next;
	while (p->start && is_word_byte(p->view->source->text.at[p->start - 1]))
		p->start--;
	source_add(&sources, p->view->source->path, str_slice(p->view->source->code, 0, p->start));
	parse_next(p->answer->arena, &sources, 0, &cut, &next);
	offer_keywords(p, &next);
	if (next.takes[TOKEN_NAME])
		offer_references(p, &next, &cut);
}

bool completion_answer(struct answer *answer)
{
	struct workspace_view view;
	uint32_t offset;
	if (!answer_place(answer, &view, &offset))
		return answer_nothing(answer);
	struct completing p = { .answer = answer,
				.view = &view,
				.c = view.compile,
				.offset = offset,
				.start = offset };
	const struct node *inside = answer_node(&view.in->syntax, offset,
						1u << NODE_STRING | 1u << NODE_TEXT);
	struct span span = inside ? syntax_span(&view.in->syntax, inside)
				  : (struct span){ 0, 0, 0 };
	struct text *out = answer->out, items = { 0 };
	answer->out = &items;
	bool within = inside && offset > span.start &&
		      (offset < span.end || view.source->text.at[span.end - 1] != '"' ||
		       span.end - span.start == 1);
	if (within && inside->kind == NODE_STRING)
		complete_string(&p, inside);
	else if (!within)
		complete_word(&p);
	answer->out = out;
	json_open(out, "result", '{');
	json_write_flag(out, "isIncomplete", p.cut);
	json_open(out, "items", '[');
	text_add(out, text_str(&items));
	json_close(out, ']');
	json_close(out, '}');
	text_release(&items);
	return true;
}
