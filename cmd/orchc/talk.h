/* talk.h — the answer goes to standard output, talk about it to standard error. */
#ifndef CMD_ORCHC_TALK_H
#define CMD_ORCHC_TALK_H

#include "common/arena.h"
#include "common/fail.h"

int talk_failure(const struct fail *);	/* says it; the exit status for it */
int talk_answer(struct str);	/* writes it; the exit status */
/* The bytes of a file, or of standard input for "-", in the arena. */
bool talk_input(struct arena *, const char *path, struct str *bytes, struct fail *);
/* A plan is not read from standard input: what it imports is found from where it lies. False, and
 * said, when one of the paths is "-". */
bool talk_plans_named(char *const *path, size_t n);
const char *talk_plural(size_t n);	/* "" or "s" */

#endif
