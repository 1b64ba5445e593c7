/* findings.h — textDocument/publishDiagnostics: what is wrong, file by file. A file that is in several
 * plans has the findings of all of them, each once. */
#ifndef LSP_FINDINGS_H
#define LSP_FINDINGS_H

#include "lsp/answer.h"

/* The params of the notification for that file; whether there are any. */
bool findings_write(const struct answer *, struct str path, struct text *params);
/* One diagnostic as the protocol has it, by which a client asks for its fixes. */
void findings_write_one(const struct answer *, const struct compile *, const struct diag *, struct text *out);

#endif
