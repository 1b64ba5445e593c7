/* symbol.c — see symbol.h. Declarations are numbered first: a file's shared names as the binder has
 * them, then pools, metrics and templates' parameters. */
#include "lsp/symbol.h"

#include "parser.h"

#include <stdlib.h>

static const struct {
	const char *word, *token;
	int kind;
} kinds[] = {
#define SYMBOL(NAME, word, kind, token) { word, token, kind },
	SYMBOL_KINDS(SYMBOL)
#undef SYMBOL
};

struct collecting {
	struct arena *arena;
	const struct compile *c;
	struct symbols *symbols;
	uint32_t *bound; /* by unit: the first symbol of its binder's names */
	struct parameters {
		uint32_t first, n;
	} * of_template; /* by symbol: of a template, its parameters */
	uint32_t pools;  /* the first of the plan's pools */
	uint32_t unit;
	const struct parameters *inside; /* of the template that the statement is in, or NULL */
};

static const struct syntax *syntax_of(const struct collecting *s)
{
	return &s->c->load.units.at[s->unit].syntax;
}

static struct str text_of(const struct collecting *s, const struct node *node)
{
	return syntax_text(syntax_of(s), &s->c->sources, node);
}

static uint32_t add_symbol(struct collecting *s, struct symbol symbol)
{
	*VEC_ADD(s->arena, &s->symbols->list) = symbol;
	return (uint32_t)s->symbols->list.n - 1;
}

static void use(struct collecting *s, struct span span, uint32_t symbol)
{
	bool declares = symbol != SYMBOL_NONE &&
			s->symbols->list.at[symbol].span.source == span.source &&
			s->symbols->list.at[symbol].span.start == span.start;
	*VEC_ADD(s->arena, &s->symbols->uses) = (struct symbol_use){ span, s->unit, symbol,
								     declares };
}

static enum symbol_kind kind_of(const struct bind_name *name)
{
	switch (name->kind) {
	case BIND_GROUP: return SYMBOL_GROUP;
	case BIND_TEMPLATE: return SYMBOL_TEMPLATE;
	case BIND_RUNNER: return SYMBOL_RUNNER;
	case BIND_IMPORT: return SYMBOL_IMPORT;
	default: return SYMBOL_AGENT;
	}
}

static void declare_bound(struct collecting *s)
{
	const struct bind *bind = &s->c->bind;
	s->bound = ARENA_MANY(s->arena, s->c->load.units.n, uint32_t);
	for (uint32_t unit = 0; unit < s->c->load.units.n; unit++) {
		s->bound[unit] = (uint32_t)s->symbols->list.n;
		for (size_t i = 0; i < bind->unit[unit].names.n; i++) {
			const struct bind_name *name = &bind->unit[unit].names.at[i];
			add_symbol(s, (struct symbol){ kind_of(name), unit, name->name, name->span,
						       name->node });
		}
	}
}

static void declare_pools(struct collecting *s)
{
	s->pools = (uint32_t)s->symbols->list.n;
	for (size_t i = 0; i < s->c->plan.pools.n; i++) {
		const struct plan_pool *pool = &s->c->plan.pools.at[i];
		add_symbol(s, (struct symbol){ SYMBOL_POOL, 0, pool->name, pool->span, NULL });
	}
}

static uint32_t find_bound(const struct collecting *s, uint32_t unit, struct str name)
{
	const struct bind_name *found = bind_find(&s->c->bind, unit, name);
	return found ? s->bound[unit] + (uint32_t)(found - s->c->bind.unit[unit].names.at)
		     : SYMBOL_NONE;
}

/* A NAME or QUALIFIED. */
static void use_reference(struct collecting *s, const struct node *node)
{
	const struct syntax *syntax = syntax_of(s);
	if (node->kind != NODE_QUALIFIED) {
		use(s, syntax_span(syntax, node), find_bound(s, s->unit, text_of(s, node)));
		return;
	}
	const struct bind_name *import = bind_find(&s->c->bind, s->unit, text_of(s, node->child));
	uint32_t other = import && import->kind == BIND_IMPORT && import->index != LOAD_NONE
				 ? s->c->load.units.at[s->unit].imports.at[import->index].unit
				 : LOAD_NONE;
	use(s, syntax_span(syntax, node->child), find_bound(s, s->unit, text_of(s, node->child)));
	use(s, syntax_span(syntax, node->child->next),
	    other == LOAD_NONE ? SYMBOL_NONE : find_bound(s, other, text_of(s, node->child->next)));
}

