/* edit.c — see edit.h. */
#include "compiler/edit.h"

#include "common/glob.h"

#include "parser.h"

#include <string.h>

static struct str indentation(const struct source *source, uint32_t offset)
{
	struct str line = source_line(source, source_line_at(source, offset));
	size_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return str_slice(line, 0, n);
}

/* The statement that an `after` is put behind: the last that is about paths, so that it does not
 * end up below a prompt of a hundred lines; else the last of all. */
static const struct node *predecessor(const struct node *block)
{
	const struct node *last = NULL, *about_paths = NULL;
	for (const struct node *node = block->child; node; node = node->next) {
		last = node;
		if (node->kind == NODE_STATEMENT &&
		    (node->keyword == TOKEN_OWNS || node->keyword == TOKEN_CREATES ||
		     node->keyword == TOKEN_READS || node->keyword == TOKEN_REQUIRES))
			about_paths = node;
	}
	return about_paths ? about_paths : last;
}

/* Behind a comment that follows on the same line, which would otherwise end up behind what is put
 * in. */
static uint32_t behind_comment(const struct source *source, uint32_t at)
{
	uint32_t number = source_line_at(source, at);
	struct str line = source_line(source, number);
	uint32_t start = source->line[number - 1];
	struct str rest = str_trim(str_slice(line, at - start, line.n));
	return rest.n && rest.at[0] == '#' ? start + (uint32_t)line.n : at;
}

/* The keyword `after`, padded as the keyword of the statement before it is. */
static struct str keyword_like(struct arena *arena, const struct load *load,
			       const struct syntax *syntax, const struct node *statement,
			       const char *keyword)
{
	size_t width = strlen(keyword) + 1;
	if (statement && statement->kind == NODE_STATEMENT && statement->child) {
		uint32_t start = syntax_span(syntax, statement).start;
		uint32_t value = syntax_span(syntax, statement->child).start;
		struct str between = source_text(load->sources,
						 (struct span){ syntax->source, start, value });
		if (str_find(between, '\n') == SIZE_MAX && between.n > width)
			width = between.n;
	}
	return arena_format(arena, "%-*s", (int)width, keyword);
}

struct str edit_after_names(struct load *load, const struct plan *plan, const uint32_t *before,
			    size_t n)
{
	struct text names = { 0 };
	for (size_t i = 0; i < n; i++) {
		struct str name = source_text(load->sources, plan->agents.at[before[i]].span);
		text_addf(&names, "%s%.*s", i ? ", " : "", STR_ARG(name));
	}
	struct str text = arena_copy(load->arena, text_str(&names));
	text_release(&names);
	return text;
}

/* Adds to the agent's list of that keyword, or the whole statement. */
static struct diag_edit add_to_list(struct load *load, const struct plan_agent *agent,
				    uint16_t token, const char *word, struct str names)
{
	struct arena *arena = load->arena;
	const struct syntax *syntax = &load->units.at[agent->unit].syntax;
	const struct source *source = source_get(load->sources, syntax->source);
	struct span whole = syntax_span(syntax, agent->node);
	struct str outer = indentation(source, whole.start);
	const struct node *block = syntax_child(agent->node, NODE_BLOCK),
			  *last = block ? predecessor(block) : NULL;
	for (const struct node *node = block ? block->child : NULL; node; node = node->next)
		if (node->kind == NODE_STATEMENT && node->keyword == token) {
			uint32_t end = syntax_span(syntax, node).end;
			return (struct diag_edit){ { syntax->source, end, end },
						   arena_format(arena, ", %.*s", STR_ARG(names)) };
		}
	uint32_t at = last    ? syntax_span(syntax, last).end
		      : block ? syntax_span(syntax, block).start + 1
			      : whole.end;
	uint32_t last_start = last ? syntax_span(syntax, last).start : whole.start;
	struct str inner = source_line_at(source, last_start) != source_line_at(source, whole.start)
				   ? indentation(source, last_start)
				   : arena_format(arena, "%.*s  ", STR_ARG(outer));
	struct str keyword = keyword_like(arena, load, syntax, last, word);
	struct str line = arena_format(arena, "\n%.*s%.*s%.*s", STR_ARG(inner), STR_ARG(keyword),
				       STR_ARG(names));
	at = block ? behind_comment(source, at) : at;
	if (!block)
		line = arena_format(arena, " {%.*s\n%.*s}", STR_ARG(line), STR_ARG(outer));
	else if (!last)
		line = arena_format(arena, "%.*s\n%.*s", STR_ARG(line), STR_ARG(outer));
	return (struct diag_edit){ { syntax->source, at, at }, line };
}

bool edit_after_all(struct load *load, const struct plan *plan, uint32_t index,
		    const uint32_t *before, size_t n, struct diag_edit *edit)
{
	const struct plan_agent *agent = &plan->agents.at[index];
	for (size_t i = 0; i < n; i++)
		if (plan->agents.at[before[i]].unit != agent->unit)
			return false;
	*edit = add_to_list(load, agent, TOKEN_AFTER, "after", edit_after_names(load, plan, before, n));
	return true;
}

struct diag_edit edit_owns(struct load *load, const struct plan *plan, uint32_t agent,
			   struct str path)
{
	struct str pattern = glob_of_name(load->arena, path);
	struct text quoted = { 0 };
	text_add_byte(&quoted, '"');
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.at[i] == '\\')
			text_add_byte(&quoted, '\\');
		text_add_byte(&quoted, pattern.at[i]);
	}
	text_add_byte(&quoted, '"');
	struct diag_edit edit = add_to_list(load, &plan->agents.at[agent], TOKEN_OWNS, "owns",
					    arena_copy(load->arena, text_str(&quoted)));
	text_release(&quoted);
	return edit;
}

struct diag_edit edit_estimate(struct load *load, const struct plan *plan, uint32_t agent,
			       struct str duration)
{
	return add_to_list(load, &plan->agents.at[agent], TOKEN_ESTIMATE, "estimate", duration);
}

bool edit_after(struct load *load, const struct plan *plan, uint32_t agent, uint32_t before,
		struct diag_edit *edit)
{
	return edit_after_all(load, plan, agent, &before, 1, edit);
}

/* The statement that has the place in it, as deep as there is one. */
static const struct node *statement_at(const struct syntax *syntax, const struct node *node,
				       uint32_t place)
{
	for (const struct node *child = node->child; child; child = child->next) {
		struct span span = syntax_span(syntax, child);
		if (place < span.start || place >= span.end)
			continue;
		const struct node *inner = statement_at(syntax, child, place);
		return inner ? inner : child->kind == NODE_STATEMENT ? child : NULL;
	}
	return NULL;
}

bool edit_keyword(struct load *load, const struct plan_agent *agent, struct span value,
		  const char *keyword, struct diag_edit *edit)
{
	const struct syntax *syntax = &load->units.at[agent->unit].syntax;
	const struct node *statement = syntax->source == value.source
					       ? statement_at(syntax, syntax->root, value.start)
					       : NULL;
	if (!statement || !statement->child || statement->child->next)
		return false;
	struct span word = syntax_token_span(syntax, statement->first);
	*edit = (struct diag_edit){ word, arena_format(load->arena, "%-*s", (int)(word.end - word.start), keyword) };
	return syntax_span(syntax, statement->child).start == value.start;
}
