/* diag_gitlab.h — diagnostics as a report of GitLab's Code Quality, which merge requests show.
 *
 * GitLab Docs, "Code Quality report format": a list of objects with description, check_name,
 * fingerprint, severity and location. A zeroed struct diag_gitlab is ready. */
#ifndef COMMON_DIAG_GITLAB_H
#define COMMON_DIAG_GITLAB_H

#include "common/diag.h"
#include "common/map.h"

struct diag_gitlab {
	struct arena arena;
	struct text list;	/* what is in the document's brackets */
	struct map seen;	/* how often there was a finding with the same fingerprint */
};

void diag_gitlab_add(struct diag_gitlab *, const struct diags *, const struct diag *);
/* The document, on one line. Releases what was added. */
void diag_gitlab_end(struct diag_gitlab *, struct text *out);

#endif
