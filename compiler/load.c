/* load.c — see load.h.
 *
 * Files are read breadth first, each once, whatever the number of imports that lead to it. Circles
 * are looked for when all are there, so that one that is long is no deeper a recursion than one
 * that is short. */
#include "compiler/load.h"

#include "common/file.h"
#include "common/graph.h"
#include "common/path.h"
#include "common/utf8.h"
#include "compiler/markdown.h"
#include "compiler/stdlib.h"
#include "grammar/encoding.h"
#include "grammar/parse.h"
#include "parser.h"
#include "schedule/image.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool load_resolve(struct arena *arena, struct str folder, struct str path, struct str *resolved)
{
	VEC(struct str) parts = { 0 };
	struct str part, rest = folder;
	if (!path.n || path.at[0] == '/')
		return false;
	while (rest.n && str_split(&rest, '/', &part))
		*VEC_ADD(arena, &parts) = part;
	rest = path;
	while (str_split(&rest, '/', &part)) {
		if (!part.n || str_is(part, "."))
			continue;
		if (!str_is(part, "..")) {
			*VEC_ADD(arena, &parts) = part;
		} else {
			if (!parts.n)
				return false;
			parts.n--;
		}
	}
	struct text joined = { 0 };
	for (size_t i = 0; i < parts.n; i++)
		text_addf(&joined, "%s%.*s", i ? "/" : "", STR_ARG(parts.at[i]));
	*resolved = arena_copy(arena, text_str(&joined));
	text_release(&joined);
	return resolved->n > 0;
}

static bool refuse(struct str *reason, const char *text)
{
	*reason = str_from(text);
	return false;
}

static void note_file(struct load *load, const struct stat *about)
{
	const struct load_file *last = load->files.n ? &load->files.at[load->files.n - 1] : NULL;
	if (!last || last->device != about->st_dev || last->number != about->st_ino)
		*VEC_ADD(load->arena, &load->files) = (struct load_file){ about->st_dev,
									  about->st_ino };
}

static bool refuse_large(struct load *load, off_t largest, struct str *reason)
{
	*reason = arena_format(load->arena, "it has more than %lld MiB", (long long)largest >> 20);
	return false;
}

/* The file that the path leads to, through links. It must be inside of the root as well. */
static bool find_real(struct load *load, struct str path, off_t largest, char real[PATH_MAX],
		      struct str *reason)
{
	struct str joined = arena_format(load->arena, "%.*s/%.*s", STR_ARG(load->root),
					 STR_ARG(path));
	struct stat about;
	if (memchr(path.at, 0, path.n))
		return refuse(reason, "its name has a NUL in it");
	if (!realpath(joined.at, real))
		return refuse(reason, errno == ENOENT || errno == ENOTDIR ? "there is no such file"
									  : strerror(errno));
	struct str found = str_from(real);
	if (!path_is_below(found, load->root))
		return refuse(reason, "it leads out of the repository");
	if (stat(real, &about))
		return refuse(reason, strerror(errno));
	if (S_ISDIR(about.st_mode))
		return refuse(reason, "it is a folder");
	if (!S_ISREG(about.st_mode))
		return refuse(reason, "it is not a regular file");
	if (about.st_size > largest)
		return refuse_large(load, largest, reason);
	note_file(load, &about);
	return true;
}

static bool find_given(const struct load *load, struct str path, struct str *text)
{
	for (size_t i = 0; load->overlay && i < load->overlay->n; i++)
		if (str_equal(load->overlay->at[i].path, path)) {
			*text = load->overlay->at[i].text;
			return true;
		}
	return false;
}

/* The reasons are those that find_real() has: the same mistake is said with the same words. */
static bool read_elsewhere(struct load *load, struct str path, size_t largest, struct str *text,
			   struct str *reason)
{
	if (memchr(path.at, 0, path.n))
		return refuse(reason, "its name has a NUL in it");
	switch (load->elsewhere->read(load->elsewhere->context, load->arena, path, largest, text)) {
	case LOAD_FOUND: return true;
	case LOAD_OUTSIDE: return refuse(reason, "it leads out of the repository");
	case LOAD_LOOP: return refuse(reason, strerror(ELOOP));
	case LOAD_FOLDER: return refuse(reason, "it is a folder");
	case LOAD_LARGE: return refuse_large(load, (off_t)largest, reason);
	case LOAD_MISSING: break;
	}
	return refuse(reason, "there is no such file");
}

