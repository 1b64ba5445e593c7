/* filesystem.h — can the file system of a folder keep what orch promises?
 *
 * What it is called is looked up (filesystem.def); what it does is tried, with real files in a folder that is
 * removed again: locks, renames over a file, syncing, modes, links, and whether two names that differ only in
 * case or in Unicode normalisation are two files. */
#ifndef RUNTIME_FILESYSTEM_H
#define RUNTIME_FILESYSTEM_H

#include "common/arena.h"
#include "common/fail.h"

#include <stdint.h>

enum filesystem_kind { FILESYSTEM_LOCAL, FILESYSTEM_NETWORK, FILESYSTEM_USER, FILESYSTEM_FLAT };

/* TRIAL(NAME, "what is wrong when it fails"): what is tried, in this order. */
#define FILESYSTEM_TRIALS(TRIAL)                                                                 \
	TRIAL(LOCK, "its locks do not keep two programs apart")                                  \
	TRIAL(RENAME, "a file cannot be replaced by renaming another over it")                   \
	TRIAL(SYNC, "it does not write to the disk when it is told to")                          \
	TRIAL(MODE, "it does not keep which files are programs")                                 \
	TRIAL(LINK, "it has no symbolic links")                                                  \
	TRIAL(CASE, "names that differ only in upper and lower case are one file there")         \
	TRIAL(NORMALISATION, "names that differ only in how an accent is encoded are one file there")

enum {
#define FILESYSTEM_ORDER(NAME, wrong) FILESYSTEM_ORDER_##NAME,
	FILESYSTEM_TRIALS(FILESYSTEM_ORDER)
#undef FILESYSTEM_ORDER
	FILESYSTEM_TRIAL_COUNT,
#define FILESYSTEM_BIT(NAME, wrong) FILESYSTEM_##NAME = 1 << FILESYSTEM_ORDER_##NAME,
	FILESYSTEM_TRIALS(FILESYSTEM_BIT)
#undef FILESYSTEM_BIT
};

/* In what filesystem_try says when it cannot try, for want of room. */
#define FILESYSTEM_FULL "its disk is full, or your share of it (df, df -i, quota)"

struct filesystem {
	enum filesystem_kind kind;
	const char *name;	/* "ext4"; "0x1234" when it is not listed. In the arena */
	unsigned failed;	/* FILESYSTEM_… of what was tried in vain */
	uint64_t free;	/* bytes, for this user */
};

/* Looks the name up; tries nothing. */
bool filesystem_look(struct arena *, const char *folder, struct filesystem *, struct fail *);
/* And tries the rest, in a new folder below this one. */
bool filesystem_try(struct arena *, const char *folder, struct filesystem *, struct fail *);
/* What keeps it from being trusted, as parts of a sentence; empty: nothing. In `arena`. */
struct str filesystem_fault(struct arena *, const struct filesystem *);
/* The kind of that number, and its name, or NULL. For tests and filesystem_look. */
const char *filesystem_known(uint32_t number, enum filesystem_kind *);

#endif
