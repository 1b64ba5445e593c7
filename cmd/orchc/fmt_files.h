/* fmt_files.h — which files `orchc fmt` is about. A link is followed as far as the repository goes in
 * which it is. */
#ifndef CMD_ORCHC_FMT_FILES_H
#define CMD_ORCHC_FMT_FILES_H

#include "common/fail.h"
#include "common/map.h"
#include "common/vec.h"
#include "runtime/writer.h"

struct fmt_files {
	VEC(struct writer_file) list;	/* in the arena; a root may be empty: it could not be found */
	struct map known;	/* by where they really are: each file once */
};

/* Adds the file or, of a folder, every *.orch in it and below, by name. Hidden folders are passed
 * over, links in folders are not followed. */
bool fmt_files_find(struct arena *, const char *path, struct fmt_files *, struct fail *);
/* The path from the root of its repository, for a diff that `git apply` takes. */
struct str fmt_files_label(struct arena *, const char *path);

#endif
