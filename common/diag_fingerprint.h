/* diag_fingerprint.h — is a finding the same as one of another time? */
#ifndef COMMON_DIAG_FINGERPRINT_H
#define COMMON_DIAG_FINGERPRINT_H

#include "common/diag.h"
#include "common/map.h"

/* The same for the same mistake when lines above it come and go: of the code, the file, the message and the text
 * of its line. A number behind it tells findings apart that are the same in all of that; `seen` counts them, and keeps texts in
 * the arena. */
struct str diag_fingerprint_make(struct arena *, struct map *seen, const struct diags *, const struct diag *);

#endif
