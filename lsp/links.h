/* links.h — textDocument/documentLink: files that a plan names, imports and prompts. */
#ifndef LSP_LINKS_H
#define LSP_LINKS_H

#include "lsp/answer.h"

bool links_answer(struct answer *);

#endif
