/* hover.h — textDocument/hover: what is under the pointer, in Markdown. */
#ifndef LSP_HOVER_H
#define LSP_HOVER_H

#include "lsp/answer.h"

bool hover_answer(struct answer *);

#endif
