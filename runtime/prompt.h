/* prompt.h — what an agent is told: a preamble about its boundaries, what came of the last attempt
 * if there was one, and then the plan's prompt, byte for byte.
 *
 * An agent that was never shown the boundary that it is held to does not keep it. */
#ifndef RUNTIME_PROMPT_H
#define RUNTIME_PROMPT_H

#include "common/text.h"
#include "schedule/schedule.h"

enum { PROMPT_ARGUMENT_LIMIT = 131071 };	/* bytes: what Linux takes as one argument, without its NUL */

/* `feedback` may be empty. */
void prompt_write(const struct schedule *, uint32_t agent, struct str feedback, struct text *out);
/* What an agent is told whose session goes on: it knows its task. `feedback` is empty when nothing was
 * wrong with what it did. */
void prompt_go_on(struct str feedback, struct text *out);

struct prompt_values {
	struct str file, prompt, session;	/* of ${prompt_file}, ${prompt} and ${session} */
};
/* The word of a runner's command with the values put in, once, left to right: what was put in is not
 * looked at again. In `arena`. */
struct str prompt_put_in(struct arena *, struct str word, const struct prompt_values *);

#endif
