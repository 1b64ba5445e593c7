/* server.h — the language server: messages in, messages out, one thing done at a time.
 *
 * It does no input and output of its own. Bytes of the client are fed as they come; a step answers one
 * message or, when there is none, compiles one plan and publishes what was found. So that what was
 * cancelled meanwhile, or has been overtaken, costs nothing, feed all there is before each step. */
#ifndef LSP_SERVER_H
#define LSP_SERVER_H

#include "lsp/answer.h"

struct server_world {
	void *context;
	void (*send)(void *context, struct str bytes);	/* to the client, whole messages */
	const struct facts_reader *facts;	/* or NULL */
	struct str pages;	/* where messages are explained, a URI; or empty */
	const char *version;	/* of the program */
};
struct server;

struct server *server_open(const struct server_world *);	/* borrowed, for as long */
void server_feed(struct server *, struct str bytes);
bool server_asked(const struct server *);	/* messages wait */
/* Whether there is more to do before more bytes come. */
bool server_step(struct server *);
/* Has the client said `exit`? *status is 1 when it had not said `shutdown` before. */
bool server_ended(const struct server *, int *status);
void server_close(struct server *);

#endif
