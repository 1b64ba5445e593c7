/* boundary.h — what of the machine an agent's programs may change, as a list of paths from which a
 * jail is built (cell.h, fence.h).
 *
 * A kernel knows files and folders, not patterns. So a pattern becomes the longest folder without
 * wildcards that all its paths lie under and that is there: that folder is writable, and what lies in
 * it and is not owned is fixed, each file and folder by itself. What remains open (new names in that
 * folder, links, and folders that an owned path may lie in, should a wildcard lead there) is for the
 * gate, which is exact. */
#ifndef RUNTIME_BOUNDARY_H
#define RUNTIME_BOUNDARY_H

#include "runtime/sandbox.h"
#include "runtime/tree.h"

/* Of the same path, the earlier is covered by the later. */
enum boundary_kind {
	BOUNDARY_DEVICES,	/* /dev: the few devices that programs need, and terminals of its own */
	BOUNDARY_PRIVATE,	/* an empty folder of its own, in memory */
	BOUNDARY_SEALED,	/* the same, in which nothing can be made */
	BOUNDARY_SHOWN,		/* as it is, to be read, in a private folder */
	BOUNDARY_FIXED,		/* not to be changed, in a writable folder */
	BOUNDARY_WRITABLE,
	BOUNDARY_HIDDEN,	/* a socket that leads out */
};
struct boundary_path {
	enum boundary_kind kind;
	const char *path;	/* absolute, no link in it */
};
struct boundary {
	enum sandbox_level level;
	bool network;		/* false: none but its own loopback */
	const char *temporary;	/* a folder of its own, where /tmp cannot be one; or NULL */
	struct boundary_path *at;	/* a folder before what is in it */
	size_t n;
};

struct boundary_orders {
	enum sandbox_level level;
	const struct schedule *schedule;
	const struct schedule_agent *who;	/* its runner may be SCHEDULE_NONE */
	const struct tree_orders *tree;
	const char *run_folder;
	const char *git_dir;		/* of the main repository */
	const char *input;		/* a file that the program reads, or NULL */
	const char *temporary;		/* as above; used below SANDBOX_NAMESPACES */
	const char *program;		/* as the plan names it */
	const char *const *env;		/* NAME=value: HOME, PATH */
	bool whole_tree;		/* setup and tests: all of the tree is writable */
};
/* In the arena. */
bool boundary_find(struct arena *, const struct boundary_orders *, struct boundary *, struct fail *);

#endif
