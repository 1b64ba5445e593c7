/* refactor.c — see refactor.h. Each change is tried before it is offered: the plan that comes of it must
 * have no error more, and the agent must say what it said. */
#include "lsp/refactor.h"

#include "common/file.h"
#include "common/path.h"
#include "compiler/edit.h"
#include "compiler/literal.h"
#include "lsp/sameness.h"
#include "parser.h"

struct refactoring {
	struct answer *answer;
	const struct workspace_view *view;
	const struct compile *c;
	uint32_t index;
	const struct plan_agent *agent;
	const struct syntax *syntax;
	bool tried;
	void (*offer)(void *self, struct str title, const char *kind, struct answer_edits *);
	void *self;
};

static struct str text_of(const struct refactoring *r, const struct node *node)
{
	return syntax_text(r->syntax, &r->c->sources, node);
}

/* The file's text with the edits, which are all in it and in order. */
static struct str edited(const struct refactoring *r, const struct answer_edits *edits)
{
	struct text out = { 0 };
	struct str before = r->view->source->text;
	uint32_t at = 0;
	for (size_t i = 0; i < edits->list.n; i++) {
		const struct answer_edit *edit = &edits->list.at[i];
		if (edit->source != r->view->source)
			continue;
		text_add(&out, str_slice(before, at, edit->start));
		text_add(&out, edit->text);
		at = edit->end;
	}
	text_add(&out, str_slice(before, at, before.n));
	struct str text = arena_copy(r->answer->arena, text_str(&out));
	text_release(&out);
	return text;
}

/* Is the plan with the edits, and a file that they make, the same? */
static bool keeps(const struct refactoring *r, const struct answer_edits *edits)
{
	struct arena arena = { 0 };
	struct compile *c = ARENA_NEW(&arena, struct compile);
	struct fail fail;
	struct load_overlay open = workspace_overlay(r->answer->workspace, &arena, r->c->load.root),
			    overlay;
	overlay = (struct load_overlay){
		ARENA_MANY(&arena, open.n + edits->list.n + 1, struct load_given), 0
	};
	overlay.at[overlay.n++] = (struct load_given){ r->view->in->path, edited(r, edits) };
	for (size_t i = 0; i < edits->list.n; i++)
		if (!edits->list.at[i].source)
			overlay.at[overlay.n++] = (struct load_given){
				path_below(edits->list.at[i].path, r->c->load.root),
				edits->list.at[i].text
			};
	for (size_t i = 0; i < open.n; i++)
		overlay.at[overlay.n++] = open.at[i];
	bool same = compile_plan_with(&arena, r->view->plan->path.at,
				      &(struct compile_options){ .overlay = &overlay }, c, &fail) &&
		    sameness_holds(r->c, c);
	arena_release(&arena);
	return same;
}

static void edit(const struct refactoring *r, struct answer_edits *edits, uint32_t start,
		 uint32_t end, struct str text)
{
	answer_add_edit(r->answer, edits, r->c,
			(struct diag_edit){ { r->syntax->source, start, end }, text });
}

static void offer(const struct refactoring *r, struct str title, const char *kind,
		  struct answer_edits *edits)
{
	if (!r->tried || keeps(r, edits))
		r->offer(r->self, title, kind, r->tried ? edits : NULL);
}

static uint32_t indent_of(const struct refactoring *r, uint32_t offset)
{
	struct str line = source_line(r->view->source, source_line_at(r->view->source, offset));
	uint32_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return n;
}

static void offer_estimate(const struct refactoring *r)
{
	struct answer_edits edits = { 0 };
	struct load load = r->c->load;
	if (r->agent->single[PLAN_ESTIMATE].given || r->agent->unit != r->view->unit)
		return;
	load.arena = r->answer->arena;
	answer_add_edit(r->answer, &edits, r->c,
			edit_estimate(&load, &r->c->plan, r->index, STR("30m")));
	r->offer(r->self, STR("Add an estimate"), REFACTOR_REWRITE, r->tried ? &edits : NULL);
}

