/* layout.h — plans in their one form, as `orchc fmt` lays them out: all of a text, some lines of it, and
 * what was just written. */
#ifndef LSP_LAYOUT_H
#define LSP_LAYOUT_H

#include "lsp/answer.h"

bool layout_whole(struct answer *);	/* textDocument/formatting */
bool layout_range(struct answer *);	/* textDocument/rangeFormatting */
bool layout_typed(struct answer *);	/* textDocument/onTypeFormatting */

#endif
