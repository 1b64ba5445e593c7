/* capabilities.h — what the client can do, and what it is told that this server can: LSP 3.17,
 * `initialize`. */
#ifndef LSP_CAPABILITIES_H
#define LSP_CAPABILITIES_H

#include "lsp/answer.h"

void capabilities_read(const struct json *params, struct answer_client *);
/* The member "capabilities". */
void capabilities_write(const struct answer_client *, struct text *out);
/* The params of client/registerCapability: that changes of plans and prompts are told. */
void capabilities_write_watchers(struct text *out, const char *key);

#endif
