/* plans.h — random plans: as text for the compiler, and as what they mean, read by nobody but this
 * test. Everything follows from the seed.
 *
 * Names are few and patterns of all kinds, so that they nearly meet: files and folders of one name,
 * case twins, braces, `**` that could be anywhere. */
#ifndef TESTS_PROPERTY_PLANS_H
#define TESTS_PROPERTY_PLANS_H

#include "common/arena.h"
#include "tests/property/model.h"

enum { PLANS_AGENTS = 9, PLANS_PATTERNS = 8, PLANS_GROUPS = 3 };

struct plans_pattern {
	char text[48];
	bool creates;    /* else owns */
	uint64_t *paths; /* a bit for each path of the universe */
};
struct plans_agent {
	char name[8];
	struct plans_pattern pattern[PLANS_PATTERNS];
	size_t pattern_n;
	uint32_t after; /* agents named by its own `after`, a bit for each; lower ones only */
	bool after_all; /* or this: the last one only */
	bool worktree;
	bool tidy;       /* does what it may only; else anything */
	int group;       /* or -1 */
	int template;    /* index of the pattern that its template has, or -1 */
	uint32_t before; /* all that it comes after, however far */
};
struct plans {
	uint64_t seed;
	struct str_list universe; /* paths that are tried, NUL-terminated */
	uint32_t *folder;         /* of each: the path that it lies in, or UINT32_MAX */
	struct plans_agent agent[PLANS_AGENTS];
	size_t agent_n;
	struct {
		size_t from, to; /* members; empty: no such group */
		uint32_t after;  /* agents or, where all of it is before, the group */
	} group[PLANS_GROUPS];
	bool merge; /* says an order */
	uint32_t merge_order[PLANS_AGENTS];
	size_t mended; /* `after`s that were added because the compiler wanted them */
};

void plans_make(struct arena *, uint64_t seed, struct plans *);
/* `later` comes after `sooner` from now on; sooner < later. */
void plans_mend(struct plans *, size_t sooner, size_t later);
/* What a text is for: agents that the gate alone holds, agents in the best sandbox that there is,
 * or every agent in a folder of its own instead of what it owns. */
enum plans_kind { PLANS_FREE, PLANS_HELD, PLANS_APART };
/* The plan's text, allocated by malloc. `command` is the runner's, and what it is to be told. */
char *plans_text(const struct plans *, enum plans_kind, const char *command, const char *word);
size_t plans_find(const struct plans *, struct str name); /* an agent, or agent_n */
bool plans_ordered(const struct plans *, size_t a, size_t b);
bool plans_owns(const struct plans_agent *, const char *path);
bool plans_names(const void *agent, const char *path); /* by one of its patterns to the letter? */
bool plans_has(const struct plans *, size_t agent,
	       size_t path); /* the same, of a path of the universe */
/* Two agents that may run at the same time and own a path of the universe: a proof by trying. */
bool plans_clash(const struct plans *, size_t *a, size_t *b, const char **path);
/* Something to start from, without what agents are to create; and as a script for git fast-import. */
struct model plans_base(struct arena *, const struct plans *, struct str *script);

#endif
