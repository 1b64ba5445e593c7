/* frame.c — framed messages, whatever pieces they come in, and what is none between them. */
#include "lsp/frame.h"

#include "tests/unit/test.h"

#include <string.h>

/* "message;message;?" of bytes that come in pieces of that size; ? is something that was no header. */
static void reads(const char *bytes, size_t n, const char *want)
{
	for (size_t piece = 1; piece <= n; piece++) {
		struct frame frame = { 0 };
		struct text seen = { 0 };
		struct str message;
		enum frame_end end;
		text_add(&seen, STR(""));
		for (size_t at = 0; at < n; at += piece) {
			/* In memory of its own, so that reading past it is seen. */
			struct text part = { 0 };
			text_add(&part,
				 (struct str){ bytes + at, n - at < piece ? n - at : piece });
			frame_feed(&frame, text_str(&part));
			text_release(&part);
			while ((end = frame_next(&frame, &message)) != FRAME_MORE)
				text_addf(&seen, "%.*s;", end == FRAME_DONE ? (int)message.n : 1,
					  end == FRAME_DONE ? message.at : "?");
		}
		if (!CHECK(str_is(text_str(&seen), want), bytes))
			printf("    pieces of %zu: %.*s\n", piece, STR_ARG(text_str(&seen)));
		text_release(&seen);
		frame_release(&frame);
	}
}

static void write_and_read(void)
{
	struct text out = { 0 };
	frame_write(&out, STR("{\"a\":\"\xf0\x9f\x99\x82\"}"));
	frame_write(&out, STR(""));
	frame_write(&out, STR("Content-Length: 1"));
	reads(out.at, out.n, "{\"a\":\"\xf0\x9f\x99\x82\"};;Content-Length: 1;");
	text_release(&out);
}

int main(void)
{
	static const char junk[] = "x\r\n\r\nContent-Length: 2\r\n\r\nab";
	static const char number[] = "Content-Length: two\r\n\r\nContent-Length: 2\r\n\r\nab";
	static const char folded[] =
		"content-type: x\r\nCONTENT-LENGTH:2\r\n\r\nabContent-Length: 1\r\n\r\nc";
	static const char large[] =
		"Content-Length: 99999999999\r\n\r\nContent-Length: 2\r\n\r\nab";
	write_and_read();
	reads(junk, sizeof junk - 1, "?;ab;");
	reads(number, sizeof number - 1, "?;ab;");
	reads(folded, sizeof folded - 1, "ab;c;");
	reads(large, sizeof large - 1, "?;ab;");
	return test_end();
}
