/* import_taskmaster.h — a tasks.json of task-master as a draft of a plan.
 *
 * Both forms are read: {"tasks": […]}, and {"TAG": {"tasks": […]}, …}, whose tags are alternatives
 * ("master" unless another is asked for). A task is an agent; its subtasks are steps in its prompt,
 * since they share its files. A task that is done is switched off, as are cancelled and deferred
 * ones. The files are those that its texts name. */
#ifndef COMPILER_IMPORT_TASKMASTER_H
#define COMPILER_IMPORT_TASKMASTER_H

#include "compiler/import.h"

bool import_taskmaster_recognise(struct str text);	/* does it begin like JSON? */
/* As import_markdown, which says more. */
bool import_taskmaster_read(const struct sources *, uint32_t source, struct diags *, const struct import_ask *,
			    struct import *);

#endif
