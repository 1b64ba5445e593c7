/* actions.c — see actions.h. */
#include "lsp/actions.h"

#include "compiler/fix.h"
#include "lsp/findings.h"
#include "lsp/hunks.h"
#include "lsp/refactor.h"

#define QUICKFIX "quickfix"
#define FIX_ALL "source.fixAll.orch"

struct acting {
	struct answer *answer;
	const struct workspace_view *view;
	uint32_t start, end;     /* what is selected */
	const struct json *only; /* kinds that are wanted; NULL: all */
};

void actions_write_kinds(struct text *out, const char *key)
{
	json_open(out, key, '[');
	json_write_text(out, NULL, STR(QUICKFIX));
	json_write_text(out, NULL, STR(FIX_ALL));
	json_write_text(out, NULL, STR(REFACTOR_EXTRACT));
	json_write_text(out, NULL, STR(REFACTOR_REWRITE));
	json_close(out, ']');
}

/* "refactor" asks for "refactor.extract", too. */
static bool wanted(const struct acting *a, const char *kind)
{
	for (size_t i = 0; a->only && i < a->only->n; i++) {
		struct str only = a->only->at[i].kind == JSON_IS_TEXT ? a->only->at[i].text
								      : STR("?");
		struct str whole = str_from(kind);
		if (str_starts(whole, only) &&
		    (whole.n == only.n || !only.n || whole.at[only.n] == '.'))
			return true;
	}
	return !a->only;
}

static void write_action(const struct acting *a, struct str title, const char *kind, bool preferred,
			 const struct diag *diag, struct answer_edits *edits)
{
	struct text *out = a->answer->out;
	json_open(out, NULL, '{');
	json_write_text(out, "title", title);
	json_write_text(out, "kind", str_from(kind));
	if (preferred)
		json_write_flag(out, "isPreferred", true);
	if (diag) {
		json_open(out, "diagnostics", '[');
		findings_write_one(a->answer, a->view->compile, diag, out);
		json_close(out, ']');
	}
	answer_write_edits(a->answer, "edit", edits);
	json_close(out, '}');
}

/* A fix that is only shown is a hint for people, and one of what is built in cannot be made. */
static bool can_be_made(const struct compile *c, const struct diag_fix *fix)
{
	bool can = fix->applicability != DIAG_DISPLAY;
	for (size_t i = 0; i < fix->edits.n; i++)
		can &= !source_get(&c->sources, fix->edits.at[i].span.source)->built_in;
	return can;
}

static void write_fixes(const struct acting *a, const struct diag *diag)
{
	const struct compile *c = a->view->compile;
	for (size_t i = 0; i < diag->fixes.n; i++) {
		const struct diag_fix *fix = &diag->fixes.at[i];
		struct answer_edits edits = { 0 };
		if (!can_be_made(c, fix))
			continue;
		for (size_t k = 0; k < fix->edits.n; k++)
			answer_add_edit(a->answer, &edits, c, fix->edits.at[k]);
		struct text title = { 0 };
		text_add(&title, fix->title);
		title.at[0] = title.at[0] >= 'a' && title.at[0] <= 'z' ? (char)(title.at[0] - 32)
								       : title.at[0];
		write_action(a, text_str(&title), QUICKFIX, fix->applicability == DIAG_SAFE, diag,
			     &edits);
		text_release(&title);
	}
}

/* A comment on the line before that silences a warning. */
static void write_allow(const struct acting *a, const struct diag *diag)
{
	const struct compile *c = a->view->compile;
	const struct source *source = source_get(&c->sources, diag->span.source);
	uint32_t line = source_line_at(source, diag->span.start);
	struct str text = source_line(source, line);
	size_t blanks = 0;
	struct answer_edits edits = { 0 };
	while (blanks < text.n && (text.at[blanks] == ' ' || text.at[blanks] == '\t'))
		blanks++;
	struct str name = str_from(diag_info(diag->code)->name);
	struct str comment = arena_format(a->answer->arena, "%.*s# orch: allow(%.*s) because …\n",
					  (int)blanks, text.at ? text.at : "", STR_ARG(name));
	uint32_t at = source->line[line - 1];
	answer_add_edit(a->answer, &edits, c,
			(struct diag_edit){ { diag->span.source, at, at }, comment });
	write_action(a,
		     arena_format(a->answer->arena, "Allow it here: `# orch: allow(%.*s)`",
				  STR_ARG(name)),
		     QUICKFIX, false, diag, &edits);
}

static bool is_selected(const struct acting *a, struct span span)
{
	return span.source == a->view->in->syntax.source && span.start <= a->end &&
	       span.end >= a->start;
}

static void write_quick_fixes(const struct acting *a)
{
	const struct diags *diags = &a->view->compile->diags;
	for (size_t i = 0; i < diags->list.n; i++) {
		const struct diag *diag = &diags->list.at[i];
		bool here = is_selected(a, diag->span);
		for (size_t k = 0; k < diag->labels.n && !here; k++)
			here = is_selected(a, diag->labels.at[k].span);
		if (!here)
			continue;
		write_fixes(a, diag);
		if (diag_info(diag->code)->severity == DIAG_WARNING && is_selected(a, diag->span))
			write_allow(a, diag);
	}
}