static bool read_bytes(struct load *load, struct str path, size_t largest, struct str *text,
		       struct str *reason)
{
	char real[PATH_MAX];
	struct fail fail;
	if (find_given(load, path, text))
		return true;
	if (load->elsewhere)
		return read_elsewhere(load, path, largest, text, reason);
	if (!find_real(load, path, (off_t)largest, real, reason))
		return false;
	if (file_read(load->arena, real, largest, text, &fail))
		return true;
	const char *why = strrchr(fail.text, ':');
	*reason = arena_copy(load->arena, str_trim(str_from(why ? why + 1 : fail.text)));
	return false;
}

bool load_text(struct load *load, struct str path, struct str *text, struct str *reason)
{
	if (!read_bytes(load, path, LOAD_LARGEST, text, reason))
		return false;
	if (text->n && memchr(text->at, 0, text->n))
		return refuse(reason, "it is not text: there is a NUL in it");
	size_t invalid = utf8_invalid(*text);
	if (invalid == SIZE_MAX)
		return true;
	*reason = arena_format(load->arena, "it is not UTF-8: see its byte %zu", invalid);
	return false;
}

static struct str folder_of(struct str path)
{
	size_t slash = path.n;
	while (slash && path.at[slash - 1] != '/')
		slash--;
	return str_slice(path, 0, slash ? slash - 1 : 0);
}

static bool has_git(struct arena *arena, struct str folder)
{
	return file_there(arena_format(arena, "%.*s/.git", STR_ARG(folder)).at);
}

/* The nearest folder above with a .git, or the folder itself. */
static struct str find_root(struct arena *arena, struct str folder)
{
	for (struct str at = folder; at.n; at = folder_of(at))
		if (has_git(arena, at))
			return at;
	return folder;
}

bool load_is_markdown(struct str path)
{
	return str_ends(path, STR(".md")) || str_ends(path, STR(".markdown"));
}

static struct str absolute(struct arena *arena, struct str folder)
{
	char real[PATH_MAX];
	const char *path = folder.n ? arena_copy(arena, folder).at : ".";
	return realpath(path, real) ? arena_copy(arena, str_from(real)) : STR("");
}

/* Of where the name of the plan lies, whatever it is a link to: somebody who may put links into a
 * repository must not choose what else is read. The folders of the name itself come first, for one
 * of them may be a link, too. */
static struct str root_by_name(struct arena *arena, struct str path)
{
	bool up = str_find_text(path, STR("..")) != SIZE_MAX, from_root = path.at[0] == '/';
	struct str folder = folder_of(path);
	if (from_root && !folder.n)
		return STR("/");
	for (struct str at = folder; at.n && !up; at = folder_of(at)) {
		struct str real = absolute(arena, at);
		if (real.n > 1 && has_git(arena, real))
			return real;
	}
	struct str real = absolute(arena, folder);
	if (from_root || up)
		return find_root(arena, real);
	struct str root = find_root(arena, absolute(arena, STR("")));
	return has_git(arena, root) ? root : find_root(arena, real);
}

bool load_root(struct arena *arena, const char *path, struct str *root)
{
	char real[PATH_MAX];
	if (!*path || !realpath(path, real))
		return false;
	*root = root_by_name(arena, str_from(path));
	return path_is_below(str_from(real), *root);
}

/* Reads the tree of a file whose text is there. The index of its unit. */
static uint32_t add_unit(struct load *load, struct str path, struct str text, bool std)
{
	uint32_t index = (uint32_t)load->units.n;
	struct load_unit *unit = VEC_ADD(load->arena, &load->units);
	unit->path = path;
	unit->folder = folder_of(path);
	unit->std = std;
	unit->prefix = STR("");
	map_add(load->arena, &load->known, path, index);
	uint32_t source = source_add(load->sources, path, text);
	load->sources->list.at[source].built_in = std;
	unit->markdown = load_is_markdown(path);
	if (unit->markdown)
		load->sources->list.at[source].code = markdown_code(load->arena, text, STR("orch"));
	parse_source(load->arena, load->sources, source, load->diags, &unit->syntax);
	return index;
}

static const struct stdlib_file *find_std(struct str path)
{
	for (const struct stdlib_file *file = stdlib_file_list; file->name; file++)
		if (str_is(path, file->name))
			return file;
	return NULL;
}

static void say_unreadable(struct load *load, const struct load_import *import, struct str path,
			   struct str reason)
{
	struct diag *diag = diag_add(load->diags, DIAG_IMPORT, import->path,
				     "`%.*s` cannot be imported: %.*s", STR_ARG(path),
				     STR_ARG(reason));
	if (str_starts(path, STR("std/"))) {
		struct text names = { 0 };
		for (const struct stdlib_file *file = stdlib_file_list; file->name; file++) {
			text_addf(&names, "%s`%s`", names.n ? ", " : "", file->name);
			if (str_distance(path, str_from(file->name), 3) <= 3)
				diag_fix(load->diags, diag, DIAG_UNSAFE, import->path,
					 arena_format(load->arena, "\"%s\"", file->name),
					 "write `\"%s\"`", file->name);
		}
		diag_help(load->diags, diag, "the library that is built in has %.*s",
			  STR_ARG(text_str(&names)));
		text_release(&names);
	} else {
		diag_note(load->diags, diag,
			  "paths of imports are relative to the file that says them");
	}
}

