/* import_any.c — see import_any.h. */
#include "compiler/import_any.h"

#include "compiler/import_taskmaster.h"
#include "compiler/import_tasks.h"

bool import_any(const struct sources *sources, uint32_t source, struct diags *diags,
		const struct import_ask *ask, struct import *import)
{
	struct str text = source_get(sources, source)->text;
	if (import_taskmaster_recognise(text))
		return import_taskmaster_read(sources, source, diags, ask, import);
	if (import_tasks_recognise(text))
		return import_tasks_read(sources, source, diags, ask, import);
	return import_markdown(sources, source, diags, ask, import);
}
