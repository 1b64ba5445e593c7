/* rename.c — see rename.h. */
#include "lsp/rename.h"

#include "grammar/lexer.h"
#include "lsp/navigate.h"
#include "lsp/sameness.h"
#include "parser.h"

#include <stdlib.h>

/* What may be renamed at the place; on failure, why nothing may. */
static const struct symbol_use *find(struct answer *answer, struct workspace_view *view)
{
	uint32_t offset;
	if (!answer_place(answer, view, &offset)) {
		fail_set(&answer->fail, "the plan cannot be read");
		return NULL;
	}
	const struct symbols *symbols = workspace_symbols(view->plan);
	const struct symbol_use *use = symbol_at(symbols, view->unit, offset);
	if (!use || use->symbol == SYMBOL_NONE) {
		fail_set(&answer->fail, "there is no name here that could be changed");
		return NULL;
	}
	const struct symbol *symbol = &symbols->list.at[use->symbol];
	if (source_get(&view->compile->sources, symbol->span.source)->built_in) {
		fail_set(&answer->fail, "`%.*s` is built in, and keeps its name",
			 STR_ARG(symbol->name));
		return NULL;
	}
	return use;
}

bool rename_prepare(struct answer *answer)
{
	struct workspace_view view;
	const struct symbol_use *use = find(answer, &view);
	if (!use)
		return false;
	json_open(answer->out, "result", '{');
	answer_span(answer, "range", view.compile, use->span);
	json_write_text(answer->out, "placeholder", source_text(&view.compile->sources, use->span));
	json_close(answer->out, '}');
	return true;
}

/* Is it one word of letters, digits, `_` and `-`, which the lexer takes for a name? */
static bool is_name(struct answer *answer, struct str name)
{
	struct sources sources = { .arena = answer->arena };
	struct syntax syntax = { .source = source_add(&sources, STR("name"), name) };
	struct flaws flaws = { 0 };
	if (!bind_is_name(name))
		return false;
	lexer_run(answer->arena, source_get(&sources, 0), &syntax, &flaws);
	return syntax.tokens.n == 1 && !flaws.list.n &&
	       (syntax.tokens.at[0].kind == TOKEN_NAME ||
		keyword_of_token(syntax.tokens.at[0].kind));
}

/* Agents, groups, templates, runners and imports of a file share their names. */
static bool shares_names(enum symbol_kind kind)
{
	return kind != SYMBOL_PLAN && kind != SYMBOL_POOL && kind != SYMBOL_METRIC &&
	       kind != SYMBOL_PARAMETER;
}

/* What has that name already, where the symbol's own is; NULL when nothing has. */
static const char *taken_by(const struct workspace_view *view, const struct symbol *symbol,
			    struct str name)
{
	const struct symbols *symbols = workspace_symbols(view->plan);
	bool shared = shares_names(symbol->kind);
	for (size_t i = 0; i < symbols->list.n; i++) {
		const struct symbol *other = &symbols->list.at[i];
		bool together = shared ? shares_names(other->kind)
				       : other->kind == symbol->kind &&
						 (other->kind != SYMBOL_PARAMETER ||
						  other->node == symbol->node);
		if (together && other != symbol && other->unit == symbol->unit &&
		    str_equal(other->name, name))
			return symbol_word(other->kind);
	}
	return NULL;
}

/* The texts of a plan's files with the new name. */
static struct load_overlay renamed(struct answer *answer, const struct workspace_plan *plan,
				   const struct navigate_places *places, struct str name)
{
	struct load_overlay overlay = {
		ARENA_MANY(answer->arena, plan->compile.load.units.n, struct load_given), 0
	};
	for (uint32_t unit = 0; unit < plan->compile.load.units.n; unit++) {
		uint32_t source = plan->compile.load.units.at[unit].syntax.source;
		struct str path = workspace_source_path(answer->arena, &plan->compile, source);
		struct str before = source_get(&plan->compile.sources, source)->text;
		struct text after = { 0 };
		size_t at = 0;
		for (size_t i = 0; i < places->list.n; i++) {
			const struct navigate_place *place = &places->list.at[i];
			if (!str_equal(place->path, path))
				continue;
			text_add(&after, str_slice(before, at, place->span.start));
			text_add(&after, name);
			at = place->span.end;
		}
		text_add(&after, str_slice(before, at, before.n));
		if (path.n)
			overlay.at[overlay.n++] =
				(struct load_given){ plan->compile.load.units.at[unit].path,
						     arena_copy(answer->arena, text_str(&after)) };
		text_release(&after);
	}
	return overlay;
}

/* Would the plan say something else, or have more errors than it has? */
static bool harms(struct answer *answer, struct workspace_plan *plan,
		  const struct navigate_places *places, struct str name)
{
	struct arena arena = { 0 };
	struct load_overlay overlay = renamed(answer, plan, places, name);
	struct compile *c = ARENA_NEW(&arena, struct compile);
	const struct compile_options options = { .reader = answer->workspace->facts,
						 .overlay = &overlay };
	bool harm = !compile_plan_with(&arena, plan->path.at, &options, c, &answer->fail);
	if (!harm && !sameness_holds(&plan->compile, c)) {
		harm = true;
		fail_set(&answer->fail, "with the name `%.*s`, %.*s would say something else",
			 STR_ARG(name), STR_ARG(plan->compile.load.units.at[0].path));
	}
	arena_release(&arena);
	return harm;
}

static int compare_places(const void *a, const void *b)
{
	const struct navigate_place *x = a, *y = b;
	int order = str_compare(x->path, y->path);
	if (order)
		return order;
	return (x->span.start > y->span.start) - (x->span.start < y->span.start);
}

bool rename_answer(struct answer *answer)
{
	struct workspace_view view;
	struct navigate_places places;
	struct answer_edits edits = { 0 };
	struct str name = json_find_text(answer->params, "newName");
	const struct symbol_use *use = find(answer, &view);
	if (!use)
		return false;
	if (!is_name(answer, name))
		return fail_set(
			&answer->fail,
			"`%.*s` is no name: letters, digits, `_` and `-`, beginning with a letter",
			STR_ARG(name));
	const struct symbol *symbol = &workspace_symbols(view.plan)->list.at[use->symbol];
	const char *taken = taken_by(&view, symbol, name);
	if (taken)
		return fail_set(&answer->fail, "there is a%s %s `%.*s` already",
				taken[0] == 'a' || taken[0] == 'i' ? "n" : "", taken,
				STR_ARG(name));
	navigate_find(answer, &view, use->symbol, &places);
	if (places.list.n)
		qsort(places.list.at, places.list.n, sizeof *places.list.at, compare_places);
	for (size_t i = 0; i < answer->workspace->plans.n; i++) {
		struct workspace_plan *plan = answer->workspace->plans.at[i];
		bool touched = false;
		for (size_t k = 0; plan->there && k < places.list.n && !touched; k++)
			touched = workspace_unit(plan, places.list.at[k].path) != LOAD_NONE;
		if (touched && harms(answer, plan, &places, name))
			return false;
	}
	for (size_t i = 0; i < places.list.n; i++)
		answer_add_edit(answer, &edits, places.list.at[i].compile,
				(struct diag_edit){ places.list.at[i].span, name });
	answer_write_edits(answer, "result", &edits);
	return true;
}
