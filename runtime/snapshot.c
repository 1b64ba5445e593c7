/* snapshot.c — see snapshot.h. A path is walked name by name, with the folders above it at hand for
 * the `..` of links. */
#include "runtime/snapshot.h"

#include "common/shown.h"

#include <string.h>

enum { LINKS_MOST = 40, LINK_LARGEST = 4096 }; /* as in Linux */

/* What CI says where there is no commit before. */
static bool is_zeros(struct str revision)
{
	size_t n = 0;
	while (n < revision.n && revision.at[n] == '0')
		n++;
	return n == revision.n && n >= GIT_OID_HEXSZ;
}

static bool fail_revision(const struct snapshot *s, const struct baseline_list *list,
			  struct fail *fail)
{
	const struct baseline *b = s->baseline;
	struct str name = s->revision;
	const char *what = "cannot compare with an earlier commit";
	if (!b->git)
		return fail_set(fail, "%s: %.*s", what, STR_ARG(list->why));
	if (!list->unknown)
		return fail_set(
			fail,
			"%s: %.*s at %.*s; name one by its branch, its tag, or enough of its own name",
			what, STR_ARG(list->why), STR_ARG(b->root));
	if (is_zeros(name))
		return fail_set(
			fail,
			"%s: %.*s is no commit, but what stands for none, as of a branch that was just pushed; without a commit to compare with, check everything",
			what, STR_ARG(name));
	if (b->lib.git_repository_is_shallow(b->git) == 1)
		return fail_set(
			fail,
			"%s: %.*s at %.*s, which is a shallow clone: it has the last commits only. Get the others by `git fetch --unshallow`, "
			"or, in CI, with a deeper checkout (GitHub: `fetch-depth: 0` of actions/checkout; GitLab: `GIT_DEPTH: 0`)",
			what, STR_ARG(list->why), STR_ARG(b->root));
	if (list->nearest.n)
		return fail_set(fail, "%s: %.*s at %.*s; did you mean `%.*s`?", what,
				STR_ARG(list->why), STR_ARG(b->root), STR_ARG(list->nearest));
	return fail_set(fail,
			"%s: %.*s at %.*s; if another has it, get it from there by `git fetch`",
			what, STR_ARG(list->why), STR_ARG(b->root));
}

bool snapshot_open(struct snapshot *s, struct baseline *b, struct arena *arena, struct str revision,
		   struct fail *fail)
{
	struct baseline_list list;
	*s = (struct snapshot){ .baseline = b, .revision = revision };
	if (!baseline_find(b, arena, revision, &list, &s->tree, fail) ||
	    (!list.there && !fail_revision(s, &list, fail)))
		return false;
	s->commit = list.commit;
	return true;
}

static enum snapshot_found fail_object(struct snapshot *s, struct str path, const git_oid *id)
{
	const struct gitlib *lib = &s->baseline->lib;
	char hex[GIT_OID_HEXSZ + 1];
	struct text shown = { 0 };
	lib->git_oid_tostr(hex, sizeof hex, id);
	shown_add(&shown, path); /* as a plan says it */
	fail_set(
		&s->fail,
		"%s cannot be read as it is in %.*s: its object %s is damaged or missing in the repository at %.*s; "
		"if that is a partial clone, `git diff --stat %.*s` gets it, else `git fsck` says more",
		shown.at, STR_ARG(s->revision), hex, STR_ARG(s->baseline->root),
		STR_ARG(s->revision));
	text_release(&shown);
	return SNAPSHOT_DAMAGED;
}

/* The object of that kind, in the arena. */
static enum snapshot_found read_object(struct snapshot *s, struct arena *arena, struct str path,
				       const git_oid *id, git_object_t kind, size_t largest,
				       struct str *bytes)
{
	const struct gitlib *lib = &s->baseline->lib;
	git_odb_object *object;
	git_object_t found;
	size_t size;
	if (lib->git_odb_read_header(&size, &found, s->baseline->odb, id) || found != kind)
		return fail_object(s, path, id);
	if (size > largest)
		return SNAPSHOT_LARGE;
	if (lib->git_odb_read(&object, s->baseline->odb, id))
		return fail_object(s, path, id);
	struct str all = { lib->git_odb_object_data(object), lib->git_odb_object_size(object) };
	*bytes = arena_copy(arena, all);
	lib->git_odb_object_free(object);
	return SNAPSHOT_READ;
}

