/* document.c — see document.h. */
#include "lsp/document.h"

struct document *document_of_path(const struct documents *documents, struct str path)
{
	for (size_t i = 0; i < documents->list.n; i++)
		if (documents->list.at[i]->open && str_equal(documents->list.at[i]->path, path))
			return documents->list.at[i];
	return NULL;
}

struct document *document_find(const struct documents *documents, struct str uri)
{
	for (size_t i = 0; i < documents->list.n; i++)
		if (documents->list.at[i]->open && str_equal(documents->list.at[i]->uri, uri))
			return documents->list.at[i];
	return NULL;
}

/* Everything is made anew with the text, which lies in `fresh`; what it was made of may lie in the old
 * arena. */
static void fill(struct document *document, struct arena fresh, struct str uri, struct str path,
		 struct str text)
{
	struct arena old = document->arena;
	document->arena = fresh;
	document->uri = arena_copy(&document->arena, uri);
	document->path = arena_copy(&document->arena, path);
	document->sources = (struct sources){ .arena = &document->arena };
	source_add(&document->sources, document->path, text);
	arena_release(&old);
}

struct document *document_open(struct documents *documents, struct str uri, struct str path,
			       int64_t version, struct str text)
{
	struct document *document = document_find(documents, uri);
	for (size_t i = 0; i < documents->list.n && !document; i++)
		if (!documents->list.at[i]->open)
			document = documents->list.at[i];
	if (!document) {
		document = ARENA_NEW(&documents->arena, struct document);
		*VEC_ADD(&documents->arena, &documents->list) = document;
	}
	struct arena fresh = { 0 };
	text = arena_copy(&fresh, text);
	fill(document, fresh, uri, path, text);
	document->version = version;
	document->open = true;
	return document;
}

const struct source *document_source(const struct document *document)
{
	return source_get(&document->sources, 0);
}

void document_replace(struct document *document, uint32_t start, uint32_t end, struct str with)
{
	struct arena fresh = { 0 };
	struct str before = document_source(document)->text;
	char *at = arena_take(&fresh, before.n - (end - start) + with.n + 1);
	memcpy(at, before.at, start);
	memcpy(at + start, with.at ? with.at : "", with.n);
	memcpy(at + start + with.n, before.at + end, before.n - end);
	struct str text = { at, before.n - (end - start) + with.n };
	fill(document, fresh, document->uri, document->path, text);
}

void document_close(struct document *document)
{
	arena_release(&document->arena);
	*document = (struct document){ .open = false };
}

void document_release(struct documents *documents)
{
	for (size_t i = 0; i < documents->list.n; i++)
		arena_release(&documents->list.at[i]->arena);
	arena_release(&documents->arena);
}
