/* navigate.h — from a name to where it is declared, and to all that names it. */
#ifndef LSP_NAVIGATE_H
#define LSP_NAVIGATE_H

#include "lsp/answer.h"

/* A place that names something, in whichever plan's files. */
struct navigate_place {
	const struct compile *compile;
	struct span span;
	struct str path;	/* absolute */
	bool declares;
};
struct navigate_places {
	VEC(struct navigate_place) list;	/* each once */
};

/* Every use of what the view's symbol is, in all plans that have its file. */
void navigate_find(struct answer *, const struct workspace_view *, uint32_t symbol, struct navigate_places *);

bool navigate_definition(struct answer *);
bool navigate_references(struct answer *);
bool navigate_highlight(struct answer *);

#endif
