/* build.c — see build.h. */
#include "grammar/build.h"

#include "common/fail.h"

struct node *build_leaf(struct build *build, enum node_kind kind, uint32_t first, uint32_t last)
{
	struct node *node = ARENA_NEW(build->arena, struct node);
	*node = (struct node){ .kind = kind, .first = first, .last = last };
	return node;
}

struct node *build_word(struct build *build, uint32_t token)
{
	struct node *node = build_leaf(build, NODE_WORD, token, token);
	node->keyword = build->syntax->tokens.at[token].kind;
	return node;
}

struct node *build_branch(struct build *build, enum node_kind kind, uint32_t first, uint32_t last,
			  struct nodes children)
{
	struct node *node = build_leaf(build, kind, first, last);
	node->child = children.first;
	return node;
}

struct node *build_statement(struct build *build, uint32_t keyword, struct nodes children)
{
	BUG_IF(!children.last, "a statement without arguments");
	struct node *node = build_branch(build, NODE_STATEMENT, keyword, children.last->last,
					 children);
	node->keyword = build->syntax->tokens.at[keyword].kind;
	if (build->spoiled && children.last->kind != NODE_BLOCK)
		node->kind = NODE_BROKEN;
	return node;
}

struct node *build_disabled(struct build *build, uint32_t slashdash, struct node *node)
{
	build->syntax->disabled++;
	return build_branch(build, NODE_DISABLED, slashdash, node->last, build_one(node));
}

struct nodes build_none(void)
{
	return (struct nodes){ NULL, NULL };
}

struct nodes build_one(struct node *node)
{
	return (struct nodes){ node, node };
}

struct nodes build_add(struct nodes nodes, struct node *node)
{
	if (!node)
		return nodes;
	if (!nodes.first)
		return build_one(node);
	nodes.last->next = node;
	nodes.last = node;
	return nodes;
}

struct nodes build_join(struct nodes a, struct nodes b)
{
	if (!a.first)
		return b;
	if (!b.first)
		return a;
	a.last->next = b.first;
	a.last = b.last;
	return a;
}
