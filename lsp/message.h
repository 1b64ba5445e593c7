/* message.h — JSON-RPC 2.0: what a client asks or tells. */
#ifndef LSP_MESSAGE_H
#define LSP_MESSAGE_H

#include "common/json.h"

enum message_error {
	MESSAGE_PARSE_ERROR = -32700,
	MESSAGE_INVALID_REQUEST = -32600,
	MESSAGE_METHOD_NOT_FOUND = -32601,
	MESSAGE_NOT_INITIALIZED = -32002,
	MESSAGE_REQUEST_FAILED = -32803,
	MESSAGE_REQUEST_CANCELLED = -32800,
};

struct message {
	struct arena arena;	/* it lies in there itself */
	struct json json;
	const struct json *id;	/* NULL: a notification */
	struct str method;	/* empty: it is none of a client, but perhaps an answer */
	const struct json *params;	/* never NULL */
	struct message *next;
};

/* NULL when the bytes are no JSON. */
struct message *message_read(struct str bytes, struct fail *);
bool message_is_answer(const struct message *);	/* to something that the server has asked */
bool message_same_id(const struct json *, const struct json *);	/* either may be NULL */
void message_release(struct message *);

/* The beginning of a message, an object that is to be closed. */
void message_open(struct text *out);
void message_write_id(struct text *out, const struct json *id);	/* NULL: null */

#endif
