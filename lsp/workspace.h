/* workspace.h — the plans of the folders that a client has open, compiled as they are being written.
 *
 * Every .orch file is compiled by itself, but for those without a plan that another one imports: what is
 * in them means what it means there. Open texts take the place of files. A plan is compiled anew when it
 * is asked for after one of the texts that it was made of has changed. */
#ifndef LSP_WORKSPACE_H
#define LSP_WORKSPACE_H

#include "compiler/compile.h"
#include "lsp/document.h"
#include "lsp/symbol.h"

struct workspace_plan {
	struct str path;	/* absolute */
	bool there;		/* it could be compiled; else only `why` */
	bool stale;		/* what it was made of has changed */
	bool gone;		/* there is no such file any more */
	struct arena arena;	/* of the following */
	struct compile compile;
	struct fail why;
	struct symbols *symbols;	/* made when first asked for */
};
struct workspace {
	struct arena arena;
	const struct facts_reader *facts;	/* borrowed; or NULL */
	struct documents documents;
	VEC(struct str) folders;	/* absolute, without links */
	VEC(struct workspace_plan *) plans;
	struct map plan_by_path;
	struct arena changed_arena;
	VEC(struct str) changed;	/* paths of files that plans were made of before or after a compile: what is
					 * found in them may be other than it was. Emptied by workspace_forget_changes() */
};
/* A file as it stands in a compiled plan. Valid until the next change of any text. */
struct workspace_view {
	struct workspace_plan *plan;
	const struct compile *compile;
	uint32_t unit;
	const struct load_unit *in;
	const struct source *source;
};

enum { WORKSPACE_FILES = 5000 };	/* that are looked for in folders */

/* The path that a URI stands for: of a text that is in no file, one in the first folder. In the arena. */
struct str workspace_path(const struct workspace *, struct arena *, struct str uri);
void workspace_add_folder(struct workspace *, struct str path);
void workspace_drop_folder(struct workspace *, struct str path);	/* with the plans in it */
void workspace_scan(struct workspace *);	/* for files that are new */
struct workspace_plan *workspace_add(struct workspace *, struct str path);
/* The text of this path has changed; empty: any file may have. */
void workspace_touch(struct workspace *, struct str path);
/* The file is open no more, or there no more: unless a folder has it, it counts for nothing. */
void workspace_close(struct workspace *, struct str path);
bool workspace_waits(const struct workspace *, struct str path);	/* a plan that it is in is stale */
/* A plan that is stale, those with an open text first; or NULL. */
struct workspace_plan *workspace_stale(const struct workspace *);
void workspace_compile(struct workspace *, struct workspace_plan *);	/* anew, if it is stale */
void workspace_forget_changes(struct workspace *);
/* Is it nothing by itself: no plan, and imported by one? */
bool workspace_is_part(const struct workspace *, const struct workspace_plan *);
/* The absolute path of one of its sources, in the arena; empty of what is built in. */
struct str workspace_source_path(struct arena *, const struct compile *, uint32_t source);
/* False when it is no file of a folder and no open text, or cannot be read. */
bool workspace_view(struct workspace *, struct str path, struct workspace_view *);
/* The unit of a plan that is this file, or LOAD_NONE. The plan is there. */
uint32_t workspace_unit(const struct workspace_plan *, struct str path);
const struct symbols *workspace_symbols(struct workspace_plan *);
/* What is open, as texts in place of files of that root. In the arena. */
struct load_overlay workspace_overlay(const struct workspace *, struct arena *, struct str root);
void workspace_release(struct workspace *);

#endif
