/* server.c — see server.h. Language Server Protocol 3.17 over JSON-RPC 2.0. */
#include "lsp/server.h"

#include "common/map.h"
#include "lsp/actions.h"
#include "lsp/capabilities.h"
#include "lsp/colours.h"
#include "lsp/completion.h"
#include "lsp/findings.h"
#include "lsp/frame.h"
#include "lsp/hover.h"
#include "lsp/layout.h"
#include "lsp/lens.h"
#include "lsp/links.h"
#include "lsp/message.h"
#include "lsp/navigate.h"
#include "lsp/outline.h"
#include "lsp/rename.h"
#include "lsp/sync.h"

#include <stdlib.h>

enum { SAY_WARNING = 2, SAY_INFO = 3 };

/* What was last said of a file. */
struct published {
	struct str path;
	uint64_t hash;
	bool any, due;
};
struct server {
	const struct server_world *world;
	struct frame frame;
	struct message *first, **last;
	struct answer_client client;
	struct workspace workspace;
	struct arena arena;
	VEC(struct published) published;
	struct map published_by_path;
	bool initialized, shut, ended;
};

static const struct json no_params = { .kind = JSON_IS_OBJECT };

static void send_text(struct server *server, const struct text *message)
{
	struct text out = { 0 };
	frame_write(&out, text_str(message));
	server->world->send(server->world->context, text_str(&out));
	text_release(&out);
}

static void refuse(struct server *server, const struct json *id, int code, struct str why)
{
	struct text out = { 0 };
	message_open(&out);
	message_write_id(&out, id);
	json_open(&out, "error", '{');
	json_write_number(&out, "code", code);
	json_write_text(&out, "message", why);
	json_close(&out, '}');
	json_close(&out, '}');
	send_text(server, &out);
	text_release(&out);
}

static void say(struct server *server, const char *method, int level, struct str what)
{
	struct text out = { 0 };
	message_open(&out);
	json_write_text(&out, "method", str_from(method));
	json_open(&out, "params", '{');
	json_write_number(&out, "type", level);
	json_write_text(&out, "message", what);
	json_close(&out, '}');
	json_close(&out, '}');
	send_text(server, &out);
	text_release(&out);
}

/* Life of the connection. */

static void initialize(struct server *server, const struct message *message)
{
	struct text out = { 0 };
	if (server->initialized) {
		refuse(server, message->id, MESSAGE_INVALID_REQUEST,
		       STR("`initialize` was said already"));
		return;
	}
	server->initialized = true;
	server->client.pages = server->world->pages;
	capabilities_read(message->params, &server->client);
	sync_begin(&server->workspace, message->params);
	message_open(&out);
	message_write_id(&out, message->id);
	json_open(&out, "result", '{');
	capabilities_write(&server->client, &out);
	json_open(&out, "serverInfo", '{');
	json_write_text(&out, "name", STR("orchc"));
	json_write_text(&out, "version", str_from(server->world->version));
	json_close(&out, '}');
	json_close(&out, '}');
	json_close(&out, '}');
	send_text(server, &out);
	text_release(&out);
}

static void watch_files(struct server *server)
{
	struct text out = { 0 };
	message_open(&out);
	json_write_text(&out, "id", STR("watch"));
	json_write_text(&out, "method", STR("client/registerCapability"));
	capabilities_write_watchers(&out, "params");
	json_close(&out, '}');
	send_text(server, &out);
	text_release(&out);
}

static void initialized(struct server *server, const struct message *message)
{
	(void)message;
	if (server->client.watches)
		watch_files(server);
	workspace_scan(&server->workspace);
}

static void shut_down(struct server *server, const struct message *message)
{
	struct text out = { 0 };
	server->shut = true;
	message_open(&out);
	message_write_id(&out, message->id);
	json_write_null(&out, "result");
	json_close(&out, '}');
	send_text(server, &out);
	text_release(&out);
}

static void exit_said(struct server *server, const struct message *message)
{
	(void)message;
	server->ended = true;
}

/* Messages. */

