/* outline.h — how a file is made up: its symbols, what can be folded, and what encloses a place. */
#ifndef LSP_OUTLINE_H
#define LSP_OUTLINE_H

#include "lsp/answer.h"

bool outline_document(struct answer *);		/* textDocument/documentSymbol */
bool outline_workspace(struct answer *);	/* workspace/symbol */
bool outline_folding(struct answer *);		/* textDocument/foldingRange */
bool outline_selection(struct answer *);	/* textDocument/selectionRange */

#endif
