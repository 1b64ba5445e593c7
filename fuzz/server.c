/* server.c — any bytes as what a client of the language server sends, in pieces of any size: it says
 * something or nothing, and what it says is framed JSON. */
#include "common/fail.h"
#include "lsp/frame.h"
#include "lsp/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void look(void *context, struct str bytes)
{
	struct frame frame = { 0 };
	struct str message;
	struct arena arena = { 0 };
	struct json json;
	struct fail fail;
	(void)context;
	frame_feed(&frame, bytes);
	BUG_IF(frame_next(&frame, &message) != FRAME_DONE, "an answer that is no message");
	BUG_IF(!json_read(&arena, message, "an answer", &json, &fail), "an answer that is no JSON");
	BUG_IF(frame_next(&frame, &message) != FRAME_MORE, "more than one message at once");
	arena_release(&arena);
	frame_release(&frame);
}

/* The first byte says how long the pieces are. With a text open, so that questions have something to be
 * about. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const first[] = {
		"{\"id\":0,\"method\":\"initialize\",\"params\":{\"capabilities\":{\"workspace\":{\"workspaceEdit\":{\"documentChanges\":true,"
		"\"resourceOperations\":[\"create\"]}}}}}",
		"{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"file:///nowhere/p.orch\",\"version\":1,"
		"\"text\":\"plan p {\\n  runner r\\n}\\nrunner r { command [\\\"x\\\"] }\\nagent a \\\"A\\\" {\\n  owns \\\"x\\\"\\n  prompt \\\"y\\\"\\n}\\n\"}}}",
	};
	const struct server_world world = { .send = look, .pages = STR(""), .version = "1" };
	struct server *server = server_open(&world);
	struct text begin = { 0 };
	int status;
	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		frame_write(&begin, str_from(first[i]));
	server_feed(server, text_str(&begin));
	text_release(&begin);
	size_t piece = n ? data[0] + 1u : 1;
	for (size_t at = 1; at < n && !server_ended(server, &status); at += piece) {
		server_feed(server, (struct str){ (const char *)data + at,
						  n - at < piece ? n - at : piece });
		while (server_step(server) && !server_ended(server, &status))
			;
	}
	server_close(server);
	return 0;
}
