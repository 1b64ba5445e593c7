/* symbol.h — what is named in a plan and the files it imports, and every place that names it. */
#ifndef LSP_SYMBOL_H
#define LSP_SYMBOL_H

#include "compiler/compile.h"

#define SYMBOL_NONE UINT32_MAX

/* SYMBOL(NAME, "what it is", the protocol's SymbolKind, "its type of semantic token") */
#define SYMBOL_KINDS(SYMBOL)                                  \
	SYMBOL(PLAN, "plan", 4, "namespace")                  \
	SYMBOL(GROUP, "group", 3, "namespace")                \
	SYMBOL(AGENT, "agent", 12, "function")                \
	SYMBOL(TEMPLATE, "template", 5, "class")              \
	SYMBOL(RUNNER, "runner", 2, "type")                   \
	SYMBOL(IMPORT, "import", 2, "namespace")              \
	SYMBOL(POOL, "pool", 18, "enumMember")                \
	SYMBOL(METRIC, "metric", 16, "variable")              \
	SYMBOL(PARAMETER, "parameter", 13, "parameter")
enum symbol_kind {
#define SYMBOL(NAME, word, kind, token) SYMBOL_##NAME,
	SYMBOL_KINDS(SYMBOL)
#undef SYMBOL
	SYMBOL_KIND_COUNT
};

struct symbol {
	enum symbol_kind kind;
	uint32_t unit;
	struct str name;
	struct span span;	/* its name, where it is declared */
	const struct node *node;	/* the statement that declares it; of a parameter, of its template */
};
struct symbol_use {
	struct span span;
	uint32_t unit;
	uint32_t symbol;	/* or SYMBOL_NONE: there is none of that name */
	bool declares;
};
struct symbols {
	VEC(struct symbol) list;
	VEC(struct symbol_use) uses;	/* by unit, then by place */
	uint32_t *first;	/* by unit, into uses; one more at the end */
};

void symbol_collect(struct arena *, const struct compile *, struct symbols *);
/* The use that the offset is in or at the end of, or NULL. */
const struct symbol_use *symbol_at(const struct symbols *, uint32_t unit, uint32_t offset);
const char *symbol_word(enum symbol_kind);	/* "agent" */
int symbol_lsp_kind(enum symbol_kind);
const char *symbol_token(enum symbol_kind);

#endif