/* A path for the prompt beside the plan where nothing is yet. */
static struct str free_path(const struct refactoring *r, struct str *relative)
{
	for (unsigned i = 0;; i++) {
		struct str name = text_of(r, syntax_child(r->agent->node, NODE_NAME));
		*relative = i ? arena_format(r->answer->arena, "prompts/%.*s-%u.md", STR_ARG(name),
					     i + 1)
			      : arena_format(r->answer->arena, "prompts/%.*s.md", STR_ARG(name));
		struct str folder = path_folder(workspace_source_path(r->answer->arena, r->c,
								      r->syntax->source));
		struct str path = arena_format(r->answer->arena, "%.*s/%.*s", STR_ARG(folder),
					       STR_ARG(*relative));
		if (!file_there(path.at) &&
		    !document_of_path(&r->answer->workspace->documents, path))
			return path;
	}
}

static void offer_prompt_out(const struct refactoring *r, const struct node *prompt)
{
	struct answer_edits edits = { 0 };
	struct str relative, path, text = eval_kept_text(r->answer->arena, r->agent->prompt);
	if (!r->answer->client->creates || !r->answer->client->versions || !text.n)
		return;
	path = free_path(r, &relative);
	struct span span = syntax_span(r->syntax, prompt->child);
	edit(r, &edits, span.start, span.end,
	     arena_format(r->answer->arena, "file \"%.*s\"", STR_ARG(relative)));
	*VEC_ADD(r->answer->arena, &edits.list) = (struct answer_edit){ .path = path,
									.text = text };
	offer(r, arena_format(r->answer->arena, "Move the prompt to %.*s", STR_ARG(relative)),
	      REFACTOR_EXTRACT, &edits);
}

static void offer_prompt_in(const struct refactoring *r, const struct node *prompt)
{
	struct answer_edits edits = { 0 };
	struct text literal = { 0 };
	struct str text = eval_kept_text(r->answer->arena, r->agent->prompt);
	struct span span = syntax_span(r->syntax, prompt->child),
		    statement = syntax_span(r->syntax, prompt);
	struct str body = str_ends(text, STR("\n")) ? str_slice(text, 0, text.n - 1) : text;
	if (text.n == body.n && literal_fits_block(text))
		literal_add_block(&literal, indent_of(r, statement.start), text);
	else
		literal_add(&literal, text);
	edit(r, &edits, span.start, span.end, arena_copy(r->answer->arena, text_str(&literal)));
	text_release(&literal);
	if (text.n)
		offer(r, STR("Move the prompt into the plan"), REFACTOR_REWRITE, &edits);
}

static void offer_prompt(const struct refactoring *r)
{
	const struct node *block = syntax_child(r->agent->node, NODE_BLOCK);
	for (const struct node *node = block ? block->child : NULL; node; node = node->next) {
		if (node->kind != NODE_STATEMENT || node->keyword != TOKEN_PROMPT || !node->child)
			continue;
		if (node->child->kind == NODE_PROMPT_FILE)
			offer_prompt_in(r, node);
		else
			offer_prompt_out(r, node);
	}
}

/* The lines of a block, `indent` columns less deep. */
static void add_shifted(struct text *out, struct str body, uint32_t indent)
{
	struct str line;
	bool first = true;
	while (str_split(&body, '\n', &line)) {
		uint32_t n = 0;
		while (!first && n < indent && n < line.n && line.at[n] == ' ')
			n++;
		if (!first)
			text_add_byte(out, '\n');
		text_add(out, str_slice(line, n, line.n));
		first = false;
	}
}

static bool is_owning(const struct node *statement)
{
	return statement->kind == NODE_STATEMENT &&
	       (statement->keyword == TOKEN_OWNS || statement->keyword == TOKEN_CREATES);
}

static unsigned count_paths(const struct node *block)
{
	unsigned n = 0;
	for (const struct node *node = block->child; node; node = node->next)
		for (const struct node *string = is_owning(node) ? node->child : NULL; string;
		     string = string->next)
			n++;
	return n;
}

