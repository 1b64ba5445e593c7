/* output.h — what an agent prints: a log of bounded size, and the end of it at hand.
 *
 * The agent is never made to wait and memory does not grow: the first bytes go to the file as they
 * come; past the limit only the last ones are remembered, and written when the log is closed, after
 * a line that says how much is missing. */
#ifndef RUNTIME_OUTPUT_H
#define RUNTIME_OUTPUT_H

#include "common/arena.h"
#include "common/fail.h"

enum { OUTPUT_TAIL = 64 << 10 };	/* bytes that are remembered */
#define OUTPUT_LIMIT ((uint64_t)64 << 20)	/* bytes of a log that are written as they come */

struct output {
	int fd;
	const char *path;	/* borrowed */
	uint64_t limit, written, all;	/* bytes */
	char *ring;	/* owned; the last OUTPUT_TAIL bytes */
	void (*heard)(void *self, struct str bytes);	/* all of it, as it comes; NULL: nobody listens */
	void *self;
	bool failed;	/* the disk refused: nothing more is written, and output_close says why */
	struct fail fail;
};

bool output_open(struct output *, const char *path, uint64_t limit, struct fail *);
void output_add(struct output *, struct str bytes);
/* The end of what was printed, at most `bytes`, from the beginning of a line where there is one; in
 * `arena`. */
struct str output_tail(const struct output *, struct arena *, size_t bytes);
bool output_close(struct output *, struct fail *);

#endif
