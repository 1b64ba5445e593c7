/* model.h — a tree as a list of paths and what is at them: the second opinion on what starts,
 * results and merges have to be. It shares nothing with the runtime but the types of text.
 *
 * Files, links and gitlinks only, as git has it: an empty folder is nothing. */
#ifndef TESTS_PROPERTY_MODEL_H
#define TESTS_PROPERTY_MODEL_H

#include "common/vec.h"

struct model_file {
	struct str path;  /* NUL-terminated */
	uint32_t mode;    /* 0100644, 0100755, 0120000, 0160000 */
	uint64_t content; /* model_content() of its bytes */
};
struct model {
	VEC(struct model_file)
	files; /* sorted by the bytes of their paths once model_sort() was called */
};
struct model_change {
	struct str path;
	struct model_file before, after; /* mode 0: not there */
};
struct model_changes {
	VEC(struct model_change) list;
};

uint64_t model_content(struct str bytes);
void model_sort(struct model *);
const struct model_file *model_find(const struct model *, struct str path); /* or NULL */
bool model_has_folder(const struct model *, struct str path); /* does something lie below it? */
bool model_equal(const struct model *, const struct model *);
/* What differs, by path. */
struct model_changes model_diff(struct arena *, const struct model *before,
				const struct model *after);
/* Path by path. False when a path was changed on both sides, differently, or when a file would be
 * where a folder has to be: *clash is that path. */
bool model_apply(struct arena *, struct model *, const struct model_changes *, struct str *clash);
void model_print(const char *title, const struct model *);

#endif
