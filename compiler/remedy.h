/* remedy.h — fixes that many diagnostics have in common, made of the text around a place. */
#ifndef COMPILER_REMEDY_H
#define COMPILER_REMEDY_H

#include "common/diag.h"

/* Takes the lines of the span out, when there is nothing else on them; else there is no fix. True
 * if there is one. */
bool remedy_take_out(struct diags *, struct diag *, enum diag_applicability, struct span);
/* Switches off, with `/-`, the statement that begins with the span. */
void remedy_switch_off(struct diags *, struct diag *, struct span);

#endif
