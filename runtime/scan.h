/* scan.h — what changed in a work tree since it was written: its files against the manifest. */
#ifndef RUNTIME_SCAN_H
#define RUNTIME_SCAN_H

#include "common/glob.h"
#include "runtime/conversion.h"
#include "runtime/manifest.h"
#include "runtime/repo.h"

struct scan_change {
	struct str path;
	uint32_t mode_before, mode_after;	/* as in repo.h; 0: not there, or nothing git has a mode for */
	struct oid before, after;	/* the contents are in the repository, unless refused */
	const char *refused;	/* why no tree may have it, or NULL; static */
	bool held;		/* refused for how git keeps it; `after` are the bytes as they are all the same */
};
struct scan {
	VEC(struct scan_change) changes;	/* in no order; no path twice */
	VEC(struct str) ignored;	/* what was left out: files, and folders that were not looked into */
};
/* What one of `owned` names without a wildcard counts even if ignore rules say otherwise. Contents are
 * stored as git would: by the rules of the commit that the tree was written from. */
bool scan_tree(struct arena *, struct repo *main, const char *work_dir, const struct manifest *,
	       const struct conversion *, const struct glob *owned, size_t owned_n, struct scan *,
	       struct fail *);

#endif
