/* sync.h — what a client tells of its texts, of files and of folders, so that plans are compiled from what there is. */
#ifndef LSP_SYNC_H
#define LSP_SYNC_H

#include "lsp/workspace.h"

struct sync {
	struct workspace *workspace;
	enum position_encoding encoding;
	struct text *complaint;	/* why something was not taken; empty at first */
};

void sync_begin(struct workspace *, const struct json *params);	/* folders, of `initialize` */
void sync_opened(const struct sync *, const struct json *params);	/* textDocument/didOpen */
void sync_changed(const struct sync *, const struct json *params);	/* textDocument/didChange */
void sync_closed(const struct sync *, const struct json *params);	/* textDocument/didClose */
void sync_saved(const struct sync *, const struct json *params);	/* textDocument/didSave */
void sync_files(const struct sync *, const struct json *params);	/* workspace/didChangeWatchedFiles */
void sync_folders(const struct sync *, const struct json *params);	/* workspace/didChangeWorkspaceFolders */

#endif