/* The unit that `path`, said in `from`, leads to; LOAD_NONE when that was an error. */
static uint32_t open_import(struct load *load, uint32_t from, const struct load_import *import,
			    struct str path)
{
	bool std = str_starts(path, STR("std/"));
	struct str text, reason = STR("it is outside of the repository"), resolved = path;
	const struct stdlib_file *file = std ? find_std(path) : NULL;
	if (std && !file)
		reason = STR("there is no such file");
	bool good = std ? file != NULL
			: load_resolve(load->arena, load->units.at[from].folder, path, &resolved);
	uint32_t *known = good ? map_find(&load->known, resolved) : NULL;
	if (known)
		return *known;
	if (good && std)
		text = str_from(file->text);
	else if (good)
		good = read_bytes(load, resolved, LOAD_SOURCE_LARGEST, &text, &reason);
	if (good)
		return add_unit(load, resolved, text, std);
	say_unreadable(load, import, path, reason);
	return LOAD_NONE;
}

/* What stands between a string's quotes; a path with escapes is not decoded. */
static struct str inside(struct str string)
{
	return string.n >= 2 ? str_slice(string, 1, string.n - 1) : STR("");
}

static void read_imports(struct load *load, uint32_t index)
{
	struct node *statement = load->units.at[index].syntax.root->child;
	for (; statement; statement = statement->next) {
		if (statement->keyword != TOKEN_IMPORT || statement->kind == NODE_DISABLED)
			continue;
		struct load_unit *unit = &load->units.at[index];
		struct node *name = syntax_child(statement, NODE_NAME),
			    *path = syntax_child(statement, NODE_STRING);
		if (!name)
			continue;
		struct load_import import = { .unit = LOAD_NONE,
					      .span = syntax_span(&unit->syntax, name) };
		import.name = source_text(load->sources, import.span);
		if (statement->kind == NODE_STATEMENT && path) {
			import.path = syntax_span(&unit->syntax, path);
			import.unit = open_import(load, index, &import,
						  inside(source_text(load->sources, import.path)));
		}
		unit = &load->units.at[index]; /* units may have moved */
		if (import.unit != LOAD_NONE && import.unit &&
		    !load->units.at[import.unit].prefix.n)
			load->units.at[import.unit].prefix = arena_format(load->arena, "%.*s%.*s.",
									  STR_ARG(unit->prefix),
									  STR_ARG(import.name));
		*VEC_ADD(load->arena, &unit->imports) = import;
	}
}

static const struct load_import *find_import(const struct load *load, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < load->units.at[from].imports.n; i++)
		if (load->units.at[from].imports.at[i].unit == to)
			return &load->units.at[from].imports.at[i];
	return NULL;
}

/* An edge of the graph leads from what is imported to what imports it. */
static void say_loop(struct load *load, const struct graph_cycle *cycle)
{
	struct diag *diag = NULL;
	for (size_t i = cycle->n; i-- > 0;) {
		uint32_t from = cycle->at[(i + 1) % cycle->n], to = cycle->at[i];
		const struct load_import *import = find_import(load, from, to);
		struct str path = load->units.at[from].path, next = load->units.at[to].path;
		if (!diag) {
			diag = diag_add(load->diags, DIAG_IMPORT_LOOP, import->path,
					cycle->n == 1 ? "`%.*s` imports itself"
						      : "`%.*s` imports itself, by way of others",
					STR_ARG(path));
			diag_here(load->diags, diag, "`%.*s` imports `%.*s`", STR_ARG(path),
				  STR_ARG(next));
		} else {
			diag_label(load->diags, diag, import->path, "`%.*s` imports `%.*s`",
				   STR_ARG(path), STR_ARG(next));
		}
	}
	diag_help(load->diags, diag, "move what both need to a file of its own, which both import");
}

static void check_loops(struct load *load)
{
	VEC(struct graph_edge) edges = { 0 };
	for (uint32_t i = 0; i < load->units.n; i++)
		for (size_t j = 0; j < load->units.at[i].imports.n; j++)
			if (load->units.at[i].imports.at[j].unit != LOAD_NONE)
				*VEC_ADD(load->arena, &edges) = (struct graph_edge){
					load->units.at[i].imports.at[j].unit, i
				};
	struct graph graph = graph_make(load->arena, (uint32_t)load->units.n, edges.at, edges.n);
	size_t n;
	struct graph_cycle *cycles = graph_cycles(load->arena, &graph, &n);
	load->loops = n > 0;
	for (size_t i = 0; i < n; i++)
		say_loop(load, &cycles[i]);
}

