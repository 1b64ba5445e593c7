/* expand_origin.h — which declaration is a place in? */
#ifndef COMPILER_EXPAND_ORIGIN_H
#define COMPILER_EXPAND_ORIGIN_H

#include "compiler/load.h"

/* A block that has a name; those of one file in the order of their beginnings. */
struct expand_origin_block {
	struct span span;
	struct str name;
	uint16_t keyword;	/* TOKEN_PLAN, _GROUP, _TEMPLATE, _AGENT */
	size_t outer;		/* index of the block around it, or SIZE_MAX */
};
struct expand_origin_blocks {
	VEC(struct expand_origin_block) list;
};
struct expand_origin {
	const struct load *load;	/* borrowed */
	struct arena *arena;
	struct expand_origin_blocks *unit;	/* by unit */
};

struct expand_origin expand_origin_make(struct arena *, const struct load *);
/* "from template wire, line 12"; "line 12" when it is in an agent. In the arena. */
struct str expand_origin_text(const struct expand_origin *, struct span);

#endif