/* The paths that an agent owns become the template's parameters: what the next agent will want to say in
 * another way. */
static bool add_template(const struct refactoring *r, const struct node *block, struct text *body,
			 struct text *parameters, struct text *arguments)
{
	struct span whole = syntax_span(r->syntax, block);
	struct str text = r->view->source->text;
	uint32_t at = whole.start;
	struct text raw = { 0 };
	unsigned n = 0, all = count_paths(block);
	for (const struct node *node = block->child; node; node = node->next) {
		for (const struct node *string = is_owning(node) ? node->child : NULL; string;
		     string = string->next) {
			struct span span = syntax_span(r->syntax, string);
			text_add(&raw, str_slice(text, at, span.start));
			n++;
			struct str word = all > 1 ? arena_format(r->answer->arena, "path%u", n)
						  : STR("path");
			text_addf(&raw, "\"${%.*s}\"", STR_ARG(word));
			text_addf(parameters, "%s%.*s", n > 1 ? ", " : "", STR_ARG(word));
			text_addf(arguments, "%s%.*s: %.*s", n > 1 ? ", " : "", STR_ARG(word),
				  STR_ARG(text_of(r, string)));
			at = span.end;
		}
	}
	text_add(&raw, str_slice(text, at, whole.end));
	add_shifted(body, text_str(&raw),
		    indent_of(r, syntax_span(r->syntax, r->agent->node).start));
	text_release(&raw);
	return n > 0;
}

/* The statement of the file that the agent is, or is in. */
static const struct node *outermost(const struct refactoring *r, uint32_t offset)
{
	for (const struct node *node = r->syntax->root->child; node; node = node->next) {
		struct span span = syntax_span(r->syntax, node);
		if (span.start <= offset && offset < span.end)
			return node;
	}
	return r->agent->node;
}

static void offer_template(const struct refactoring *r)
{
	const struct node *node = r->agent->node, *block = syntax_child(node, NODE_BLOCK),
			  *name = syntax_child(node, NODE_NAME);
	struct text body = { 0 }, parameters = { 0 }, arguments = { 0 };
	struct answer_edits edits = { 0 };
	if (!block || syntax_child(node, NODE_FROM))
		return;
	struct str word = arena_format(r->answer->arena, "%.*s-template",
				       STR_ARG(text_of(r, name)));
	if (add_template(r, block, &body, &parameters, &arguments) &&
	    !bind_find(&r->c->bind, r->view->unit, word)) {
		struct span span = syntax_span(r->syntax, block);
		uint32_t at = syntax_span(r->syntax, outermost(r, span.start)).start;
		edit(r, &edits, at, at,
		     arena_format(r->answer->arena, "template %.*s(%.*s) %.*s\n\n", STR_ARG(word),
				  STR_ARG(text_str(&parameters)), STR_ARG(text_str(&body))));
		edit(r, &edits, span.start, span.end,
		     arena_format(r->answer->arena, "from %.*s(%.*s)", STR_ARG(word),
				  STR_ARG(text_str(&arguments))));
		offer(r, STR("Extract a template"), REFACTOR_EXTRACT, &edits);
	}
	text_release(&body);
	text_release(&parameters);
	text_release(&arguments);
}

void refactor_offer(
	struct answer *answer, const struct workspace_view *view, uint32_t offset, bool tried,
	void (*found)(void *self, struct str title, const char *kind, struct answer_edits *),
	void *self)
{
	uint32_t index = answer_agent(view, offset);
	if (index == PLAN_NONE || view->in->markdown ||
	    !syntax_child(view->compile->plan.agents.at[index].node, NODE_NAME))
		return;
	struct refactoring r = { answer,
				 view,
				 view->compile,
				 index,
				 &view->compile->plan.agents.at[index],
				 &view->in->syntax,
				 tried,
				 found,
				 self };
	offer_estimate(&r);
	offer_prompt(&r);
	offer_template(&r);
}
