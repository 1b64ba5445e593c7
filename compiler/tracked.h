/* tracked.h — the files at the base, searched: which match a pattern, and which one may have been
 * meant.
 *
 * The files are sorted, so all that is below a folder lies together; by their last names they are
 * sorted when that is first asked for. */
#ifndef COMPILER_TRACKED_H
#define COMPILER_TRACKED_H

#include "common/glob.h"
#include "common/map.h"
#include "compiler/facts.h"

struct tracked_name {
	struct str name;	/* what is behind the last slash */
	uint32_t index;
};
struct tracked {
	struct arena *arena;	/* borrowed */
	const struct facts_entry *at;
	size_t n;
	VEC(uint32_t) submodules;
	struct tracked_name *by_name;	/* sorted; NULL until it is asked for */
	struct map folded;	/* from a folded path, of a file or folder, to an entry that has it */
	bool is_folded;
};

void tracked_begin(struct arena *, const struct facts *, struct tracked *);
/* The paths that match, in order, up to `most` of them into found[]. How many that are. */
size_t tracked_match(struct tracked *, const struct glob *, size_t most, uint32_t *found);
bool tracked_has(const struct tracked *, struct str path);	/* a file of that path */
bool tracked_ends(struct tracked *, struct str path);	/* a file of that path, or of that path in some folder */
bool tracked_has_folder(const struct tracked *, struct str path);
/* May it match something in a submodule? What is in there is not known. */
bool tracked_in_submodule(const struct tracked *, const struct glob *);
/* What the author may have meant by a pattern that matches nothing: another that does; or empty. In
 * the arena. */
struct str tracked_nearest(struct tracked *, struct str pattern, const struct glob *);
/* A file or folder that is `path` where case and composition are the same, but is spelled in
 * another way, or of which a folder above is; empty when there is none. In the arena. */
struct str tracked_twin(struct tracked *, struct str path);

#endif
