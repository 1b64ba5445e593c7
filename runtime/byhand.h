/* byhand.h — what only git itself can bring into the user's checkout, since it would run a program for
 * it, or leave it out. Then orch touches nothing and says what to do. */
#ifndef RUNTIME_BYHAND_H
#define RUNTIME_BYHAND_H

#include "runtime/repo.h"

/* Of the files that differ between the commits, the first that orch cannot write as git would: *path,
 * and *why. *path is empty when there is none. In the arena. */
bool byhand_find(struct repo *, struct arena *, struct oid from, struct oid to, struct str *path,
		 const char **why, struct fail *);

#endif
