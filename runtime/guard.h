/* guard.h — what an agent in a linked work tree shares with its user, before and after it ran.
 *
 * A linked work tree has refs, stash, configuration and hooks in common with the main checkout, so
 * its agent can change them, and a hook or a setting planted there would later run in the user's
 * name. They are compared, not defended: what is found names the thing and how to put it back. Refs
 * under refs/orch and the agents' own branches are orch's to move and are left out. A private git
 * folder needs none of this. */
#ifndef RUNTIME_GUARD_H
#define RUNTIME_GUARD_H

#include "runtime/repo.h"
#include "schedule/schedule.h"

struct guard_item {
	struct str name;	/* a ref by its full name, or a file by its path from the git folder */
	struct oid content;	/* where the ref is, or the name its bytes would have as an object */
};
struct guard {
	struct guard_item *at;	/* by name; in the arena */
	size_t n;
};

bool guard_take(struct arena *, struct repo *main, const struct schedule *, struct guard *,
		struct fail *);
/* A sentence for each thing that differs, in `arena`. */
struct str_list guard_compare(struct arena *, const struct guard *before,
			      const struct guard *after);

#endif
