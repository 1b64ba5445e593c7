/* diag_known.h — what a finding is known by when the text around it has moved: its code, its file
 * and its message, but no line. */
#ifndef COMMON_DIAG_KNOWN_H
#define COMMON_DIAG_KNOWN_H

#include "common/diag.h"

/* The same for the same finding after lines above it came or went: a line or byte that the message
 * names is left out of it, unless it stands in a quotation. Findings that are equal in all of that
 * have the same. In the arena. */
struct str diag_known_as(struct arena *, const struct diags *, const struct diag *);
/* Takes out of `now` what was there before, as often as it was; how many that were. Of several that
 * are known by the same, those whose line reads as it did before go first. */
size_t diag_known_drop(struct diags *now, const struct diags *before);

#endif
