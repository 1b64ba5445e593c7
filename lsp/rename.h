/* rename.h — textDocument/prepareRename and rename: another name for something, everywhere at once.
 *
 * What would make a plan say something else is refused: names that are none, that are taken, or that
 * leave any plan with more errors than it had. */
#ifndef LSP_RENAME_H
#define LSP_RENAME_H

#include "lsp/answer.h"

bool rename_prepare(struct answer *);
bool rename_answer(struct answer *);

#endif
