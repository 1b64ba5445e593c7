/* import_path.h — the files that a sentence about a task names: those that it is to change, and
 * those that it only looks at ("using the pattern of `src/list.ts`"). */
#ifndef COMPILER_IMPORT_PATH_H
#define COMPILER_IMPORT_PATH_H

#include "compiler/draft.h"

/* Adds the paths of `text` to the agent: with their own places when `text` is a part of the
 * document, else with `place`. What is only read counts as read unless the agent would own
 * nothing. */
void import_path_find(struct draft *, struct draft_agent *, struct str text, struct span place);
/* To be called when all texts about the agent have been looked at. */
void import_path_end(struct draft_agent *);

#endif