static const struct {
	const char *method;
	void (*take)(struct server *, const struct message *);
	bool request;
} lives[] = {
	{ "initialize", initialize, true },
	{ "initialized", initialized, false },
	{ "shutdown", shut_down, true },
	{ "exit", exit_said, false },
};
static const struct {
	const char *method;
	void (*take)(const struct sync *, const struct json *params);
} syncs[] = {
	{ "textDocument/didOpen", sync_opened },
	{ "textDocument/didChange", sync_changed },
	{ "textDocument/didClose", sync_closed },
	{ "textDocument/didSave", sync_saved },
	{ "workspace/didChangeWatchedFiles", sync_files },
	{ "workspace/didChangeWorkspaceFolders", sync_folders },
};
static const struct {
	const char *method;
	bool (*answer)(struct answer *);
} answers[] = {
	{ "textDocument/hover", hover_answer },
	{ "textDocument/completion", completion_answer },
	{ "textDocument/definition", navigate_definition },
	{ "textDocument/references", navigate_references },
	{ "textDocument/documentHighlight", navigate_highlight },
	{ "textDocument/prepareRename", rename_prepare },
	{ "textDocument/rename", rename_answer },
	{ "textDocument/documentSymbol", outline_document },
	{ "workspace/symbol", outline_workspace },
	{ "textDocument/foldingRange", outline_folding },
	{ "textDocument/selectionRange", outline_selection },
	{ "textDocument/formatting", layout_whole },
	{ "textDocument/rangeFormatting", layout_range },
	{ "textDocument/onTypeFormatting", layout_typed },
	{ "textDocument/semanticTokens/full", colours_full },
	{ "textDocument/semanticTokens/range", colours_range },
	{ "textDocument/documentLink", links_answer },
	{ "textDocument/codeLens", lens_answer },
	{ "codeLens/resolve", lens_resolve },
	{ "textDocument/inlayHint", lens_hints },
	{ "workspace/executeCommand", lens_execute },
	{ "textDocument/codeAction", actions_answer },
	{ "codeAction/resolve", actions_resolve },
};

static void answer_request(struct server *server, const struct message *message,
			   bool (*make)(struct answer *))
{
	struct text out = { 0 };
	struct answer answer = { .arena = (struct arena *)&message->arena,
				 .workspace = &server->workspace,
				 .client = &server->client,
				 .params = message->params,
				 .out = &out };
	message_open(&out);
	message_write_id(&out, message->id);
	if (make(&answer)) {
		json_close(&out, '}');
		send_text(server, &out);
	} else {
		refuse(server, message->id, MESSAGE_REQUEST_FAILED, str_from(answer.fail.text));
	}
	if (answer.shown.n)
		say(server, "window/showMessage", SAY_INFO, text_str(&answer.shown));
	text_release(&answer.shown);
	text_release(&out);
}

/* Whether the connection is in a state in which the message can be taken; if not, that is said. */
static bool may_take(struct server *server, const struct message *message)
{
	bool early = !server->initialized && !str_is(message->method, "initialize");
	bool late = server->shut;
	if (str_is(message->method, "exit") || !(early || late))
		return true;
	if (message->id)
		refuse(server, message->id,
		       early ? MESSAGE_NOT_INITIALIZED : MESSAGE_INVALID_REQUEST,
		       early ? STR("`initialize` comes first")
			     : STR("`shutdown` was said: only `exit` may follow"));
	return false;
}

static void take_change(struct server *server, const struct message *message,
			void (*change)(const struct sync *, const struct json *params))
{
	struct text complaint = { 0 };
	const struct sync sync = { &server->workspace, server->client.encoding, &complaint };
	if (message->id) {
		refuse(server, message->id, MESSAGE_INVALID_REQUEST,
		       STR("this is a notification, and has no id"));
		return;
	}
	change(&sync, message->params);
	if (complaint.n) {
		struct text whole = { 0 };
		text_addf(&whole, "%.*s: %.*s", STR_ARG(message->method),
			  STR_ARG(text_str(&complaint)));
		say(server, "window/logMessage", SAY_WARNING, text_str(&whole));
		text_release(&whole);
	}
	text_release(&complaint);
}

static void take(struct server *server, const struct message *message)
{
	if (!may_take(server, message))
		return;
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		if (str_is(message->method, lives[i].method)) {
			if (lives[i].request == (message->id != NULL))
				lives[i].take(server, message);
			else if (message->id)
				refuse(server, message->id, MESSAGE_INVALID_REQUEST,
				       STR("this is a notification, and has no id"));
			return;
		}
	for (size_t i = 0; i < sizeof syncs / sizeof *syncs; i++)
		if (str_is(message->method, syncs[i].method)) {
			take_change(server, message, syncs[i].take);
			return;
		}
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (str_is(message->method, answers[i].method)) {
			if (message->id)
				answer_request(server, message, answers[i].answer);
			return;
		}
	if (message->id) {
		struct text why = { 0 };
		text_addf(&why, "there is no method `%.*s`", STR_ARG(message->method));
		refuse(server, message->id, MESSAGE_METHOD_NOT_FOUND, text_str(&why));
		text_release(&why);
	}
}

