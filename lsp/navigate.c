/* navigate.c — see navigate.h. A symbol of one plan is that of another when both are declared at the
 * same place of the same file. */
#include "lsp/navigate.h"

static void add_place(struct answer *answer, struct navigate_places *places, struct map *known,
		      const struct compile *c, const struct symbol_use *use)
{
	struct str path = workspace_source_path(answer->arena, c, use->span.source);
	struct str key = arena_format(answer->arena, "%u %.*s", use->span.start, STR_ARG(path));
	if (!path.n || map_find(known, key))
		return;
	map_add(answer->arena, known, key, 0);
	*VEC_ADD(answer->arena, &places->list) = (struct navigate_place){ c, use->span, path,
									  use->declares };
}

static void find_in_plan(struct answer *answer, struct workspace_plan *plan, struct str path,
			 const struct symbol *wanted, struct navigate_places *places,
			 struct map *known)
{
	const struct symbols *symbols = workspace_symbols(plan);
	uint32_t unit = workspace_unit(plan, path);
	uint32_t symbol = 0;
	while (symbol < symbols->list.n &&
	       !(symbols->list.at[symbol].unit == unit &&
		 symbols->list.at[symbol].kind == wanted->kind &&
		 symbols->list.at[symbol].span.start == wanted->span.start))
		symbol++;
	if (unit == LOAD_NONE || symbol == symbols->list.n)
		return;
	for (size_t i = 0; i < symbols->uses.n; i++)
		if (symbols->uses.at[i].symbol == symbol)
			add_place(answer, places, known, &plan->compile, &symbols->uses.at[i]);
}

void navigate_find(struct answer *answer, const struct workspace_view *view, uint32_t index,
		   struct navigate_places *places)
{
	struct workspace *workspace = answer->workspace;
	const struct symbol *wanted = &workspace_symbols(view->plan)->list.at[index];
	struct str path = workspace_source_path(answer->arena, view->compile, wanted->span.source);
	struct map known = { 0 };
	*places = (struct navigate_places){ 0 };
	if (!path.n)
		return;
	find_in_plan(answer, view->plan, path, wanted, places, &known);
	for (size_t i = 0; i < workspace->plans.n; i++) {
		struct workspace_plan *plan = workspace->plans.at[i];
		if (plan == view->plan)
			continue;
		workspace_compile(workspace, plan);
		if (plan->there)
			find_in_plan(answer, plan, path, wanted, places, &known);
	}
}

/* The declaration of something built in is, for a client, the import that brings it. */
static bool write_import(struct answer *answer, const struct workspace_view *view, uint32_t unit)
{
	for (size_t i = 0; i < view->in->imports.n; i++)
		if (view->in->imports.at[i].unit == unit)
			return answer_location(answer, "result", view->compile,
					       view->in->imports.at[i].path);
	return false;
}

/* The file that an import or a prompt names. */
static bool write_target(struct answer *answer, const struct workspace_view *view, uint32_t offset)
{
	struct span none = { 0, 0, 0 };
	for (size_t i = 0; i < view->in->imports.n; i++) {
		const struct load_import *import = &view->in->imports.at[i];
		if (offset < import->path.start || offset > import->path.end ||
		    import->unit == LOAD_NONE)
			continue;
		none.source = view->compile->load.units.at[import->unit].syntax.source;
		return answer_location(answer, "result", view->compile, none);
	}
	const struct node *prompt = answer_node(&view->in->syntax, offset, 1u << NODE_PROMPT_FILE);
	uint32_t agent = answer_agent(view, offset);
	if (!prompt || agent == PLAN_NONE)
		return false;
	struct span at = view->compile->plan.agents.at[agent].prompt_at;
	return at.source != view->in->syntax.source &&
	       answer_location(answer, "result", view->compile, at);
}

bool navigate_definition(struct answer *answer)
{
	struct workspace_view view;
	uint32_t offset;
	if (!answer_place(answer, &view, &offset))
		return answer_nothing(answer);
	const struct symbols *symbols = workspace_symbols(view.plan);
	const struct symbol_use *use = symbol_at(symbols, view.unit, offset);
	const struct symbol *symbol = use && use->symbol != SYMBOL_NONE
					      ? &symbols->list.at[use->symbol]
					      : NULL;
	if (symbol ? answer_location(answer, "result", view.compile, symbol->span) ||
			     write_import(answer, &view, symbol->unit)
		   : write_target(answer, &view, offset))
		return true;
	return answer_nothing(answer);
}

/* All uses of what is at the place; false when nothing is. */
static bool find_uses(struct answer *answer, struct workspace_view *view,
		      struct navigate_places *places)
{
	uint32_t offset;
	if (!answer_place(answer, view, &offset))
		return false;
	const struct symbol_use *use = symbol_at(workspace_symbols(view->plan), view->unit, offset);
	if (!use || use->symbol == SYMBOL_NONE)
		return false;
	navigate_find(answer, view, use->symbol, places);
	return true;
}

bool navigate_references(struct answer *answer)
{
	struct workspace_view view;
	struct navigate_places places;
	const struct json *context = json_find(answer->params, "context", JSON_IS_OBJECT);
	const struct json *wanted = context ? json_find(context, "includeDeclaration", JSON_IS_FLAG)
					    : NULL;
	bool declaration = !wanted || wanted->flag;
	if (!find_uses(answer, &view, &places))
		return answer_nothing(answer);
	json_open(answer->out, "result", '[');
	for (size_t i = 0; i < places.list.n; i++)
		if (declaration || !places.list.at[i].declares)
			answer_location(answer, NULL, places.list.at[i].compile,
					places.list.at[i].span);
	json_close(answer->out, ']');
	return true;
}

bool navigate_highlight(struct answer *answer)
{
	enum { READ = 2, WRITE = 3 };
	struct workspace_view view;
	uint32_t offset;
	if (!answer_place(answer, &view, &offset))
		return answer_nothing(answer);
	const struct symbols *symbols = workspace_symbols(view.plan);
	const struct symbol_use *use = symbol_at(symbols, view.unit, offset);
	if (!use || use->symbol == SYMBOL_NONE)
		return answer_nothing(answer);
	json_open(answer->out, "result", '[');
	for (uint32_t i = symbols->first[view.unit]; i < symbols->first[view.unit + 1]; i++) {
		const struct symbol_use *other = &symbols->uses.at[i];
		if (other->symbol != use->symbol)
			continue;
		json_open(answer->out, NULL, '{');
		answer_span(answer, "range", view.compile, other->span);
		json_write_number(answer->out, "kind", other->declares ? WRITE : READ);
		json_close(answer->out, '}');
	}
	json_close(answer->out, ']');
	return true;
}
