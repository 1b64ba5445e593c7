/* frame.c — see frame.h.
 *
 * After a header that is none, reading goes on at the next thing that looks like one, so that a peer
 * that once wrote a stray line to the pipe is not lost for good. */
#include "lsp/frame.h"

#include <string.h>

#define LENGTH "Content-Length:"

void frame_feed(struct frame *frame, struct str bytes)
{
	if (frame->at) {
		memmove(frame->bytes.at, frame->bytes.at + frame->at, frame->bytes.n - frame->at);
		frame->bytes.n -= frame->at;
		frame->at = 0;
	}
	text_add(&frame->bytes, bytes);
}

static bool begins_folded(struct str line, const char *word)
{
	for (size_t i = 0; word[i]; i++)
		if (i == line.n ||
		    ((unsigned char)line.at[i] | 32) != ((unsigned char)word[i] | 32))
			return false;
	return true;
}

/* The header's length of its message; false when it says none, or no number. */
static bool read_length(struct str header, uint64_t *length)
{
	struct str line;
	bool found = false;
	while (header.n && str_split(&header, '\n', &line)) {
		if (!begins_folded(line, LENGTH))
			continue;
		if (!str_to_number(str_trim(str_slice(line, sizeof LENGTH - 1, line.n)), length))
			return false;
		found = true;
	}
	return found;
}

/* Goes on at the next header, if one is in sight from `search` on; else behind the first `least` bytes. */
static enum frame_end pass_over(struct frame *frame, size_t search, size_t least,
				struct str *message, const char *why)
{
	struct str rest = str_slice(text_str(&frame->bytes), frame->at, frame->bytes.n);
	size_t next = str_find_text(str_slice(rest, search, rest.n), STR(LENGTH));
	/* The beginning of a header may still be on its way. */
	size_t keep = rest.n - least < sizeof LENGTH - 2 ? rest.n - least : sizeof LENGTH - 2;
	frame->at += next != SIZE_MAX ? search + next : rest.n - keep;
	*message = str_from(why);
	return FRAME_WRONG;
}

enum frame_end frame_next(struct frame *frame, struct str *message)
{
	struct str rest = str_slice(text_str(&frame->bytes), frame->at, frame->bytes.n);
	uint64_t length = 0;
	if (!rest.n)
		return FRAME_MORE;
	size_t header = str_find_text(
		str_slice(rest, 0, rest.n < FRAME_HEADER_LONGEST ? rest.n : FRAME_HEADER_LONGEST),
		STR("\r\n\r\n"));
	if (header == SIZE_MAX)
		return rest.n < FRAME_HEADER_LONGEST
			       ? FRAME_MORE
			       : pass_over(frame, 1, 1, message, "a header without an end");
	if (!read_length(str_slice(rest, 0, header + 2), &length))
		return pass_over(frame, 1, header + 4, message,
				 "a header without a " LENGTH " NUMBER");
	if (length > FRAME_LARGEST)
		return pass_over(frame, header + 4, header + 4, message,
				 "a message of more than 1 GiB");
	if (rest.n - header - 4 < length)
		return FRAME_MORE;
	*message = str_slice(rest, header + 4, header + 4 + (size_t)length);
	frame->at += header + 4 + (size_t)length;
	return FRAME_DONE;
}

void frame_write(struct text *out, struct str message)
{
	text_addf(out, LENGTH " %zu\r\n\r\n", message.n);
	text_add(out, message);
}

void frame_release(struct frame *frame)
{
	text_release(&frame->bytes);
}
