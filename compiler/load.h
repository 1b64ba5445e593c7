/* load.h — the plan's file and everything that it imports, each read once, as trees.
 *
 * Nothing outside of the repository's root is read: the root is the nearest folder above the plan
 * that has a .git in it, or else the plan's own folder. `std/…` is built in (stdlib.h). */
#ifndef COMPILER_LOAD_H
#define COMPILER_LOAD_H

#include "common/fail.h"
#include "common/map.h"
#include "compiler/facts.h"
#include "grammar/syntax.h"

#include <sys/types.h>

#define LOAD_NONE UINT32_MAX
#define LOAD_LIBRARY "std/agents.orch"
enum {
	LOAD_LARGEST = 64 << 20,	/* bytes of a prompt's file */
	LOAD_SOURCE_LARGEST = 512 << 20,	/* of a source; parse.h has a message of its own for less */
};

struct load_import {
	struct str name;
	struct span span;	/* the name */
	struct span path;	/* the string */
	uint32_t unit;		/* or LOAD_NONE: it could not be read, which has been said */
};
struct load_unit {
	struct syntax syntax;
	struct str path, folder;	/* relative to the root; "std/agents.orch"; folder "" is the root */
	struct str prefix;	/* "std.": how the first file calls what is in it; "" for the first itself */
	bool std;
	bool markdown;		/* only what is fenced as `orch` is read of it */
	VEC(struct load_import) imports;
};
/* Texts that are taken in place of what is in the files of these paths, relative to the root. There
 * need be no such files. */
struct load_given {
	struct str path, text;
};
struct load_overlay {
	struct load_given *at;
	size_t n;
};
/* Where files are read from in place of the working tree: a commit, say. The compiler reads no
 * repository, so this is handed in. */
enum load_found {
	LOAD_FOUND,
	LOAD_MISSING,
	LOAD_OUTSIDE,	/* a link leads out of the repository */
	LOAD_LOOP,	/* links lead to one another */
	LOAD_FOLDER,
	LOAD_LARGE,	/* more than what was to be read */
};
struct load_elsewhere {
	void *context;
	/* All of the file, whose path is relative to the root. */
	enum load_found (*read)(void *context, struct arena *, struct str path, size_t largest,
				struct str *text);
};
/* A file that was read, as the kernel tells one from another. */
struct load_file {
	dev_t device;
	ino_t number;
};
struct load {
	struct arena *arena;	/* borrowed, as are the others */
	struct sources *sources;
	struct diags *diags;
	const struct load_overlay *overlay;	/* or NULL */
	const struct load_elsewhere *elsewhere;	/* or NULL: the working tree */
	struct str root;	/* absolute */
	VEC(struct load_unit) units;	/* the first is the plan's */
	struct map known;	/* by path */
	VEC(struct load_file) files;	/* of the repository, read so far; prompts' as well */
	bool loops;		/* files import one another in circles */
	uint32_t library;	/* the unit of LOAD_LIBRARY, when `events NAME` may mean a runner of it; else LOAD_NONE */
};

/* Reads the plan, and all that it imports. The path of one that the overlay gives may be absolute and of
 * no file. False when the plan's own file cannot be read. `load`
 * has its first members up to the root set. The reader, unless NULL, is opened. Which
 * file the path of any other plan means, and its root, is always asked of the working tree. */
bool load_plan(struct load *, const char *path, const struct facts_reader *, struct fail *);

/* The root (absolute) that is meant by a plan's path: of the folder that it lies in by its name. False
 * when there is nothing of that path, or when it is a link that leads out of that root. */
bool load_root(struct arena *, const char *path, struct str *root);

/* Reads a file whose path is relative to the root. On failure the reason, for people: "there is no
 * such file". Text is UTF-8 without NUL. */
bool load_text(struct load *, struct str path, struct str *text, struct str *reason);
bool load_is_markdown(struct str path);	/* by its ending */
/* `path` as said by a file in `folder`, relative to the root and without `.` and `..`. False when
 * it is absolute or leaves the root. */
bool load_resolve(struct arena *, struct str folder, struct str path, struct str *resolved);

#endif