/* The lines of a file that are other than they were. */
static void add_changed(const struct acting *a, const struct fix_file *file,
			struct answer_edits *edits)
{
	const struct compile *c = a->view->compile;
	struct sources sources = { .arena = a->answer->arena };
	struct hunks hunks;
	source_add(&sources, file->path, arena_copy(a->answer->arena, file->after));
	for (uint32_t unit = 0; unit < c->load.units.n; unit++) {
		uint32_t source = c->load.units.at[unit].syntax.source;
		const struct source *before = source_get(&c->sources, source),
				    *after = source_get(&sources, 0);
		if (before->built_in || !str_equal(before->path, file->path))
			continue;
		hunks_find(a->answer->arena, before, after, &hunks);
		for (size_t i = 0; i < hunks.list.n; i++) {
			struct diag_edit edit = { .span = { .source = source } };
			hunks_edit(&hunks.list.at[i], before, after, &edit.span.start,
				   &edit.span.end, &edit.text);
			answer_add_edit(a->answer, edits, c, edit);
		}
	}
}

/* All that `orchc check --fix` would do. */
static void write_fix_all(const struct acting *a)
{
	struct fix fix;
	struct fail fail;
	struct answer_edits edits = { 0 };
	const struct compile *c = a->view->compile;
	struct load_overlay overlay = workspace_overlay(a->answer->workspace, a->answer->arena,
							c->load.root);
	if (fix_plan(&fix, a->view->plan->path.at, a->answer->workspace->facts, &overlay, false,
		     &fail)) {
		for (size_t i = 0; i < fix.files.n; i++)
			add_changed(a, &fix.files.at[i], &edits);
		if (edits.list.n)
			write_action(a, STR("Fix all that is safe to fix"), FIX_ALL, false, NULL,
				     &edits);
	}
	fix_release(&fix);
}

/* The edits are found when it has been chosen, by a client that asks then. */
static void write_refactor(void *self, struct str title, const char *kind,
			   struct answer_edits *edits)
{
	const struct acting *a = self;
	struct text *out = a->answer->out;
	if (!wanted(a, kind))
		return;
	if (edits) {
		write_action(a, title, kind, false, NULL, edits);
		return;
	}
	json_open(out, NULL, '{');
	json_write_text(out, "title", title);
	json_write_text(out, "kind", str_from(kind));
	json_open(out, "data", '{');
	json_write_text(out, "uri", answer_document(a->answer));
	json_write_number(out, "at", a->start);
	json_close(out, '}');
	json_close(out, '}');
}

bool actions_answer(struct answer *answer)
{
	struct workspace_view view;
	struct acting a = { .answer = answer, .view = &view };
	const struct json *context = json_find(answer->params, "context", JSON_IS_OBJECT);
	if (!answer_selection(answer, &view, &a.start, &a.end))
		return answer_nothing(answer);
	a.only = context ? json_find(context, "only", JSON_IS_LIST) : NULL;
	json_open(answer->out, "result", '[');
	if (wanted(&a, QUICKFIX))
		write_quick_fixes(&a);
	if (a.only && wanted(&a, FIX_ALL)) /* a compile for each round: only when asked for */
		write_fix_all(&a);
	if (wanted(&a, REFACTOR_EXTRACT) || wanted(&a, REFACTOR_REWRITE))
		refactor_offer(answer, &view, a.start, !answer->client->resolves, write_refactor,
			       &a);
	json_close(answer->out, ']');
	return true;
}

struct resolving {
	struct answer *answer;
	struct str title;
	bool found;
};

static void take_chosen(void *self, struct str title, const char *kind, struct answer_edits *edits)
{
	struct resolving *r = self;
	struct text *out = r->answer->out;
	if (r->found || !str_equal(title, r->title))
		return;
	r->found = true;
	json_open(out, "result", '{');
	json_write_text(out, "title", title);
	json_write_text(out, "kind", str_from(kind));
	answer_write_edits(r->answer, "edit", edits);
	json_close(out, '}');
}

bool actions_resolve(struct answer *answer)
{
	struct workspace_view view;
	const struct json *data = json_find(answer->params, "data", JSON_IS_OBJECT);
	struct resolving r = { .answer = answer, .title = json_find_text(answer->params, "title") };
	struct str uri = data ? json_find_text(data, "uri") : STR("");
	int64_t at = data ? json_find_number(data, "at") : -1;
	if (uri.n &&
	    workspace_view(answer->workspace, workspace_path(answer->workspace, answer->arena, uri),
			   &view) &&
	    at >= 0 && (uint64_t)at <= view.source->text.n)
		refactor_offer(answer, &view, (uint32_t)at, true, take_chosen, &r);
	return r.found ||
	       fail_set(&answer->fail,
			"`%.*s` would change what the plan says, or the plan has changed",
			STR_ARG(r.title));
}
