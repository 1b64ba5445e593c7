/* build.h — what the grammar's actions call: one constructor for each shape of node. */
#ifndef GRAMMAR_BUILD_H
#define GRAMMAR_BUILD_H

#include "grammar/syntax.h"

struct build {
	struct arena *arena;
	struct syntax *syntax;
	struct node *file;	/* what the grammar found the file to be */
	struct node *broken;	/* to stand for the statement that is passed over */
	bool spoiled;	/* the statement that is being read has a mistake */
};
struct nodes {
	struct node *first, *last;	/* joined by their `next` */
};

struct node *build_leaf(struct build *, enum node_kind, uint32_t first, uint32_t last);	/* tokens */
struct node *build_word(struct build *, uint32_t token);	/* a NODE_WORD that keeps what word it is */
/* Of the tokens from `first` to `last`, with those children; an absent child is NULL. */
struct node *build_branch(struct build *, enum node_kind, uint32_t first, uint32_t last,
			  struct nodes children);
/* A statement ends with its last child. A spoiled one is broken, unless it has a block, for what is
 * in it. */
struct node *build_statement(struct build *, uint32_t keyword, struct nodes children);
struct node *build_disabled(struct build *, uint32_t slashdash, struct node *);

struct nodes build_none(void);
struct nodes build_one(struct node *);
struct nodes build_add(struct nodes, struct node *);	/* NULL adds nothing */
struct nodes build_join(struct nodes, struct nodes);

#endif
