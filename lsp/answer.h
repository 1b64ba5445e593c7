/* answer.h — what every answer to a client is made with: the question, the file that it is about, and
 * how places and edits are written. */
#ifndef LSP_ANSWER_H
#define LSP_ANSWER_H

#include "lsp/workspace.h"

/* What the client said that it can do, and what it is told all the time. */
struct answer_client {
	enum position_encoding encoding;
	bool snippets;		/* completions with places to fill in */
	bool versions;		/* edits that say which version of a text they are for */
	bool creates;		/* edits that make files */
	bool nested_symbols;
	bool watches;		/* it can be asked to watch files */
	bool resolves;		/* it asks for the edit of an action once it is chosen */
	struct str pages;	/* where the messages are explained: a URI, or empty */
};
struct answer {
	struct arena *arena;	/* of the question */
	struct workspace *workspace;
	const struct answer_client *client;
	const struct json *params;
	struct text *out;	/* an object, to which a member "result" is added */
	struct text shown;	/* a message to the user that goes with it; may be empty */
	struct fail fail;	/* why not, when an answer is refused */
};

struct str answer_document(const struct answer *);	/* params.textDocument.uri; or empty */
/* params.range; false when there is none. */
bool answer_read_range(const struct answer *, struct position *start, struct position *end);
/* The same, in the file in params.textDocument, which is compiled. */
bool answer_selection(struct answer *, struct workspace_view *, uint32_t *start, uint32_t *end);
/* The file in params.textDocument as it is compiled; false: it cannot be. */
bool answer_view(struct answer *, struct workspace_view *);
/* The same, and the offset of params.position. */
bool answer_place(struct answer *, struct workspace_view *, uint32_t *offset);
bool answer_nothing(struct answer *);	/* "result": null. True */

struct str answer_uri(const struct answer *, struct str path);	/* as the client calls it; in the arena */
void answer_range(const struct answer *, const char *key, const struct source *, uint32_t start, uint32_t end);
void answer_span(const struct answer *, const char *key, const struct compile *, struct span);
/* { "uri", "range" }; false, and nothing is written, of what is built in. */
bool answer_location(const struct answer *, const char *key, const struct compile *, struct span);

struct answer_edit {
	struct str path;	/* absolute */
	const struct source *source;	/* that the offsets are in; NULL: the file is made, with `text` in it */
	uint32_t start, end;
	struct str text;
};
struct answer_edits {
	VEC(struct answer_edit) list;
};
void answer_add_edit(const struct answer *, struct answer_edits *, const struct compile *, struct diag_edit);
/* A WorkspaceEdit. The list is sorted. */
void answer_write_edits(const struct answer *, const char *key, struct answer_edits *);
/* { "range", "newText" } */
void answer_write_text_edit(const struct answer *, const struct source *, uint32_t start, uint32_t end, struct str text);

/* The innermost node of the kinds that has the offset in it or at its end, or NULL: kinds is a set of 1 << NODE_…. */
const struct node *answer_node(const struct syntax *, uint32_t offset, uint64_t kinds);
/* The agent of the plan whose statement the offset is in, or PLAN_NONE. */
uint32_t answer_agent(const struct workspace_view *, uint32_t offset);

#endif
