/* edit.c — see edit.h. */
#include "compiler/edit.h"

#include "parser.h"


static struct str indentation(const struct source *source, uint32_t offset)
{
	struct str line = source_line(source, source_line_at(source, offset));
	size_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return str_slice(line, 0, n);
}

static const struct node *last_of(const struct node *block)
{
	const struct node *last = block->child;
	while (last && last->next)
		last = last->next;
	return last;
}

/* The keyword `after`, padded as the keyword of the statement before it is. */
static struct str keyword_like(struct arena *arena, const struct load *load, const struct syntax *syntax,
			       const struct node *statement)
{
	size_t width = 6;
	if (statement && statement->kind == NODE_STATEMENT && statement->child) {
		uint32_t start = syntax_span(syntax, statement).start;
		uint32_t value = syntax_span(syntax, statement->child).start;
		struct str between = source_text(load->sources, (struct span){ syntax->source, start, value });
		if (str_find(between, '\n') == SIZE_MAX && between.n > width)
			width = between.n;
	}
	return arena_format(arena, "%-*s", (int)width, "after");
}

bool edit_after(struct load *load, const struct plan *plan, uint32_t index, uint32_t before, struct diag_edit *edit)
{
	const struct plan_agent *agent = &plan->agents.at[index], *other = &plan->agents.at[before];
	if (agent->unit != other->unit)
		return false;
	struct arena *arena = load->arena;
	const struct syntax *syntax = &load->units.at[agent->unit].syntax;
	const struct source *source = source_get(load->sources, syntax->source);
	struct str name = source_text(load->sources, other->span);
	struct span whole = syntax_span(syntax, agent->node);
	struct str outer = indentation(source, whole.start);
	const struct node *block = syntax_child(agent->node, NODE_BLOCK), *last = block ? last_of(block) : NULL;
	for (const struct node *node = block ? block->child : NULL; node; node = node->next)
		if (node->kind == NODE_STATEMENT && node->keyword == TOKEN_AFTER) {
			uint32_t end = syntax_span(syntax, node).end;
			*edit = (struct diag_edit){ { syntax->source, end, end },
						    arena_format(arena, ", %.*s", STR_ARG(name)) };
			return true;
		}
	uint32_t at = last ? syntax_span(syntax, last).end : block ? syntax_span(syntax, block).start + 1 : whole.end;
	uint32_t last_start = last ? syntax_span(syntax, last).start : whole.start;
	struct str inner = source_line_at(source, last_start) != source_line_at(source, whole.start) ?
			   indentation(source, last_start) : arena_format(arena, "%.*s  ", STR_ARG(outer));
	struct str keyword = keyword_like(arena, load, syntax, last);
	struct str line = arena_format(arena, "\n%.*s%.*s%.*s", STR_ARG(inner), STR_ARG(keyword), STR_ARG(name));
	if (!block)
		line = arena_format(arena, " {%.*s\n%.*s}", STR_ARG(line), STR_ARG(outer));
	else if (!last)
		line = arena_format(arena, "%.*s\n%.*s", STR_ARG(line), STR_ARG(outer));
	*edit = (struct diag_edit){ { syntax->source, at, at }, line };
	return true;
}