/* A plan that is given, and may be in no file yet. Its path is absolute. */
static bool find_unsaved(struct load *load, const char *path, struct str *relative)
{
	struct str whole = str_from(path), text;
	if (!load->overlay || whole.at[0] != '/')
		return false;
	load->root = root_by_name(load->arena, whole);
	if (!path_is_below(whole, load->root))
		return false;
	*relative = path_below(whole, load->root);
	return find_given(load, *relative, &text);
}

/* `path` as the kernel has it, split at the root. */
static bool find_plan(struct load *load, const char *path, struct str *relative, struct fail *fail)
{
	char real[PATH_MAX];
	struct stat about;
	if (find_unsaved(load, path, relative))
		return true;
	if (!realpath(path, real) || stat(real, &about))
		return fail_system(fail, "cannot read the plan %s", path);
	if (S_ISDIR(about.st_mode))
		return fail_set(
			fail, "cannot read the plan %s: it is a folder; name the .orch file in it",
			path);
	if (!S_ISREG(about.st_mode))
		return fail_set(fail, "cannot read the plan %s: it is not a regular file", path);
	struct str whole = arena_copy(load->arena, str_from(real));
	if (!load_root(load->arena, path, &load->root))
		return fail_set(
			fail,
			"the plan %s is not read: it leads to %s, outside of %.*s; if that is meant, name that file",
			path, real, STR_ARG(load->root));
	*relative = path_below(whole, load->root);
	note_file(load, &about);
	return true;
}

/* Text with a NUL in it is still text, of which the parser tells; UTF-16 is as well. */
static bool check_text(const char *path, struct str text, struct fail *fail)
{
	if (image_recognise(text))
		return fail_set(
			fail,
			"%s is not a plan, but an image that `orchc build` wrote: `orchc disasm` shows it, and "
			"`orch exec` runs it",
			path);
	if (str_ends(str_from(path), STR(".orchb")))
		return fail_set(
			fail,
			"%s is neither a plan nor an image: it does not begin as `orchc build` writes them",
			path);
	if (encoding_is_binary(text))
		return fail_set(fail, "%s is not a plan: it is not text", path);
	return true;
}

/* Does a runner's `events` name another runner without saying whose it is? */
static bool names_events(const struct load_unit *unit)
{
	const struct node *statement = unit->syntax.root->child;
	for (; statement; statement = statement->next) {
		const struct node *block = statement->keyword == TOKEN_RUNNER
						   ? syntax_child(statement, NODE_BLOCK)
						   : NULL;
		for (const struct node *in = block ? block->child : NULL; in; in = in->next)
			if (in->keyword == TOKEN_EVENTS && syntax_child(in, NODE_NAME))
				return true;
	}
	return false;
}

/* `events claude` is that of the library's `claude`, whether the file imports it or not. */
static void load_library(struct load *load)
{
	const struct stdlib_file *file = find_std(STR(LOAD_LIBRARY));
	bool wanted = false;
	load->library = LOAD_NONE;
	for (size_t i = 0; i < load->units.n; i++)
		wanted |= names_events(&load->units.at[i]);
	if (!wanted || !file)
		return;
	uint32_t *known = map_find(&load->known, STR(LOAD_LIBRARY));
	load->library = known ? *known
			      : add_unit(load, STR(LOAD_LIBRARY), str_from(file->text), true);
}

static bool read_plan(struct load *load, const char *path, struct str relative, struct str *text,
		      struct fail *fail)
{
	struct str reason;
	if (find_given(load, relative, text))
		return true;
	if (!load->elsewhere)
		return file_read(load->arena, path, LOAD_SOURCE_LARGEST, text, fail);
	return read_elsewhere(load, relative, LOAD_SOURCE_LARGEST, text, &reason) ||
	       fail_set(fail, "cannot read the plan %s: %.*s", path, STR_ARG(reason));
}

bool load_plan(struct load *load, const char *path, const struct facts_reader *reader,
	       struct fail *fail)
{
	struct str text, relative;
	if (!find_plan(load, path, &relative, fail) ||
	    (reader && !reader->open(reader->context, load->root, fail)) ||
	    !read_plan(load, path, relative, &text, fail) ||
	    !check_text(path, text, fail))
		return false;
	add_unit(load, relative, text, false);
	for (uint32_t i = 0; i < load->units.n; i++)
		read_imports(load, i);
	load_library(load);
	check_loops(load);
	return true;
}
