/* completion.h — textDocument/completion: what may be written here. Keywords are what the parser's tables
 * would take, so that what is offered is right by construction. */
#ifndef LSP_COMPLETION_H
#define LSP_COMPLETION_H

#include "lsp/answer.h"

bool completion_answer(struct answer *);

#endif
