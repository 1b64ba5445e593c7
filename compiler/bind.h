/* bind.h — what has which name in which file, and the declaration that a name stands for.
 *
 * Agents, groups (with what is in them), templates, runners and imports of a file share one
 * namespace. A declaration that could not be read still has its name, so that nothing which refers
 * to it is complained of; one that is switched off is remembered only to be pointed at. */
#ifndef COMPILER_BIND_H
#define COMPILER_BIND_H

#include "compiler/load.h"

enum bind_kind { BIND_AGENT, BIND_GROUP, BIND_TEMPLATE, BIND_RUNNER, BIND_IMPORT, BIND_DISABLED, BIND_KINDS };
enum { BIND_A_AGENT = 1 << BIND_AGENT, BIND_A_GROUP = 1 << BIND_GROUP, BIND_A_TEMPLATE = 1 << BIND_TEMPLATE,
       BIND_A_RUNNER = 1 << BIND_RUNNER };

struct bind_name {
	enum bind_kind kind;
	bool poisoned;		/* it could not be read, or its name was taken */
	bool used;
	struct str name;
	struct span span;	/* the name, where it is declared */
	uint32_t unit;
	uint32_t index;		/* of an import: among the unit's; else for the plan pass, LOAD_NONE at first */
	const struct node *node;	/* the statement */
};
struct bind_unit {
	VEC(struct bind_name) names;	/* in the order of the file */
	struct map by_name;
	VEC(struct str) lost;	/* lines of declarations whose names could not be read: they may declare what they mention */
};
struct bind {
	struct load *load;	/* borrowed */
	struct bind_unit *unit;	/* by unit */
	size_t unknown;		/* names that nothing has, so far */
	bool broken;		/* some statement somewhere could not be read */
};

void bind_names(struct load *, struct bind *);
struct bind_name *bind_find(const struct bind *, uint32_t unit, struct str name);	/* or NULL */
/* What a NAME or QUALIFIED of `unit` stands for. NULL when it is unknown or not of the kinds that
 * are `wanted` (a set of BIND_A_…, which is said as `what`: "an agent or a group"), or poisoned;
 * then it has been said. */
struct bind_name *bind_resolve(struct bind *, uint32_t unit, const struct node *, unsigned wanted,
			       const char *what);

/* Of many names, the one most like `word`. Zeroed but for `word`. */
struct bind_nearest {
	struct str word, name;
	size_t distance;
};
bool bind_is_name(struct str);	/* fit to be one; a letter that is not ASCII was complained of */
void bind_nearest_try(struct bind_nearest *, struct str name);

#endif
