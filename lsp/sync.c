/* sync.c — see sync.h. */
#include "lsp/sync.h"

static const struct json nothing = { .kind = JSON_IS_OBJECT };

static const struct json *document_of(const struct json *params)
{
	const struct json *document = json_find(params, "textDocument", JSON_IS_OBJECT);
	return document ? document : &nothing;
}

/* The open text that is meant; NULL, and a complaint, when there is none. */
static struct document *find(const struct sync *sync, const struct json *params)
{
	struct str uri = json_find_text(document_of(params), "uri");
	struct document *document = document_find(&sync->workspace->documents, uri);
	if (!document)
		text_addf(sync->complaint, "the text is not open: %.*s", STR_ARG(uri));
	return document;
}

static void add_folder(struct workspace *workspace, struct arena *arena, struct str uri)
{
	if (uri.n)
		workspace_add_folder(workspace, workspace_path(workspace, arena, uri));
}

void sync_begin(struct workspace *workspace, const struct json *params)
{
	struct arena arena = { 0 };
	const struct json *folders = json_find(params, "workspaceFolders", JSON_IS_LIST);
	for (size_t i = 0; folders && i < folders->n; i++)
		add_folder(workspace, &arena, json_find_text(&folders->at[i], "uri"));
	if (!folders)
		add_folder(workspace, &arena, json_find_text(params, "rootUri"));
	arena_release(&arena);
}

void sync_opened(const struct sync *sync, const struct json *params)
{
	const struct json *document = document_of(params);
	struct str uri = json_find_text(document, "uri");
	const struct json *text = json_find(document, "text", JSON_IS_TEXT);
	struct arena arena = { 0 };
	if (uri.n && text && text->text.n <= UINT32_MAX / 2) {
		struct str path = workspace_path(sync->workspace, &arena, uri);
		document_open(&sync->workspace->documents, uri, path,
			      json_find_number(document, "version"), text->text);
		/* Of other Markdown nobody says that it is a plan. */
		if (!load_is_markdown(path) ||
		    str_is(json_find_text(document, "languageId"), "orch"))
			workspace_add(sync->workspace, path);
		workspace_touch(sync->workspace, path);
	} else {
		text_add(sync->complaint, STR("there is no uri or no text"));
	}
	arena_release(&arena);
}

/* False when it is no change. */
static bool apply(const struct sync *sync, struct document *document, const struct json *change)
{
	const struct json *range = json_find(change, "range", JSON_IS_OBJECT);
	const struct json *text = json_find(change, "text", JSON_IS_TEXT);
	const struct source *source = document_source(document);
	struct position start, end;
	uint32_t from = 0, to = (uint32_t)source->text.n;
	if (!text)
		return false;
	if (range) {
		if (!position_read(json_find(range, "start", JSON_IS_OBJECT), &start) ||
		    !position_read(json_find(range, "end", JSON_IS_OBJECT), &end))
			return false;
		from = position_offset(source, start, sync->encoding);
		to = position_offset(source, end, sync->encoding);
	}
	if (from > to || source->text.n - (to - from) + text->text.n > UINT32_MAX / 2)
		return false;
	document_replace(document, from, to, text->text);
	return true;
}

void sync_changed(const struct sync *sync, const struct json *params)
{
	struct document *document = find(sync, params);
	const struct json *changes = json_find(params, "contentChanges", JSON_IS_LIST);
	for (size_t i = 0; document && changes && i < changes->n; i++)
		if (!apply(sync, document, &changes->at[i])) {
			text_addf(sync->complaint,
				  "change %zu is none, and is left out with what follows it",
				  i + 1);
			break;
		}
	if (document) {
		document->version = json_find_number(document_of(params), "version");
		workspace_touch(sync->workspace, document->path);
	}
}

void sync_closed(const struct sync *sync, const struct json *params)
{
	struct document *document = find(sync, params);
	struct arena arena = { 0 };
	if (document) {
		struct str path = arena_copy(&arena, document->path);
		document_close(document);
		workspace_close(sync->workspace, path);
		workspace_touch(sync->workspace, path);
	}
	arena_release(&arena);
}

/* What is at the base may be other than before, too. */
void sync_saved(const struct sync *sync, const struct json *params)
{
	(void)params;
	workspace_touch(sync->workspace, STR(""));
}

void sync_files(const struct sync *sync, const struct json *params)
{
	enum { DELETED = 3 };
	const struct json *changes = json_find(params, "changes", JSON_IS_LIST);
	for (size_t i = 0; changes && i < changes->n; i++) {
		struct arena arena = { 0 };
		struct str path = workspace_path(sync->workspace, &arena,
						 json_find_text(&changes->at[i], "uri"));
		if (json_find_number(&changes->at[i], "type") == DELETED)
			workspace_close(sync->workspace, path);
		arena_release(&arena);
	}
	workspace_scan(sync->workspace);
	workspace_touch(sync->workspace, STR(""));
}

void sync_folders(const struct sync *sync, const struct json *params)
{
	struct workspace *workspace = sync->workspace;
	struct arena arena = { 0 };
	const struct json *event = json_find(params, "event", JSON_IS_OBJECT);
	const struct json *added = event ? json_find(event, "added", JSON_IS_LIST) : NULL,
			  *removed = event ? json_find(event, "removed", JSON_IS_LIST) : NULL;
	for (size_t i = 0; removed && i < removed->n; i++)
		workspace_drop_folder(workspace,
				      workspace_path(workspace, &arena,
						     json_find_text(&removed->at[i], "uri")));
	for (size_t i = 0; added && i < added->n; i++)
		add_folder(workspace, &arena, json_find_text(&added->at[i], "uri"));
	workspace_scan(workspace);
	arena_release(&arena);
}