static void cancel(struct server *server, const struct message *message)
{
	const struct json *id = json_member(message->params, "id");
	for (struct message **at = &server->first; *at; at = &(*at)->next) {
		struct message *found = *at;
		if (!message_same_id(found->id, id))
			continue;
		*at = found->next;
		if (!found->next)
			server->last = at;
		refuse(server, id, MESSAGE_REQUEST_CANCELLED, STR("it was cancelled"));
		message_release(found);
		return;
	}
}

static void queue(struct server *server, struct message *message)
{
	if (str_is(message->method, "$/cancelRequest")) {
		cancel(server, message);
	} else if (message->method.n) {
		*server->last = message;
		server->last = &message->next;
		return;
	} else if (!message_is_answer(message)) {
		refuse(server, message->id, MESSAGE_INVALID_REQUEST,
		       STR("a message is an object with a `method`"));
	}
	message_release(message);
}

void server_feed(struct server *server, struct str bytes)
{
	struct str text;
	enum frame_end end;
	frame_feed(&server->frame, bytes);
	while ((end = frame_next(&server->frame, &text)) != FRAME_MORE) {
		struct fail fail;
		struct message *message = end == FRAME_DONE ? message_read(text, &fail) : NULL;
		if (message)
			queue(server, message);
		else
			refuse(server, NULL, MESSAGE_PARSE_ERROR,
			       end == FRAME_DONE ? str_from(fail.text) : text);
	}
}

bool server_asked(const struct server *server)
{
	return server->first != NULL;
}

/* Findings. */

static struct published *published_of(struct server *server, struct str path)
{
	uint32_t *known = map_find(&server->published_by_path, path);
	if (known)
		return &server->published.at[*known];
	struct published *published = VEC_ADD(&server->arena, &server->published);
	published->path = arena_copy(&server->arena, path);
	map_add(&server->arena, &server->published_by_path, published->path,
		(uint32_t)server->published.n - 1);
	return published;
}

/* Whatever asked for a compile, what it found has to be said, or taken back. */
static void mark_changes(struct server *server)
{
	for (size_t i = 0; i < server->workspace.changed.n; i++)
		published_of(server, server->workspace.changed.at[i])->due = true;
	workspace_forget_changes(&server->workspace);
}

static void publish(struct server *server, struct published *published)
{
	struct text params = { 0 }, out = { 0 };
	struct arena arena = { 0 };
	struct answer answer = { .arena = &arena,
				 .workspace = &server->workspace,
				 .client = &server->client,
				 .params = &no_params,
				 .out = &params };
	bool any = findings_write(&answer, published->path, &params);
	uint64_t hash = str_hash(text_str(&params));
	if ((any || published->any) && hash != published->hash) {
		message_open(&out);
		json_write_text(&out, "method", STR("textDocument/publishDiagnostics"));
		text_add(&out, STR(",\"params\":"));
		text_add(&out, text_str(&params));
		json_close(&out, '}');
		send_text(server, &out);
	}
	published->hash = hash;
	published->any = any;
	published->due = false;
	text_release(&params);
	text_release(&out);
	arena_release(&arena);
}

/* Nothing is said of a file as long as a plan that it is in waits to be compiled. */
static bool publish_due(struct server *server)
{
	const struct workspace_plan *stale = workspace_stale(&server->workspace);
	bool open_stale = stale && document_of_path(&server->workspace.documents, stale->path);
	for (size_t i = 0; !open_stale && i < server->published.n; i++)
		if (server->published.at[i].due &&
		    !workspace_waits(&server->workspace, server->published.at[i].path)) {
			publish(server, &server->published.at[i]);
			return true;
		}
	return false;
}

bool server_step(struct server *server)
{
	struct message *message = server->first;
	if (message) {
		server->first = message->next;
		if (!server->first)
			server->last = &server->first;
		take(server, message);
		message_release(message);
		return true;
	}
	if (!server->initialized || server->shut)
		return false;
	mark_changes(server);
	if (publish_due(server))
		return true;
	struct workspace_plan *plan = workspace_stale(&server->workspace);
	if (plan)
		workspace_compile(&server->workspace, plan);
	return plan != NULL;
}

struct server *server_open(const struct server_world *world)
{
	struct arena arena = { 0 };
	struct server *server = ARENA_NEW(&arena, struct server);
	server->world = world;
	server->arena = arena;
	server->last = &server->first;
	server->workspace.facts = world->facts;
	return server;
}

bool server_ended(const struct server *server, int *status)
{
	*status = server->shut ? 0 : 1;
	return server->ended;
}

void server_close(struct server *server)
{
	while (server->first) {
		struct message *message = server->first;
		server->first = message->next;
		message_release(message);
	}
	frame_release(&server->frame);
	workspace_release(&server->workspace);
	struct arena arena = server->arena;
	arena_release(&arena);
}