struct walk {
	struct snapshot *s;
	struct arena *arena;
	struct str path; /* the whole, for messages */
	struct str rest;
	VEC(git_oid) folders; /* from the root to where the walk is */
	unsigned links;
};

/* What is called so in the folder where the walk is. */
static enum snapshot_found find_entry(struct walk *walk, struct str name, uint32_t *mode,
				      git_oid *id)
{
	struct treebytes_entry entry;
	struct str bytes;
	git_oid folder = walk->folders.at[walk->folders.n - 1];
	enum snapshot_found found = read_object(walk->s, walk->arena, walk->path, &folder,
						GIT_OBJECT_TREE, SIZE_MAX, &bytes);
	while (found == SNAPSHOT_READ && bytes.n) {
		if (!treebytes_next(&bytes, &entry))
			return fail_object(walk->s, walk->path, &folder);
		if (!str_equal(entry.name, name))
			continue;
		*mode = entry.mode;
		memcpy(id->id, entry.id, TREEBYTES_ID);
		return SNAPSHOT_READ;
	}
	return found == SNAPSHOT_READ ? SNAPSHOT_MISSING : found;
}

/* What the link says comes before what is left of the path. */
static enum snapshot_found follow(struct walk *walk, const git_oid *id)
{
	struct str target;
	enum snapshot_found found = read_object(walk->s, walk->arena, walk->path, id,
						GIT_OBJECT_BLOB, LINK_LARGEST, &target);
	if (found != SNAPSHOT_READ)
		return found == SNAPSHOT_LARGE ? SNAPSHOT_MISSING : found;
	if (++walk->links > LINKS_MOST)
		return SNAPSHOT_LOOP;
	if (target.n && target.at[0] == '/')
		return SNAPSHOT_OUTSIDE;
	walk->rest = arena_format(walk->arena, "%.*s/%.*s", STR_ARG(target), STR_ARG(walk->rest));
	return SNAPSHOT_READ;
}

/* One name on. *file is set when that is a file, which ends the walk. */
static enum snapshot_found step(struct walk *walk, struct str name, git_oid *id, bool *file)
{
	uint32_t mode = 0;
	if (!name.n || str_is(name, "."))
		return SNAPSHOT_READ;
	if (str_is(name, "..")) {
		walk->folders.n--;
		return walk->folders.n ? SNAPSHOT_READ : SNAPSHOT_OUTSIDE;
	}
	enum snapshot_found found = find_entry(walk, name, &mode, id);
	if (found != SNAPSHOT_READ)
		return found;
	switch (mode) {
	case TREEBYTES_FOLDER: *VEC_ADD(walk->arena, &walk->folders) = *id; return SNAPSHOT_READ;
	case TREEBYTES_LINK: return follow(walk, id);
	case TREEBYTES_COMMIT: return SNAPSHOT_MISSING;
	default: *file = true; return SNAPSHOT_READ;
	}
}

enum snapshot_found snapshot_read(struct snapshot *s, struct arena *arena, struct str path,
				  size_t largest, struct str *text)
{
	struct walk walk = { .s = s, .arena = arena, .path = path, .rest = path };
	struct str name;
	git_oid id;
	bool file = false;
	*VEC_ADD(arena, &walk.folders) = s->tree;
	while (!file && walk.rest.n && str_split(&walk.rest, '/', &name)) {
		enum snapshot_found found = step(&walk, name, &id, &file);
		if (found != SNAPSHOT_READ)
			return found;
	}
	if (!file)
		return SNAPSHOT_FOLDER;
	if (walk.rest.n) /* a file has nothing below it */
		return SNAPSHOT_MISSING;
	return read_object(s, arena, path, &id, GIT_OBJECT_BLOB, largest, text);
}
