/* regular.h — regular expressions: POSIX, extended, case folded. The only user of <regex.h>. */
#ifndef COMMON_REGULAR_H
#define COMMON_REGULAR_H

#include "common/arena.h"

/* May it be used on what a program prints? If not, the reason, in the arena. It must not match the empty
 * text, since it would then match everything; nor repeat so often that it could not be held in memory. */
bool regular_check(struct arena *, struct str pattern, struct str *why);
/* Does a pattern that may be used fit somewhere in the text? In the arena is room for a copy. */
bool regular_find(struct arena *, struct str pattern, struct str text);

#endif
