/* actions.h — textDocument/codeAction: fixes of what was found, and changes that leave the plan as it is
 * but for its form. */
#ifndef LSP_ACTIONS_H
#define LSP_ACTIONS_H

#include "lsp/answer.h"

void actions_write_kinds(struct text *out, const char *key);
bool actions_answer(struct answer *);
bool actions_resolve(struct answer *);	/* codeAction/resolve */

#endif
