/* baseline.c — see baseline.h. Trees are read as their bytes, which is several times as fast as
 * through libgit2's own trees. */
#include "runtime/baseline.h"

#include "common/path.h"
#include "common/text.h"

#include <string.h>

enum { DEEPEST = 2048 };	/* more folders in one another than a path has room for */

bool baseline_start(struct baseline *b, struct fail *fail)
{
	/* Sparse checkouts and partial clones: what is read of them here is as in any other. */
	static const char *const extensions[] = { "worktreeconfig", "partialclone" };
	if (b->started)
		return true;
	if (!gitlib_open(&b->lib, fail))
		return false;
	b->started = true;
	b->lib.git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
				sizeof extensions / sizeof *extensions);
	b->lib.git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	return true;
}

static struct str reason(const struct baseline *b)
{
	const git_error *error = b->lib.git_error_last();
	return str_from(error && error->message ? error->message : "");
}

static bool open_objects(struct baseline *b, struct fail *fail)
{
#define F(name) .name = b->lib.name,
	const struct gitloose_functions functions = { GITLOOSE_FUNCTIONS(F) };
#undef F
	if (b->lib.git_repository_odb(&b->odb, b->git) == 0 &&
	    gitloose_add(&functions, b->odb, b->lib.git_repository_commondir(b->git)))
		return true;
	return gitlib_fail(&b->lib, fail, "cannot open the objects of the git repository at %.*s",
			   STR_ARG(b->root));
}

bool baseline_open(struct baseline *b, struct arena *arena, struct str root, struct fail *fail)
{
	if (!baseline_start(b, fail))
		return false;
	b->root = root;
	const char *path = arena_copy(arena, root).at;
	if (b->lib.git_repository_open_ext(&b->git, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) == 0)
		return open_objects(b, fail);
	if (str_find_text(reason(b), STR("extension")) == SIZE_MAX)
		return gitlib_fail(&b->lib, fail, "cannot open the git repository at %s", path);
	b->unreadable = arena_format(arena,
				     "the repository is in a format that orch cannot read (%.*s)",
				     STR_ARG(reason(b)));
	return true;
}

/* Names of refs without what says their kind; NULL for those that nobody would name. */
static const char *short_name(const char *ref)
{
	static const char *const kinds[] = { "refs/heads/", "refs/tags/", "refs/remotes/" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(ref, kinds[i], strlen(kinds[i])) == 0)
			return ref + strlen(kinds[i]);
	return NULL;
}

/* How unlike the name is; `origin/main` is nearly `main`. */
static size_t unlikeness(struct str revision, struct str name, size_t limit)
{
	bool remote = name.n > revision.n && str_ends(name, revision) &&
		      name.at[name.n - revision.n - 1] == '/';
	return remote ? 1 : str_distance(revision, name, limit);
}

static struct str nearest_ref(struct baseline *b, struct arena *arena, struct str revision)
{
	git_reference_iterator *each;
	const char *ref;
	struct str nearest = STR("");
	size_t best = 2 + revision.n / 4;
	if (b->lib.git_reference_iterator_new(&each, b->git))
		return nearest;
	while (b->lib.git_reference_next_name(&ref, each) == 0) {
		const char *name = short_name(ref);
		size_t distance = name ? unlikeness(revision, str_from(name), best) : SIZE_MAX;
		if (distance < best) {
			best = distance;
			nearest = arena_copy(arena, str_from(name));
		}
	}
	b->lib.git_reference_iterator_free(each);
	return nearest;
}

static bool fail_commit(const struct baseline *b, const char *said, struct fail *fail)
{
	return gitlib_fail(&b->lib, fail, "cannot read the commit \"%s\" of the repository at %.*s",
			   said, STR_ARG(b->root));
}

static bool find_tree(struct baseline *b, struct arena *arena, struct str revision,
		      struct baseline_list *list, git_oid *tree, struct fail *fail)
{
	git_object *found = NULL, *commit = NULL;
	const char *said = revision.n ? arena_copy(arena, revision).at : "HEAD";
	int error = b->lib.git_revparse_single(&found, b->git, said);
	char hex[GIT_OID_HEXSZ + 1];
	bool good = true;
	if (error && !revision.n && b->lib.git_repository_head_unborn(b->git) == 1) {
		list->why = STR("the repository has no commit yet");
	} else if (error == GIT_ENOTFOUND || error == GIT_EINVALIDSPEC || error == GIT_EAMBIGUOUS) {
		list->why = arena_format(
			arena,
			error == GIT_EAMBIGUOUS
				? "`%s` may be several commits of this repository"
				: "`%s` is no branch, tag or commit of this repository",
			said);
		list->unknown = error == GIT_ENOTFOUND;
		list->nearest = nearest_ref(b, arena, str_from(said));
	} else if (error) {
		good = fail_commit(b, said, fail);
	} else if ((error = b->lib.git_object_peel(&commit, found, GIT_OBJECT_COMMIT))) {
		list->why = arena_format(arena, "`%s` is no commit", said);
		good = error == GIT_EPEEL || error == GIT_EINVALIDSPEC || error == GIT_EAMBIGUOUS ||
		       fail_commit(b, said, fail);
	} else {
		b->lib.git_oid_tostr(hex, sizeof hex, b->lib.git_object_id(commit));
		list->commit = arena_copy(arena, str_from(hex));
		*tree = *b->lib.git_commit_tree_id((git_commit *)commit);
		list->there = true;
	}
	b->lib.git_object_free(commit);
	b->lib.git_object_free(found);
	return good;
}

