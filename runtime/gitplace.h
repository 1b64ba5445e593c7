/* gitplace.h — where the git folder of a checkout is, and every other folder that its objects may
 * lie in.
 *
 * Read by hand from `.git`, `commondir` and `objects/info/alternates`, before libgit2 is there: so
 * that what reads the repository can be shut in with exactly these folders first (jail.h). */
#ifndef RUNTIME_GITPLACE_H
#define RUNTIME_GITPLACE_H

#include "common/arena.h"

/* Is there a repository whose checkout is `root` (absolute)? If so, *folders are its git folder,
 * the one that it shares with the main checkout when this is a linked work tree, and those of
 * alternates: absolute, in the arena. */
bool gitplace_find(struct arena *, struct str root, struct str_list *folders);
/* The folder of objects of a git folder that work trees share, and those of its alternates. */
struct str_list gitplace_objects(struct arena *, struct str common);

#endif
