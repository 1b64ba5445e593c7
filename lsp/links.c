/* links.c — see links.h. */
#include "lsp/links.h"

#include "common/file.h"
#include "lsp/uri.h"
#include "parser.h"

/* A string that names a file, relative to the folder of the file that says so. */
static void write_link(struct answer *answer, const struct workspace_view *view,
		       const struct node *string)
{
	struct span span = syntax_span(&view->in->syntax, string);
	struct str raw = source_text(&view->compile->sources, span), resolved;
	if (raw.n < 2 ||
	    !load_resolve(answer->arena, view->in->folder, str_slice(raw, 1, raw.n - 1), &resolved))
		return;
	struct str path = arena_format(answer->arena, "%.*s/%.*s",
				       STR_ARG(view->compile->load.root), STR_ARG(resolved));
	if (!document_of_path(&answer->workspace->documents, path) && !file_there(path.at))
		return;
	json_open(answer->out, NULL, '{');
	answer_range(answer, "range", view->source, span.start + 1, span.end - 1);
	json_write_text(answer->out, "target", uri_write(answer->arena, path));
	json_close(answer->out, '}');
}

static void visit(struct answer *answer, const struct workspace_view *view, const struct node *node)
{
	for (const struct node *child = node->child; child; child = child->next) {
		const struct node *string = syntax_child(child, NODE_STRING);
		if (string && child->kind == NODE_PROMPT_FILE)
			write_link(answer, view, string);
		visit(answer, view, child);
	}
}

bool links_answer(struct answer *answer)
{
	struct workspace_view view;
	if (!answer_view(answer, &view))
		return answer_nothing(answer);
	json_open(answer->out, "result", '[');
	for (const struct node *node = view.in->syntax.root->child; node; node = node->next) {
		const struct node *string = syntax_child(node, NODE_STRING);
		if (node->kind == NODE_STATEMENT && string && node->keyword == TOKEN_IMPORT)
			write_link(answer, &view, string);
	}
	visit(answer, &view, view.in->syntax.root);
	json_close(answer->out, ']');
	return true;
}
