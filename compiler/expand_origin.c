/* expand_origin.c — see expand_origin.h. */
#include "compiler/expand_origin.h"

#include "parser.h"

/* Groups nest no deeper than the parser lets them. */
static void gather(struct expand_origin *o, uint32_t unit, const struct node *first, size_t outer)
{
	const struct syntax *syntax = &o->load->units.at[unit].syntax;
	for (const struct node *node = first; node; node = node->next) {
		bool named = node->keyword == TOKEN_PLAN || node->keyword == TOKEN_GROUP ||
			     node->keyword == TOKEN_TEMPLATE || node->keyword == TOKEN_AGENT;
		const struct node *name = syntax_child(node, NODE_NAME),
				  *block = syntax_child(node, NODE_BLOCK);
		if (node->kind != NODE_STATEMENT || !named || !name)
			continue;
		size_t index = o->unit[unit].list.n;
		*VEC_ADD(o->arena, &o->unit[unit].list) = (struct expand_origin_block){
			syntax_span(syntax, node),
			source_text(o->load->sources, syntax_span(syntax, name)), node->keyword,
			outer
		};
		if (node->keyword == TOKEN_GROUP && block)
			gather(o, unit, block->child, index);
	}
}

struct expand_origin expand_origin_make(struct arena *arena, const struct load *load)
{
	struct expand_origin o = { load, arena,
				   ARENA_MANY(arena, load->units.n, struct expand_origin_blocks) };
	for (uint32_t unit = 0; unit < load->units.n; unit++)
		gather(&o, unit, load->units.at[unit].syntax.root->child, SIZE_MAX);
	return o;
}

/* The innermost block around the place, or NULL. */
static const struct expand_origin_block *find(const struct expand_origin_blocks *blocks,
					      struct span span)
{
	size_t low = 0, high = blocks->list.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (blocks->list.at[middle].span.start <= span.start)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low ? low - 1 : SIZE_MAX; i != SIZE_MAX; i = blocks->list.at[i].outer)
		if (blocks->list.at[i].span.end >= span.end &&
		    blocks->list.at[i].span.start <= span.start)
			return &blocks->list.at[i];
	return NULL;
}

struct str expand_origin_text(const struct expand_origin *o, struct span span)
{
	uint32_t unit = 0;
	while (unit < o->load->units.n && o->load->units.at[unit].syntax.source != span.source)
		unit++;
	if (unit == o->load->units.n)
		return STR("");
	const struct expand_origin_block *block = find(&o->unit[unit], span);
	struct place place = source_place(o->load->sources, span.source, span.start);
	struct str path = o->load->units.at[unit].path,
		   where = unit ? arena_format(o->arena, "%.*s:%u", STR_ARG(path), place.line)
				: arena_format(o->arena, "line %u", place.line);
	if (!block || block->keyword == TOKEN_AGENT)
		return where;
	if (block->keyword == TOKEN_PLAN)
		return arena_format(o->arena, "from the plan, %.*s", STR_ARG(where));
	return arena_format(o->arena, "from %s %.*s, %.*s",
			    block->keyword == TOKEN_GROUP ? "group" : "template",
			    STR_ARG(block->name), STR_ARG(where));
}
