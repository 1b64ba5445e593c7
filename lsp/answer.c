/* answer.c — see answer.h. */
#include "lsp/answer.h"

#include "lsp/uri.h"

#include <stdlib.h>

struct str answer_document(const struct answer *answer)
{
	const struct json *document = json_find(answer->params, "textDocument", JSON_IS_OBJECT);
	return document ? json_find_text(document, "uri") : STR("");
}

bool answer_view(struct answer *answer, struct workspace_view *view)
{
	struct str uri = answer_document(answer);
	return uri.n && workspace_view(answer->workspace,
				       workspace_path(answer->workspace, answer->arena, uri), view);
}

bool answer_place(struct answer *answer, struct workspace_view *view, uint32_t *offset)
{
	struct position position;
	if (!position_read(json_find(answer->params, "position", JSON_IS_OBJECT), &position) ||
	    !answer_view(answer, view))
		return false;
	*offset = position_offset(view->source, position, answer->client->encoding);
	return true;
}

bool answer_read_range(const struct answer *answer, struct position *start, struct position *end)
{
	const struct json *range = json_find(answer->params, "range", JSON_IS_OBJECT);
	return range && position_read(json_find(range, "start", JSON_IS_OBJECT), start) &&
	       position_read(json_find(range, "end", JSON_IS_OBJECT), end);
}

bool answer_selection(struct answer *answer, struct workspace_view *view, uint32_t *start,
		      uint32_t *end)
{
	struct position from, to;
	if (!answer_read_range(answer, &from, &to) || !answer_view(answer, view))
		return false;
	*start = position_offset(view->source, from, answer->client->encoding);
	*end = position_offset(view->source, to, answer->client->encoding);
	return true;
}

bool answer_nothing(struct answer *answer)
{
	json_write_null(answer->out, "result");
	return true;
}

struct str answer_uri(const struct answer *answer, struct str path)
{
	const struct document *document = document_of_path(&answer->workspace->documents, path);
	return document ? document->uri : uri_write(answer->arena, path);
}

void answer_range(const struct answer *answer, const char *key, const struct source *source,
		  uint32_t start, uint32_t end)
{
	position_write_range(answer->out, key, source, start, end, answer->client->encoding);
}

void answer_span(const struct answer *answer, const char *key, const struct compile *c,
		 struct span span)
{
	answer_range(answer, key, source_get(&c->sources, span.source), span.start, span.end);
}

bool answer_location(const struct answer *answer, const char *key, const struct compile *c,
		     struct span span)
{
	struct str path = workspace_source_path(answer->arena, c, span.source);
	if (!path.n)
		return false;
	json_open(answer->out, key, '{');
	json_write_text(answer->out, "uri", answer_uri(answer, path));
	answer_span(answer, "range", c, span);
	json_close(answer->out, '}');
	return true;
}

void answer_add_edit(const struct answer *answer, struct answer_edits *edits,
		     const struct compile *c, struct diag_edit edit)
{
	*VEC_ADD(answer->arena, &edits->list) =
		(struct answer_edit){ workspace_source_path(answer->arena, c, edit.span.source),
				      source_get(&c->sources, edit.span.source), edit.span.start,
				      edit.span.end, edit.text };
}

static int compare_edits(const void *a, const void *b)
{
	const struct answer_edit *x = a, *y = b;
	int order = str_compare(x->path, y->path);
	if (order)
		return order;
	return (x->start > y->start) - (x->start < y->start);
}

void answer_write_text_edit(const struct answer *answer, const struct source *source,
			    uint32_t start, uint32_t end, struct str text)
{
	json_open(answer->out, NULL, '{');
	answer_range(answer, "range", source, start, end);
	json_write_text(answer->out, "newText", text);
	json_close(answer->out, '}');
}

/* The edits of one file, from `first` on; how many they are. */
static size_t write_list(const struct answer *answer, const char *key,
			 const struct answer_edits *edits, size_t first)
{
	size_t n = 0;
	json_open(answer->out, key, '[');
	for (; first + n < edits->list.n; n++) {
		const struct answer_edit *edit = &edits->list.at[first + n];
		if (!str_equal(edit->path, edits->list.at[first].path))
			break;
		if (edit->source) {
			answer_write_text_edit(answer, edit->source, edit->start, edit->end,
					       edit->text);
			continue;
		}
		json_open(answer->out, NULL, '{');
		json_open(answer->out, "range", '{');
		position_write(answer->out, "start", (struct position){ 0, 0 });
		position_write(answer->out, "end", (struct position){ 0, 0 });
		json_close(answer->out, '}');
		json_write_text(answer->out, "newText", edit->text);
		json_close(answer->out, '}');
	}
	json_close(answer->out, ']');
	return n;
}

static void write_document(const struct answer *answer, struct str path)
{
	const struct document *document = document_of_path(&answer->workspace->documents, path);
	json_open(answer->out, "textDocument", '{');
	json_write_text(answer->out, "uri", answer_uri(answer, path));
	if (document)
		json_write_number(answer->out, "version", document->version);
	else
		json_write_null(answer->out, "version");
	json_close(answer->out, '}');
}

void answer_write_edits(const struct answer *answer, const char *key, struct answer_edits *edits)
{
	struct text *out = answer->out;
	if (edits->list.n)
		qsort(edits->list.at, edits->list.n, sizeof *edits->list.at, compare_edits);
	json_open(out, key, '{');
	json_open(out, answer->client->versions ? "documentChanges" : "changes",
		  answer->client->versions ? '[' : '{');
	for (size_t i = 0; i < edits->list.n;) {
		struct str path = edits->list.at[i].path;
		if (!answer->client->versions) {
			i += write_list(answer, answer_uri(answer, path).at, edits, i);
			continue;
		}
		if (!edits->list.at[i].source) {
			json_open(out, NULL, '{');
			json_write_text(out, "kind", STR("create"));
			json_write_text(out, "uri", answer_uri(answer, path));
			json_close(out, '}');
		}
		json_open(out, NULL, '{');
		write_document(answer, path);
		i += write_list(answer, "edits", edits, i);
		json_close(out, '}');
	}
	json_close(out, answer->client->versions ? ']' : '}');
	json_close(out, '}');
}

const struct node *answer_node(const struct syntax *syntax, uint32_t offset, uint64_t kinds)
{
	const struct node *found = NULL, *at = syntax->root;
	while (at) {
		const struct node *inner = NULL;
		if (kinds >> at->kind & 1)
			found = at;
		for (const struct node *child = at->child; child; child = child->next) {
			struct span span = syntax_span(syntax, child);
			if (span.start <= offset && offset <= span.end)
				inner = child;
		}
		at = inner;
	}
	return found;
}

uint32_t answer_agent(const struct workspace_view *view, uint32_t offset)
{
	const struct plan *plan = &view->compile->plan;
	for (uint32_t i = 0; i < plan->agents.n; i++) {
		const struct plan_agent *agent = &plan->agents.at[i];
		if (agent->unit != view->unit || !agent->node)
			continue;
		struct span span = syntax_span(&view->in->syntax, agent->node);
		if (span.start <= offset && offset <= span.end)
			return i;
	}
	return PLAN_NONE;
}
