/* allow.h — `# orch: allow(read-race) why` on the line before a warning silences it, once. */
#ifndef COMPILER_ALLOW_H
#define COMPILER_ALLOW_H

#include "compiler/load.h"

/* Takes the warnings that are allowed out of the diagnostics, and adds one for every allow comment
 * that silenced nothing. */
void allow_apply(struct load *);
/* Is the comment "# orch: allow(NAME) …"? It counts where it stands alone in its line. */
bool allow_read(struct str comment, struct str *name);

#endif
