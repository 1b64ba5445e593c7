/* workspace.c — see workspace.h. */
#include "lsp/workspace.h"

#include "common/path.h"
#include "lsp/uri.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The folder of the path without links; a folder that is not there stays as it is said. */
static struct str real_path(struct arena *arena, struct str path)
{
	char real[PATH_MAX];
	struct str folder = arena_copy(arena, path_folder(path));
	if (folder.n && realpath(folder.at, real))
		return arena_format(arena, "%s/%.*s", str_is(str_from(real), "/") ? "" : real,
				    STR_ARG(path_last(path)));
	return arena_copy(arena, path);
}

struct str workspace_path(const struct workspace *workspace, struct arena *arena, struct str uri)
{
	struct str path;
	if (uri_read(arena, uri, &path))
		return real_path(arena, path);
	struct str folder = workspace->folders.n ? workspace->folders.at[0] : STR("");
	struct text name = { 0 };
	for (size_t i = 0; i < uri.n; i++)
		text_add_byte(&name, uri.at[i] == '/' || !uri.at[i] ? '-' : uri.at[i]);
	path = arena_format(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(text_str(&name)));
	text_release(&name);
	return path;
}

struct workspace_plan *workspace_add(struct workspace *workspace, struct str path)
{
	uint32_t *known = map_find(&workspace->plan_by_path, path);
	if (known) {
		workspace->plans.at[*known]->gone = false;
		return workspace->plans.at[*known];
	}
	struct workspace_plan *plan = ARENA_NEW(&workspace->arena, struct workspace_plan);
	plan->path = arena_copy(&workspace->arena, path);
	plan->stale = true;
	map_add(&workspace->arena, &workspace->plan_by_path, plan->path,
		(uint32_t)workspace->plans.n);
	*VEC_ADD(&workspace->arena, &workspace->plans) = plan;
	return plan;
}

/* Hidden folders and packages of others are passed over, links are not followed. */
static void scan_folder(struct workspace *workspace, struct arena *arena, struct str folder,
			unsigned depth)
{
	enum { DEEPEST = 40 };
	DIR *open = opendir(arena_copy(arena, folder).at);
	struct dirent *at;
	while (open && (at = readdir(open)) && workspace->plans.n < WORKSPACE_FILES) {
		struct stat about;
		struct str name = str_from(at->d_name);
		struct str path = arena_format(arena, "%.*s/%s", STR_ARG(folder), at->d_name);
		if (name.at[0] == '.' || lstat(path.at, &about))
			continue;
		if (S_ISDIR(about.st_mode) && depth < DEEPEST && !str_is(name, "node_modules"))
			scan_folder(workspace, arena, path, depth + 1);
		else if (S_ISREG(about.st_mode) && str_ends(name, STR(".orch")))
			workspace_add(workspace, path);
	}
	if (open)
		closedir(open);
}

void workspace_scan(struct workspace *workspace)
{
	for (size_t i = 0; i < workspace->folders.n; i++) {
		struct arena arena = { 0 };
		scan_folder(workspace, &arena, workspace->folders.at[i], 0);
		arena_release(&arena);
	}
}

void workspace_add_folder(struct workspace *workspace, struct str path)
{
	char real[PATH_MAX];
	struct arena arena = { 0 };
	if (realpath(arena_copy(&arena, path).at, real))
		*VEC_ADD(&workspace->arena, &workspace->folders) = arena_copy(&workspace->arena,
									      str_from(real));
	arena_release(&arena);
}

void workspace_drop_folder(struct workspace *workspace, struct str path)
{
	size_t kept = 0;
	struct arena arena = { 0 };
	path = real_path(&arena, path);
	for (size_t i = 0; i < workspace->folders.n; i++)
		if (!str_equal(workspace->folders.at[i], path))
			workspace->folders.at[kept++] = workspace->folders.at[i];
	workspace->folders.n = kept;
	for (size_t i = 0; i < workspace->plans.n; i++) {
		struct workspace_plan *plan = workspace->plans.at[i];
		bool kept_by_another = document_of_path(&workspace->documents, plan->path) != NULL;
		for (size_t k = 0; k < kept; k++)
			kept_by_another |= path_is_below(plan->path, workspace->folders.at[k]);
		if (path_is_below(plan->path, path) && !kept_by_another)
			plan->gone = plan->stale = true;
	}
	arena_release(&arena);
}