bool baseline_find(struct baseline *b, struct arena *arena, struct str revision,
		   struct baseline_list *list, git_oid *tree, struct fail *fail)
{
	*list = (struct baseline_list){ .why = b->unreadable };
	return !b->git || find_tree(b, arena, revision, list, tree, fail);
}

struct walk {
	struct baseline *b;
	struct arena *arena;
	struct baseline_list *list;
	struct text path;	/* of the folder, with its slash */
	unsigned depth;
	struct fail *fail;
};

static bool fail_tree(struct walk *walk, const git_oid *id, const char *state)
{
	char hex[GIT_OID_HEXSZ + 1];
	struct str folder = text_str(&walk->path);
	walk->b->lib.git_oid_tostr(hex, sizeof hex, id);
	return fail_set(walk->fail,
			"%.*s (tree %s) of the repository at %.*s %s; `git fsck` says more",
			STR_ARG(folder.n ? folder : STR("the top folder")), hex,
			STR_ARG(walk->b->root), state);
}

static bool walk_folder(struct walk *walk, const git_oid *id)
{
	const struct gitlib *lib = &walk->b->lib;
	git_odb_object *object;
	struct treebytes_entry entry;
	git_oid below;
	size_t folder = walk->path.n;
	if (walk->depth >= DEEPEST)
		return fail_tree(walk, id, "has too many folders above it");
	if (lib->git_odb_read(&object, walk->b->odb, id))
		return fail_tree(walk, id, "is damaged or missing");
	struct str rest = { lib->git_odb_object_data(object), lib->git_odb_object_size(object) };
	bool good = lib->git_odb_object_type(object) == GIT_OBJECT_TREE ||
		    fail_tree(walk, id, "is no tree");
	walk->depth++;
	while (good && rest.n) {
		if (!treebytes_next(&rest, &entry)) {
			good = fail_tree(walk, id, "is damaged");
			break;
		}
		text_add(&walk->path, entry.name);
		if (entry.mode == TREEBYTES_FOLDER) {
			memcpy(below.id, entry.id, TREEBYTES_ID);
			text_add_byte(&walk->path, '/');
			good = walk_folder(walk, &below);
		} else if (path_is_safe(text_str(&walk->path), NULL)) {
			*VEC_ADD(walk->arena, &walk->list->entries) = (struct baseline_entry){
				arena_copy(walk->arena, text_str(&walk->path)), entry.mode
			};
		}
		walk->path.n = folder;
	}
	walk->depth--;
	lib->git_odb_object_free(object);
	return good;
}

bool baseline_read(struct baseline *b, struct arena *arena, struct str revision,
		   struct baseline_list *list, struct fail *fail)
{
	struct walk walk = { .b = b, .arena = arena, .list = list, .fail = fail };
	git_oid tree;
	if (!baseline_find(b, arena, revision, list, &tree, fail))
		return false;
	bool good = !list->there || walk_folder(&walk, &tree);
	text_release(&walk.path);
	return good;
}

struct str baseline_fork(struct baseline *b, struct arena *arena, struct str commit)
{
	git_object *head = NULL, *other = NULL;
	git_oid fork;
	char hex[GIT_OID_HEXSZ + 1];
	bool found = b->lib.git_revparse_single(&head, b->git, "HEAD^{commit}") == 0 &&
		     b->lib.git_revparse_single(&other, b->git, arena_copy(arena, commit).at) == 0 &&
		     b->lib.git_merge_base(&fork, b->git, b->lib.git_object_id(head),
					   b->lib.git_object_id(other)) == 0;
	if (found)
		b->lib.git_oid_tostr(hex, sizeof hex, &fork);
	b->lib.git_object_free(head);
	b->lib.git_object_free(other);
	return found ? arena_copy(arena, str_from(hex)) : commit;
}

bool baseline_ignores(struct baseline *b, struct str path)
{
	struct text name = { 0 };
	int ignored = 0;
	text_add(&name, path);
	bool answered = b->git && name.n &&
			b->lib.git_ignore_path_is_ignored(&ignored, b->git, name.at) == 0;
	text_release(&name);
	return answered && ignored;
}

void baseline_leave(struct baseline *b)
{
	if (!b->started)
		return;
	b->lib.git_odb_free(b->odb);
	b->lib.git_repository_free(b->git);
	b->odb = NULL;
	b->git = NULL;
	b->unreadable = STR("");
}

void baseline_close(struct baseline *b)
{
	if (!b->started)
		return;
	baseline_leave(b);
	b->lib.git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
	gitlib_close(&b->lib);
	*b = (struct baseline){ 0 };
}
