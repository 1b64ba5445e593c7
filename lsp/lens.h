/* lens.h — what is computed, beside what is written: code lens above agents and the plan, inlay hints
 * behind names, and the commands behind the lenses. */
#ifndef LSP_LENS_H
#define LSP_LENS_H

#include "lsp/answer.h"

void lens_write_commands(struct text *out, const char *key);
bool lens_answer(struct answer *);	/* textDocument/codeLens */
bool lens_resolve(struct answer *);	/* codeLens/resolve */
bool lens_hints(struct answer *);	/* textDocument/inlayHint */
/* workspace/executeCommand. "orch.graph" [uri]: the plan's picture, SVG, as a text. "orch.beside" [uri,
 * agent]: shows who runs beside it, and says nothing. */
bool lens_execute(struct answer *);

#endif
