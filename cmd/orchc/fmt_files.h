/* fmt_files.h — which files `orchc fmt` is about, and how one is exchanged for its formatted
 * text. */
#ifndef CMD_ORCHC_FMT_FILES_H
#define CMD_ORCHC_FMT_FILES_H

#include "common/fail.h"
#include "common/vec.h"

struct fmt_files {
	VEC(struct str) list;	/* paths, each followed by a NUL, in the arena */
};

/* Adds the file or, of a folder, every *.orch in it and below, by name. Hidden folders are passed
 * over, links in folders are not followed. */
bool fmt_files_find(struct arena *, const char *path, struct fmt_files *, struct fail *);
/* Replaces the content of the file, which is to be `before` still. Its mode is kept. A link is
 * followed as far as the repository goes in which it is. */
bool fmt_files_write(struct arena *, const char *path, struct str before, struct str after,
		     struct fail *);
/* The path from the root of its repository, for a diff that `git apply` takes. */
struct str fmt_files_label(struct arena *, const char *path);

#endif
