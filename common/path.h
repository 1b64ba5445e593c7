/* path.h — what may be the path of a file in the repository.
 *
 * A path is relative to the repository's root: one or more names with '/' between them, none of
 * them empty, "." or "..", and none that git, or a system that the repository may be checked out
 * on, takes for ".git". Other systems ignore case, characters that are not seen, and dots and
 * spaces at the end; they have the short name "git~1" for ".git", and ":" or "\" ends a name.
 *
 * Paths are bytes; what is UTF-8 in them is read as code points, any other byte is a unit of its
 * own. */
#ifndef COMMON_PATH_H
#define COMMON_PATH_H

#include "common/str.h"

enum {
	PATH_LONGEST = 4095,	/* bytes */
	PATH_NAME_LONGEST = 255,	/* bytes between two slashes */
	PATH_CODE_POINT_LAST = 0x10FFFF,
	PATH_BYTE = 0x110000,	/* the unit of a byte outside of UTF-8 is PATH_BYTE + the byte */
};

/* Is it a path at all? Used for names that are found in trees. If not, *why is a sentence without
 * its beginning capital and full stop (static). `why` may be NULL. */
bool path_is_safe(struct str path, const char **why);
/* A path as it is written in a plan: "./" before and one "/" after it are taken off, the rest must
 * be safe and not longer than a system allows. *path is a part of `text`. */
bool path_read(struct str text, struct str *path, const char **why);
/* The part before the last slash, or the empty text. */
struct str path_folder(struct str path);
/* The part behind it, or all. */
struct str path_last(struct str path);
/* Is `path` the folder itself, or under it? */
bool path_is_within(struct str path, struct str folder);
/* The folder at the root that is orch's own, and no agent's. */
#define PATH_RUNS ".orch"

/* The same of absolute paths without links, as realpath(3) gives them: is the file below the
 * folder? And the rest of the path then. */
bool path_is_below(struct str file, struct str folder);
struct str path_below(struct str file, struct str folder);

/* The next unit, and *at moves behind it; *at must be before the end. */
uint32_t path_next(struct str, size_t *at);

/* The names that are refused, as an automaton: begin with PATH_NAME_EMPTY, step over the units of a
 * name. Once PATH_NAME_FREE, it stays so. From any other state but PATH_NAME_INSIDE, which stays
 * too, every unit that path_is_special() denies leads to PATH_NAME_FREE. */
enum path_name {
	PATH_NAME_EMPTY,
	PATH_NAME_DOT,
	PATH_NAME_DOT_DOT,
	PATH_NAME_DOT_G,
	PATH_NAME_DOT_GI,
	PATH_NAME_G,
	PATH_NAME_GI,
	PATH_NAME_GIT,	/* without the dot, so harmless so far */
	PATH_NAME_GIT_TILDE,
	PATH_NAME_REFUSED,	/* ".git" or "git~1", perhaps with dots and spaces */
	PATH_NAME_INSIDE,	/* after ".git:" or ".git\" */
	PATH_NAME_FREE,
	PATH_NAME_STATES
};
enum path_name path_name_step(enum path_name, uint32_t unit);
bool path_name_refused(enum path_name);	/* may a name not end here? */
/* Special units: the characters of PATH_SPECIAL, and those that are not seen (Unicode's
 * Default_Ignorable_Code_Point). */
#define PATH_SPECIAL ".gGiItT~1 :\\"
bool path_is_special(uint32_t unit);
bool path_is_ignorable(uint32_t unit);

#endif
