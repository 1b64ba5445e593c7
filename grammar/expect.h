/* expect.h — what would have done, and what is there instead, in words. */
#ifndef GRAMMAR_EXPECT_H
#define GRAMMAR_EXPECT_H

#include "grammar/feed.h"

/* Everything that the machine would take now: "a name or `from`". */
struct str expect_text(struct feed *);
/* "string `"src/app.py"`"; the end of the file behind the last token. */
struct str expect_found(struct feed *, uint32_t token);

#endif
