/* document.h — the texts that are open in the client, which count for more than what is in files. */
#ifndef LSP_DOCUMENT_H
#define LSP_DOCUMENT_H

#include "common/source.h"
#include "lsp/position.h"

struct document {
	struct str uri, path;	/* path: absolute, without links in its folders */
	int64_t version;
	bool open;
	struct arena arena;	/* of all here */
	struct sources sources;	/* one: its text */
};
struct documents {
	struct arena arena;
	VEC(struct document *) list;	/* places of closed ones are used again */
};

struct document *document_open(struct documents *, struct str uri, struct str path, int64_t version, struct str text);
struct document *document_find(const struct documents *, struct str uri);	/* that is open, or NULL */
struct document *document_of_path(const struct documents *, struct str path);	/* the same */
const struct source *document_source(const struct document *);
/* A range of the text gives way to another text. */
void document_replace(struct document *, uint32_t start, uint32_t end, struct str with);
void document_close(struct document *);
void document_release(struct documents *);

#endif
