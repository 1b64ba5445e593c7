/* import_any.h — a document of any kind that can be imported, known by its form. */
#ifndef COMPILER_IMPORT_ANY_H
#define COMPILER_IMPORT_ANY_H

#include "compiler/import.h"

/* As import_markdown, import_tasks_read or import_taskmaster_read. */
bool import_any(const struct sources *, uint32_t source, struct diags *, const struct import_ask *,
		struct import *);

#endif
