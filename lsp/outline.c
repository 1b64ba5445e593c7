/* outline.c — see outline.h. */
#include "lsp/outline.h"

#include "grammar/lexer.h"
#include "parser.h"

enum { FOUND_MOST = 1000 };

struct outlining {
	struct answer *answer;
	const struct workspace_view *view;
	struct str uri;
	struct str outer; /* the name around, for clients that take no tree */
};

static bool kind_of(const struct node *statement, enum symbol_kind *kind)
{
	static const struct {
		uint16_t token;
		enum symbol_kind kind;
	} known[] = {
		{ TOKEN_PLAN, SYMBOL_PLAN },     { TOKEN_GROUP, SYMBOL_GROUP },
		{ TOKEN_AGENT, SYMBOL_AGENT },   { TOKEN_TEMPLATE, SYMBOL_TEMPLATE },
		{ TOKEN_RUNNER, SYMBOL_RUNNER }, { TOKEN_IMPORT, SYMBOL_IMPORT },
		{ TOKEN_POOL, SYMBOL_POOL },     { TOKEN_METRIC, SYMBOL_METRIC },
	};
	bool block = syntax_child(statement, NODE_BLOCK) != NULL;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].token == statement->keyword) {
			*kind = known[i].kind;
			/* `runner NAME` and `pool NAME` elsewhere say which one. */
			return (*kind != SYMBOL_RUNNER || block) &&
			       (*kind != SYMBOL_POOL || syntax_child(statement, NODE_NUMBER));
		}
	return false;
}

static void write_statements(struct outlining *o, const struct node *first);

static void write_tree(struct outlining *o, const struct node *statement, const struct node *name,
		       enum symbol_kind kind)
{
	struct answer *answer = o->answer;
	const struct syntax *syntax = &o->view->in->syntax;
	const struct compile *c = o->view->compile;
	const struct node *title = syntax_child(statement, NODE_STRING),
			  *block = syntax_child(statement, NODE_BLOCK);
	json_open(answer->out, NULL, '{');
	json_write_text(answer->out, "name", syntax_text(syntax, &c->sources, name));
	if (title)
		json_write_text(answer->out, "detail", syntax_text(syntax, &c->sources, title));
	json_write_number(answer->out, "kind", symbol_lsp_kind(kind));
	answer_span(answer, "range", c, syntax_span(syntax, statement));
	answer_span(answer, "selectionRange", c, syntax_span(syntax, name));
	json_open(answer->out, "children", '[');
	if (block && (kind == SYMBOL_PLAN || kind == SYMBOL_GROUP))
		write_statements(o, block->child);
	json_close(answer->out, ']');
	json_close(answer->out, '}');
}

static void write_flat(struct outlining *o, const struct node *statement, const struct node *name,
		       enum symbol_kind kind)
{
	struct answer *answer = o->answer;
	const struct syntax *syntax = &o->view->in->syntax;
	const struct compile *c = o->view->compile;
	const struct node *block = syntax_child(statement, NODE_BLOCK);
	struct str own = syntax_text(syntax, &c->sources, name), outer = o->outer;
	json_open(answer->out, NULL, '{');
	json_write_text(answer->out, "name", own);
	json_write_number(answer->out, "kind", symbol_lsp_kind(kind));
	if (outer.n)
		json_write_text(answer->out, "containerName", outer);
	json_open(answer->out, "location", '{');
	json_write_text(answer->out, "uri", o->uri);
	answer_span(answer, "range", c, syntax_span(syntax, statement));
	json_close(answer->out, '}');
	json_close(answer->out, '}');
	o->outer = own;
	if (block && (kind == SYMBOL_PLAN || kind == SYMBOL_GROUP))
		write_statements(o, block->child);
	o->outer = outer;
}

/* Groups nest no deeper than the parser lets them. */
static void write_statements(struct outlining *o, const struct node *first)
{
	for (const struct node *node = first; node; node = node->next) {
		const struct node *name = syntax_child(node, NODE_NAME);
		enum symbol_kind kind;
		if ((node->kind != NODE_STATEMENT && node->kind != NODE_BROKEN) || !name ||
		    !kind_of(node, &kind))
			continue;
		(o->answer->client->nested_symbols ? write_tree : write_flat)(o, node, name, kind);
	}
}

bool outline_document(struct answer *answer)
{
	struct workspace_view view;
	if (!answer_view(answer, &view))
		return answer_nothing(answer);
	struct str path = workspace_source_path(answer->arena, view.compile,
						view.in->syntax.source);
	struct outlining o = { .answer = answer, .view = &view, .uri = answer_uri(answer, path) };
	json_open(answer->out, "result", '[');
	write_statements(&o, view.in->syntax.root->child);
	json_close(answer->out, ']');
	return true;
}

/* Are the letters of the query in the name, in their order, whatever their case? */
static bool fits(struct str name, struct str query)
{
	size_t at = 0;
	for (size_t i = 0; i < name.n && at < query.n; i++)
		at += ((unsigned char)name.at[i] | 32) == ((unsigned char)query.at[at] | 32);
	return at == query.n;
}

static void write_found(struct answer *answer, const struct compile *c, const struct symbol *symbol)
{
	json_open(answer->out, NULL, '{');
	json_write_text(answer->out, "name", symbol->name);
	json_write_number(answer->out, "kind", symbol_lsp_kind(symbol->kind));
	json_write_text(answer->out, "containerName", c->load.units.at[symbol->unit].path);
	answer_location(answer, "location", c, symbol->span);
	json_close(answer->out, '}');
}

