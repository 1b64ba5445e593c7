/* rename.h — textDocument/prepareRename and rename: another name for something, everywhere at once.
 *
 * Names that are none or are taken are refused, and any with which a plan would say something else, such as
 * `all` for an agent that others come after. */
#ifndef LSP_RENAME_H
#define LSP_RENAME_H

#include "lsp/answer.h"

bool rename_prepare(struct answer *);
bool rename_answer(struct answer *);

#endif
