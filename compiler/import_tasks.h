/* import_tasks.h — a list of tasks in Markdown as spec-kit keeps them (tasks.md), as a draft of a
 * plan.
 *
 *   ## Phase 2: Foundational
 *   - [ ] T004 [P] [US1] Write the schema in db/schema.sql (depends on T002)
 *
 * A phase is a group. Tasks of a phase come one after the other in the order of the list; those
 * with [P] that stand side by side wait for the one before them only, and what follows waits for
 * them all. A phase waits for the one before it; phases of user stories wait for what is before the
 * first of them, not for one another, and what follows waits for them all. Tasks that are ticked
 * off are switched off. */
#ifndef COMPILER_IMPORT_TASKS_H
#define COMPILER_IMPORT_TASKS_H

#include "compiler/import.h"

bool import_tasks_recognise(struct str text);	/* is there a line like the one above? */
/* As import_markdown, which says more. There are no alternatives. */
bool import_tasks_read(const struct sources *, uint32_t source, struct diags *,
		       const struct import_ask *, struct import *);

#endif
