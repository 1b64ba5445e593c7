/* manifest.h — what a work tree looked like when we had written it: the harvest's memory.
 *
 * Kept outside of the tree. A file whose size, times, inode and mode are still those of the
 * manifest was not touched: whoever changes a file can set its modification time, but not its
 * change time. */
#ifndef RUNTIME_MANIFEST_H
#define RUNTIME_MANIFEST_H

#include "common/vec.h"
#include "runtime/oid.h"

#include "common/fail.h"

#include <sys/stat.h>

struct manifest_file {
	struct str path;
	uint32_t mode;		/* as in repo.h */
	struct oid id;		/* none for what was brought */
	bool brought;		/* by `copy` or `link`: in the tree, but no file of the start commit */
	uint64_t size, inode;	/* bytes */
	int64_t mtime, ctime;	/* nanoseconds since 1970 */
};
struct manifest {
	struct oid commit;
	VEC(struct manifest_file) files;	/* those of the commit in git's order, then what was brought */
	size_t tracked;		/* how many are of the commit */
};

uint32_t manifest_mode(const struct stat *);	/* the mode git would give it; 0: git has none for it */
void manifest_note(struct manifest_file *, const struct stat *);
bool manifest_untouched(const struct manifest_file *, const struct stat *);
/* Does a file of the commit lie in this folder or deeper? */
bool manifest_has_folder(const struct manifest *, struct str folder);
bool manifest_write(const char *path, const struct manifest *, struct fail *);
bool manifest_read(struct arena *, const char *path, struct manifest *, struct fail *);

#endif
