/* environment.h — the variables that an agent's programs see: the user's, without what git or an
 * outer run of orch left in them, then ours, the runner's and the agent's. The last to set one
 * wins. */
#ifndef RUNTIME_ENVIRONMENT_H
#define RUNTIME_ENVIRONMENT_H

#include "common/vec.h"

struct environment {
	struct arena *arena;	/* borrowed */
	VEC(const char *) list;	/* NAME=value */
};

/* From the caller's `environ`: all but GIT_… and ORCH_…. */
void environment_begin(struct environment *, struct arena *, char *const *environ);
void environment_set(struct environment *, const char *name, struct str value);
void environment_add(struct environment *, struct str assignment);	/* "NAME=value" */
const char *const *environment_end(struct environment *);	/* with the NULL that execve wants */

/* The value in such a list; NULL when it is not in it. The list may be NULL. */
const char *environment_value(const char *const *env, const char *name);

#endif
