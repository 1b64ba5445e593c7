/* visible.h — text from agents and files, made fit for a terminal: no byte of it can move the
 * cursor, change colours or hide what is there. */
#ifndef RUNTIME_VISIBLE_H
#define RUNTIME_VISIBLE_H

#include "common/arena.h"
#include "common/text.h"

/* Control, direction and invisible characters and bytes that are no UTF-8 become \x1b, \u{202e} and
 * so on. Line ends and tabs are kept when `lines`, else they become spaces. */
void visible_add(struct text *, struct str, bool lines);
/* A name for a message of one line: its line ends and tabs are \x0a and \x09. In the arena, or itself. */
struct str visible_name(struct arena *, struct str);

#endif
