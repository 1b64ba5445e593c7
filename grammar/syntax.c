/* syntax.c — see syntax.h. */
#include "grammar/syntax.h"

#include "parser.h"

struct span syntax_token_span(const struct syntax *syntax, uint32_t token)
{
	const struct token *at = &syntax->tokens.at[token];
	return (struct span){ syntax->source, at->start, at->end };
}

struct span syntax_span(const struct syntax *syntax, const struct node *node)
{
	if (!syntax->tokens.n)
		return (struct span){ syntax->source, 0, 0 };
	const struct token *first = &syntax->tokens.at[node->first],
			   *last = &syntax->tokens.at[node->last];
	/* A name that was written in quotes, which has been said. */
	uint32_t quote = node->kind == NODE_NAME && first->kind == TOKEN_STRING &&
			 first->end - first->start > 2;
	return (struct span){ syntax->source, first->start + quote, last->end - quote };
}

struct str syntax_text(const struct syntax *syntax, const struct sources *sources,
		       const struct node *node)
{
	return source_text(sources, syntax_span(syntax, node));
}

struct node *syntax_child(const struct node *node, enum node_kind kind)
{
	for (struct node *child = node->child; child; child = child->next)
		if (child->kind == kind)
			return child;
	return NULL;
}