bool outline_workspace(struct answer *answer)
{
	struct workspace *workspace = answer->workspace;
	struct str query = json_find_text(answer->params, "query");
	size_t n = 0;
	json_open(answer->out, "result", '[');
	for (size_t i = 0; i < workspace->plans.n; i++) {
		struct workspace_plan *plan = workspace->plans.at[i];
		workspace_compile(workspace, plan);
		if (!plan->there)
			continue;
		const struct symbols *symbols = workspace_symbols(plan);
		/* What is imported is found in its own file. */
		for (size_t k = 0; k < symbols->list.n && n < FOUND_MOST; k++) {
			const struct symbol *symbol = &symbols->list.at[k];
			if (symbol->unit || symbol->kind == SYMBOL_PARAMETER ||
			    symbol->kind == SYMBOL_IMPORT || !fits(symbol->name, query))
				continue;
			write_found(answer, &plan->compile, symbol);
			n++;
		}
	}
	json_close(answer->out, ']');
	return true;
}

static void write_fold(struct answer *answer, const struct source *source, uint32_t start,
		       uint32_t end, const char *kind)
{
	uint32_t first = source_line_at(source, start),
		 last = source_line_at(source, end ? end - 1 : 0);
	if (last <= first)
		return;
	json_open(answer->out, NULL, '{');
	json_write_number(answer->out, "startLine", first - 1);
	json_write_number(answer->out, "endLine", last - 1);
	if (kind)
		json_write_text(answer->out, "kind", str_from(kind));
	json_close(answer->out, '}');
}

static void fold_nodes(struct answer *answer, const struct workspace_view *view,
		       const struct node *node)
{
	for (const struct node *child = node->child; child; child = child->next) {
		struct span span = syntax_span(&view->in->syntax, child);
		if (child->kind == NODE_BLOCK || child->kind == NODE_TEXT ||
		    child->kind == NODE_LIST)
			write_fold(answer, view->source, span.start, span.end, NULL);
		fold_nodes(answer, view, child);
	}
}

/* Comments that stand line below line, and imports. */
static void fold_runs(struct answer *answer, const struct workspace_view *view)
{
	const struct syntax *syntax = &view->in->syntax;
	uint32_t start = 0, end = 0, lines = 0;
	for (size_t i = 0; i <= syntax->tokens.n; i++) {
		unsigned kind = i < syntax->tokens.n ? syntax->tokens.at[i].kind : 0;
		if (kind == TRIVIA_COMMENT) {
			start = lines ? start : syntax->tokens.at[i].start;
			end = syntax->tokens.at[i].end;
			lines++;
		} else if (kind != TRIVIA_SPACE && !(kind == TRIVIA_NEWLINE && lines &&
						     syntax->tokens.at[i].start == end)) {
			if (lines > 1)
				write_fold(answer, view->source, start, end, "comment");
			lines = 0;
		}
	}
	const struct node *first = NULL, *last = NULL;
	for (const struct node *node = syntax->root->child; node; node = node->next)
		if (node->keyword == TOKEN_IMPORT) {
			first = first ? first : node;
			last = node;
		}
	if (first && first != last)
		write_fold(answer, view->source, syntax_span(syntax, first).start,
			   syntax_span(syntax, last).end, "imports");
}

bool outline_folding(struct answer *answer)
{
	struct workspace_view view;
	if (!answer_view(answer, &view))
		return answer_nothing(answer);
	json_open(answer->out, "result", '[');
	fold_nodes(answer, &view, view.in->syntax.root);
	fold_runs(answer, &view);
	json_close(answer->out, ']');
	return true;
}

/* From the outermost to the innermost span around the offset; the parent of each is the one before. */
static void write_selection(struct answer *answer, const struct workspace_view *view,
			    uint32_t offset)
{
	VEC(struct span) spans = { 0 };
	const struct syntax *syntax = &view->in->syntax;
	*VEC_ADD(answer->arena, &spans) = (struct span){ syntax->source, 0,
							 (uint32_t)view->source->text.n };
	for (const struct node *at = syntax->root; at;) {
		const struct node *inner = NULL;
		for (const struct node *child = at->child; child; child = child->next) {
			struct span span = syntax_span(syntax, child);
			if (span.start <= offset && offset <= span.end)
				inner = child;
		}
		struct span last = spans.at[spans.n - 1];
		struct span span = inner ? syntax_span(syntax, inner) : last;
		if (span.start > last.start || span.end < last.end)
			*VEC_ADD(answer->arena, &spans) = span;
		at = inner;
	}
	for (size_t i = spans.n; i-- > 0;) {
		json_open(answer->out, i == spans.n - 1 ? NULL : "parent", '{');
		answer_span(answer, "range", view->compile, spans.at[i]);
	}
	for (size_t i = 0; i < spans.n; i++)
		json_close(answer->out, '}');
}

bool outline_selection(struct answer *answer)
{
	struct workspace_view view;
	const struct json *positions = json_find(answer->params, "positions", JSON_IS_LIST);
	if (!positions || !answer_view(answer, &view))
		return answer_nothing(answer);
	json_open(answer->out, "result", '[');
	for (size_t i = 0; i < positions->n; i++) {
		struct position position = { 0, 0 };
		position_read(&positions->at[i], &position);
		write_selection(answer, &view,
				position_offset(view.source, position, answer->client->encoding));
	}
	json_close(answer->out, ']');
	return true;
}
