/* refactor.h — changes to a plan that leave what it does as it is: an agent becomes the first made of a
 * template, a prompt goes to a file of its own and back; and one that completes it, an estimate. */
#ifndef LSP_REFACTOR_H
#define LSP_REFACTOR_H

#include "lsp/answer.h"

#define REFACTOR_EXTRACT "refactor.extract"
#define REFACTOR_REWRITE "refactor.rewrite"

/* Calls `offer` for each that can be made of the agent at the place; the edits are in the arena. With `tried`,
 * only for those whose plan says the same; else without edits, for those that probably can be made. */
void refactor_offer(struct answer *, const struct workspace_view *, uint32_t offset, bool tried,
		    void (*offer)(void *self, struct str title, const char *kind, struct answer_edits *), void *self);

#endif
