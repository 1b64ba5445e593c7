/* frame.h — messages as they travel: a header that says how long, an empty line, so many bytes.
 *
 * Language Server Protocol 3.17, "Base Protocol". */
#ifndef LSP_FRAME_H
#define LSP_FRAME_H

#include "common/text.h"

enum { FRAME_HEADER_LONGEST = 8192, FRAME_LARGEST = 1 << 30 };	/* bytes */

struct frame {	/* zeroed at first; frame_release() at last */
	struct text bytes;
	size_t at;	/* what is before was taken */
};
enum frame_end {
	FRAME_MORE,	/* there is no whole message yet */
	FRAME_DONE,
	FRAME_WRONG,	/* no header; what can only have belonged to it was passed over */
};

void frame_feed(struct frame *, struct str bytes);
/* The next message, borrowed until the next call; of FRAME_WRONG, what was the matter, in words. */
enum frame_end frame_next(struct frame *, struct str *message);
void frame_write(struct text *out, struct str message);
void frame_release(struct frame *);

#endif