static void use_pool(struct collecting *s, const struct node *node)
{
	uint32_t *found = map_find(&s->c->plan.pool_by_name, text_of(s, node));
	use(s, syntax_span(syntax_of(s), node), found ? s->pools + *found : SYMBOL_NONE);
}

static uint32_t find_parameter(const struct collecting *s, const struct parameters *of,
			       struct str name)
{
	for (uint32_t i = of->first; i < of->first + of->n; i++)
		if (str_equal(s->symbols->list.at[i].name, name))
			return i;
	return SYMBOL_NONE;
}

/* `${name}` in a template. */
static void use_holes(struct collecting *s, const struct node *node)
{
	struct span span = syntax_span(syntax_of(s), node);
	struct eval eval = { .sources = &s->c->sources, .syntax = syntax_of(s) };
	struct str raw = source_text(&s->c->sources, span);
	size_t dollars = eval_dollars(&eval, node), at = 0;
	struct eval_hole hole;
	while (dollars && eval_next_hole(raw, dollars, &at, &hole)) {
		uint32_t start = span.start + (uint32_t)(hole.name.at - raw.at);
		uint32_t found = find_parameter(s, s->inside, hole.name);
		if (found != SYMBOL_NONE)
			use(s, (struct span){ span.source, start, start + (uint32_t)hole.name.n },
			    found);
	}
}

static void visit_statements(struct collecting *, const struct node *first);

/* The parameters of the template that a FROM names, which may be in another file. */
static void use_arguments(struct collecting *s, const struct node *from)
{
	const struct node *reference = from->child;
	uint32_t last = (uint32_t)s->symbols->uses.n - 1; /* of the reference */
	uint32_t template = s->symbols->uses.at[last].symbol;
	for (const struct node *argument = reference->next; argument; argument = argument->next) {
		const struct node *name = syntax_child(argument, NODE_NAME);
		if (name)
			use(s, syntax_span(syntax_of(s), name),
			    template == SYMBOL_NONE ? SYMBOL_NONE
						    : find_parameter(s, &s->of_template[template],
								     text_of(s, name)));
	}
}

static void visit_template(struct collecting *s, const struct node *statement)
{
	const struct node *block = syntax_child(statement, NODE_BLOCK),
			  *name = syntax_child(statement, NODE_NAME);
	uint32_t symbol = name ? find_bound(s, s->unit, text_of(s, name)) : SYMBOL_NONE;
	if (symbol == SYMBOL_NONE)
		return;
	s->inside = &s->of_template[symbol];
	for (uint32_t i = s->inside->first; i < s->inside->first + s->inside->n; i++)
		use(s, s->symbols->list.at[i].span, i);
	visit_statements(s, block ? block->child : NULL);
	s->inside = NULL;
}

/* What stands among the arguments of a statement, however deep. */
static void visit_parts(struct collecting *s, const struct node *node)
{
	for (const struct node *child = node->child; child; child = child->next) {
		if ((child->kind == NODE_STRING || child->kind == NODE_TEXT) && s->inside)
			use_holes(s, child);
		else if (child->kind == NODE_NAME && node->kind == NODE_COMMAND)
			use_pool(s, child);
		else if (child->kind == NODE_BLOCK)
			visit_statements(s, child->child);
		else if (child->kind != NODE_FROM && child->kind != NODE_QUALIFIED &&
			 child->kind != NODE_DISABLED)
			visit_parts(s, child);
	}
}

static void visit_names(struct collecting *s, const struct node *statement)
{
	for (const struct node *child = statement->child; child; child = child->next)
		if (child->kind == NODE_NAME || child->kind == NODE_QUALIFIED)
			use_reference(s, child);
}

