/* colours.h — textDocument/semanticTokens: what each word is. Text blocks are left to the client's
 * grammar, which shows the Markdown in them. */
#ifndef LSP_COLOURS_H
#define LSP_COLOURS_H

#include "lsp/answer.h"

void colours_write_legend(struct text *out, const char *key);
bool colours_full(struct answer *);
bool colours_range(struct answer *);

#endif
