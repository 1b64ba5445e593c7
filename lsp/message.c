/* message.c — see message.h. */
#include "lsp/message.h"

static const struct json no_params = { .kind = JSON_IS_OBJECT };

struct message *message_read(struct str bytes, struct fail *fail)
{
	struct arena arena = { 0 };
	struct message *message = ARENA_NEW(&arena, struct message);
	if (!json_read(&arena, bytes, "the message", &message->json, fail)) {
		arena_release(&arena);
		return NULL;
	}
	const struct json *id = json_member(&message->json, "id"),
			  *params = json_member(&message->json, "params");
	message->arena = arena;
	message->method = json_find_text(&message->json, "method");
	message->id = id && (id->kind == JSON_IS_NUMBER || id->kind == JSON_IS_TEXT) ? id : NULL;
	message->params = params && params->kind == JSON_IS_OBJECT ? params : &no_params;
	return message;
}

bool message_is_answer(const struct message *message)
{
	return !message->method.n &&
	       (json_member(&message->json, "result") || json_member(&message->json, "error"));
}

bool message_same_id(const struct json *a, const struct json *b)
{
	return a && b && a->kind == b->kind &&
	       (a->kind == JSON_IS_NUMBER ? a->number == b->number : str_equal(a->text, b->text));
}

void message_release(struct message *message)
{
	struct arena arena = message->arena;
	arena_release(&arena);
}

void message_open(struct text *out)
{
	json_open(out, NULL, '{');
	json_write_text(out, "jsonrpc", STR("2.0"));
}

void message_write_id(struct text *out, const struct json *id)
{
	if (id && id->kind == JSON_IS_TEXT)
		json_write_text(out, "id", id->text);
	else if (id && id->kind == JSON_IS_NUMBER)
		json_write_number(out, "id", id->number);
	else
		json_write_null(out, "id");
}
