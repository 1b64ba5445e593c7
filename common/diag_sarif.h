/* diag_sarif.h — diagnostics as one SARIF 2.1.0 document, which code hosts and editors read.
 *
 * OASIS, Static Analysis Results Interchange Format 2.1.0. Files are relative to %SRCROOT%, the
 * root of the repository; columns count code points. A zeroed struct diag_sarif is ready. */
#ifndef COMMON_DIAG_SARIF_H
#define COMMON_DIAG_SARIF_H

#include "common/diag.h"
#include "common/map.h"

struct diag_sarif {
	struct arena arena;
	struct text results, failures;	/* the members of the document's lists */
	enum diag_code rules[DIAG_COUNT];	/* those that results are of, in the order of their first one */
	size_t rule_n;
	uint32_t rule_at[DIAG_COUNT];	/* where a code is in `rules`, plus 1; 0: nowhere */
	struct map seen;	/* how often there was a finding with the same fingerprint */
};

void diag_sarif_add(struct diag_sarif *, const struct diags *, const struct diag *);
void diag_sarif_add_failure(struct diag_sarif *, struct str message);	/* a plan could not be read */
/* The document, on one line. `page` gives the Markdown that explains a code. Releases what was
 * added. */
void diag_sarif_end(struct diag_sarif *, const char *version, struct str (*page)(enum diag_code),
		    struct text *out);

#endif