static void visit_statement(struct collecting *s, const struct node *statement)
{
	const struct node *name = syntax_child(statement, NODE_NAME),
			  *from = syntax_child(statement, NODE_FROM);
	bool block = syntax_child(statement, NODE_BLOCK) != NULL;
	switch (statement->keyword) {
	case TOKEN_AFTER:
	case TOKEN_MERGE:
	case TOKEN_EVENTS:
	case TOKEN_RUNNER: visit_names(s, statement); break;
	case TOKEN_POOL:
		if (name)
			use_pool(s, name);
		break;
	case TOKEN_AGENT:
	case TOKEN_GROUP:
	case TOKEN_TEMPLATE:
	case TOKEN_IMPORT:
		if (name)
			use_reference(s, name);
		break;
	case TOKEN_PLAN:
	case TOKEN_METRIC:
		if (name && block)
			use(s, syntax_span(syntax_of(s), name),
			    add_symbol(s, (struct symbol){
						  statement->keyword == TOKEN_PLAN ? SYMBOL_PLAN
										   : SYMBOL_METRIC,
						  s->unit, text_of(s, name),
						  syntax_span(syntax_of(s), name), statement }));
		break;
	}
	if (from && from->child) {
		use_reference(s, from->child);
		use_arguments(s, from);
		visit_parts(s, from);
	}
	if (statement->keyword == TOKEN_TEMPLATE)
		visit_template(s, statement);
	else
		visit_parts(s, statement);
}

static void visit_statements(struct collecting *s, const struct node *first)
{
	for (const struct node *node = first; node; node = node->next)
		if (node->kind == NODE_STATEMENT || node->kind == NODE_BROKEN)
			visit_statement(s, node);
}

/* Before any use, for an agent may be made of a template further down. */
static void declare_parameters(struct collecting *s)
{
	uint32_t n = (uint32_t)s->symbols->list.n;
	s->of_template = ARENA_MANY(s->arena, n, struct parameters);
	for (uint32_t i = 0; i < n; i++) {
		const struct symbol template = s->symbols->list.at[i];
		const struct node *names = template.kind == SYMBOL_TEMPLATE
						   ? syntax_child(template.node, NODE_PARAMETERS)
						   : NULL;
		s->unit = template.unit;
		s->of_template[i].first = (uint32_t)s->symbols->list.n;
		for (const struct node *name = names ? names->child : NULL; name;
		     name = name->next) {
			add_symbol(s, (struct symbol){ SYMBOL_PARAMETER, s->unit, text_of(s, name),
						       syntax_span(syntax_of(s), name),
						       template.node });
			s->of_template[i].n++;
		}
	}
}

static int compare_uses(const void *a, const void *b)
{
	const struct symbol_use *x = a, *y = b;
	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return (x->span.start > y->span.start) - (x->span.start < y->span.start);
}

void symbol_collect(struct arena *arena, const struct compile *c, struct symbols *symbols)
{
	struct collecting s = { .arena = arena, .c = c, .symbols = symbols };
	*symbols = (struct symbols){ 0 };
	declare_bound(&s);
	declare_pools(&s);
	declare_parameters(&s);
	for (s.unit = 0; s.unit < c->load.units.n; s.unit++)
		visit_statements(&s, syntax_of(&s)->root->child);
	if (symbols->uses.n)
		qsort(symbols->uses.at, symbols->uses.n, sizeof *symbols->uses.at, compare_uses);
	symbols->first = ARENA_MANY(arena, c->load.units.n + 1, uint32_t);
	uint32_t at = 0;
	for (uint32_t unit = 0; unit <= c->load.units.n; unit++) {
		while (at < symbols->uses.n && symbols->uses.at[at].unit < unit)
			at++;
		symbols->first[unit] = at;
	}
}

const struct symbol_use *symbol_at(const struct symbols *symbols, uint32_t unit, uint32_t offset)
{
	uint32_t low = symbols->first[unit], high = symbols->first[unit + 1], start = low;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (symbols->uses.at[middle].span.start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == start || symbols->uses.at[low - 1].span.end < offset)
		return NULL;
	return &symbols->uses.at[low - 1];
}

const char *symbol_word(enum symbol_kind kind)
{
	return kinds[kind].word;
}

int symbol_lsp_kind(enum symbol_kind kind)
{
	return kinds[kind].kind;
}

const char *symbol_token(enum symbol_kind kind)
{
	return kinds[kind].token;
}