struct str workspace_source_path(struct arena *arena, const struct compile *c, uint32_t source)
{
	const struct source *at = source_get(&c->sources, source);
	if (at->built_in)
		return STR("");
	return arena_format(arena, "%.*s/%.*s", STR_ARG(c->load.root), STR_ARG(at->path));
}

/* The path as the sources of a plan in this root have it; false when it is not beneath it. */
static bool relative(const struct compile *c, struct str path, struct str *below)
{
	if (!c->load.root.n || !path_is_below(path, c->load.root))
		return false;
	*below = path_below(path, c->load.root);
	return true;
}

static bool is_made_of(const struct workspace_plan *plan, struct str path)
{
	struct str below;
	if (!plan->there || !relative(&plan->compile, path, &below))
		return str_equal(plan->path, path);
	for (size_t i = 0; i < plan->compile.sources.list.n; i++)
		if (!plan->compile.sources.list.at[i].built_in &&
		    str_equal(plan->compile.sources.list.at[i].path, below))
			return true;
	return str_equal(plan->path, path);
}

/* Does it import, or take a prompt of, something that is not there? */
static bool misses_files(const struct workspace_plan *plan)
{
	for (size_t i = 0; plan->there && i < plan->compile.diags.list.n; i++) {
		enum diag_code code = plan->compile.diags.list.at[i].code;
		if (code == DIAG_IMPORT || code == DIAG_PROMPT_FILE)
			return true;
	}
	return false;
}

void workspace_touch(struct workspace *workspace, struct str path)
{
	for (size_t i = 0; i < workspace->plans.n; i++) {
		struct workspace_plan *plan = workspace->plans.at[i];
		if (!path.n || is_made_of(plan, path) || misses_files(plan))
			plan->stale = true;
	}
}

void workspace_close(struct workspace *workspace, struct str path)
{
	uint32_t *known = map_find(&workspace->plan_by_path, path);
	struct stat about;
	if (!known || document_of_path(&workspace->documents, path))
		return;
	struct workspace_plan *plan = workspace->plans.at[*known];
	bool there = lstat(plan->path.at, &about) == 0, inside = false;
	for (size_t i = 0; i < workspace->folders.n; i++)
		inside |= path_is_below(path, workspace->folders.at[i]);
	plan->gone = !there || !inside;
	plan->stale = true;
}

bool workspace_waits(const struct workspace *workspace, struct str path)
{
	for (size_t i = 0; i < workspace->plans.n; i++)
		if (workspace->plans.at[i]->stale && is_made_of(workspace->plans.at[i], path))
			return true;
	return false;
}

struct workspace_plan *workspace_stale(const struct workspace *workspace)
{
	struct workspace_plan *any = NULL;
	for (size_t i = 0; i < workspace->plans.n; i++) {
		struct workspace_plan *plan = workspace->plans.at[i];
		if (!plan->stale)
			continue;
		if (document_of_path(&workspace->documents, plan->path))
			return plan;
		any = any ? any : plan;
	}
	return any;
}

struct load_overlay workspace_overlay(const struct workspace *workspace, struct arena *arena,
				      struct str root)
{
	struct load_overlay overlay = {
		ARENA_MANY(arena, workspace->documents.list.n, struct load_given), 0
	};
	for (size_t i = 0; i < workspace->documents.list.n; i++) {
		const struct document *document = workspace->documents.list.at[i];
		if (document->open && path_is_below(document->path, root))
			overlay.at[overlay.n++] = (struct load_given){
				arena_copy(arena, path_below(document->path, root)),
				arena_copy(arena, document_source(document)->text)
			};
	}
	return overlay;
}

/* The root of a plan's path, also of one that is in no file yet. */
static struct str root_of(struct arena *arena, struct str path)
{
	struct str root;
	struct str folder = arena_copy(arena, path_folder(path));
	if (load_root(arena, path.at, &root))
		return root;
	return folder.n && load_root(arena, arena_format(arena, "%.*s/.", STR_ARG(folder)).at,
				     &root)
		       ? root
		       : folder;
}

