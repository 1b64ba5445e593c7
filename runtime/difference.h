/* difference.h — what would change in a text, as a unified diff that `git apply` takes. */
#ifndef RUNTIME_DIFFERENCE_H
#define RUNTIME_DIFFERENCE_H

#include "common/fail.h"
#include "common/text.h"

/* Adds the diff of the file at `path` (relative to the repository's root); nothing when the texts
 * are the same. libgit2 is loaded for it. */
bool difference_write(struct str path, struct str before, struct str after, struct text *out,
		      struct fail *);

#endif