static void note_changes(struct workspace *workspace, const struct workspace_plan *plan)
{
	struct arena *arena = &workspace->changed_arena;
	*VEC_ADD(arena, &workspace->changed) = plan->path;
	for (uint32_t i = 0; plan->there && i < plan->compile.sources.list.n; i++) {
		struct str path = workspace_source_path(arena, &plan->compile, i);
		if (path.n)
			*VEC_ADD(arena, &workspace->changed) = path;
	}
}

void workspace_forget_changes(struct workspace *workspace)
{
	arena_release(&workspace->changed_arena);
	workspace->changed_arena = (struct arena){ 0 };
	workspace->changed.at = NULL;
	workspace->changed.n = workspace->changed.cap = 0;
}

void workspace_compile(struct workspace *workspace, struct workspace_plan *plan)
{
	if (!plan->stale)
		return;
	note_changes(workspace, plan);
	arena_release(&plan->arena);
	plan->arena = (struct arena){ 0 };
	plan->symbols = NULL;
	plan->stale = false;
	struct load_overlay overlay = workspace_overlay(workspace, &plan->arena,
							root_of(&plan->arena, plan->path));
	plan->there = !plan->gone &&
		      compile_plan_with(&plan->arena, plan->path.at,
					&(struct compile_options){ .reader = workspace->facts,
								   .overlay = &overlay },
					&plan->compile, &plan->why);
	plan->compile.load.overlay = NULL;
	note_changes(workspace, plan);
}

static bool has_plan(const struct workspace_plan *plan)
{
	return plan->there && plan->compile.plan.span.start != plan->compile.plan.span.end;
}

uint32_t workspace_unit(const struct workspace_plan *plan, struct str path)
{
	struct str below;
	if (!relative(&plan->compile, path, &below))
		return LOAD_NONE;
	for (uint32_t i = 0; i < plan->compile.load.units.n; i++) {
		const struct load_unit *unit = &plan->compile.load.units.at[i];
		if (!unit->std && str_equal(unit->path, below))
			return i;
	}
	return LOAD_NONE;
}

/* A plan that has the file in it, other than as its first. */
static struct workspace_plan *importer(const struct workspace *workspace, struct str path)
{
	for (size_t i = 0; i < workspace->plans.n; i++) {
		struct workspace_plan *plan = workspace->plans.at[i];
		if (has_plan(plan) && !str_equal(plan->path, path) &&
		    workspace_unit(plan, path) != LOAD_NONE)
			return plan;
	}
	return NULL;
}

bool workspace_is_part(const struct workspace *workspace, const struct workspace_plan *plan)
{
	return plan->there && !has_plan(plan) && importer(workspace, plan->path);
}

bool workspace_view(struct workspace *workspace, struct str path, struct workspace_view *view)
{
	const uint32_t *known = map_find(&workspace->plan_by_path, path);
	struct workspace_plan *own = known ? workspace->plans.at[*known] : NULL, *other;
	*view = (struct workspace_view){ 0 };
	if (!own)
		return false;
	workspace_compile(workspace, own);
	while (own->there && !has_plan(own) && (other = importer(workspace, path)) && other->stale)
		workspace_compile(workspace, other);
	other = own->there && !has_plan(own) ? importer(workspace, path) : NULL;
	view->plan = other ? other : own;
	if (!view->plan->there)
		return false;
	view->compile = &view->plan->compile;
	view->unit = workspace_unit(view->plan, path);
	if (view->unit == LOAD_NONE)
		return false;
	view->in = &view->compile->load.units.at[view->unit];
	view->source = source_get(&view->compile->sources, view->in->syntax.source);
	return true;
}

const struct symbols *workspace_symbols(struct workspace_plan *plan)
{
	if (!plan->symbols) {
		plan->symbols = ARENA_NEW(&plan->arena, struct symbols);
		symbol_collect(&plan->arena, &plan->compile, plan->symbols);
	}
	return plan->symbols;
}

void workspace_release(struct workspace *workspace)
{
	for (size_t i = 0; i < workspace->plans.n; i++)
		arena_release(&workspace->plans.at[i]->arena);
	document_release(&workspace->documents);
	arena_release(&workspace->changed_arena);
	arena_release(&workspace->arena);
}
