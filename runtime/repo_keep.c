/* repo_keep.c — what an agent has put into its own git folder, whatever leads to it there.
 *
 * Refs, reflogs, stashes and the index are not looked at: each object that lies in the folder is
 * copied, and what no other object of the folder leads to is led to by one new commit. An object
 * is copied as what it is only if all that it leads to is there too; otherwise a ref would lead into
 * the void, and the user's git would complain of a broken repository. */
#include "runtime/repo_inside.h"

#include "common/map.h"
#include "common/path.h"
#include "common/vec.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST = 500000, DEEPEST = 4 };

struct kept {
	git_oid id;
	git_object_t kind;
	bool whole;  /* all that it leads to is there */
	bool led_to; /* by another that is whole */
	bool begun;  /* what it leads to is looked at first */
	bool done;   /* nothing more is to be found out about it */
};
struct keeping {
	struct repo *main;
	git_odb *theirs;
	struct arena arena;
	struct map index; /* by hexadecimal name */
	VEC(struct kept) list;
	VEC(uint32_t) todo; /* of the list, the next one last */
	struct fail *fail;
};

/* A pipe would be waited for, and a link leads elsewhere. */
static bool is_plain(struct arena *arena, const char *folder, int depth)
{
	struct dirent *entry;
	struct stat info;
	DIR *open = opendir(folder);
	bool plain = open != NULL;
	while (plain && (entry = readdir(open))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		const char *path = arena_format(arena, "%s/%s", folder, entry->d_name).at;
		plain = lstat(path, &info) == 0 &&
			(S_ISREG(info.st_mode) || (S_ISDIR(info.st_mode) && depth < DEEPEST &&
						   is_plain(arena, path, depth + 1)));
	}
	if (open)
		closedir(open);
	return plain;
}

static struct str hex_of(struct keeping *k, const git_oid *id)
{
	return arena_copy(&k->arena, str_from(repo_id_to(id).hex));
}

static struct kept *find(struct keeping *k, const git_oid *id)
{
	struct oid hex = repo_id_to(id);
	const uint32_t *index = map_find(&k->index, str_from(hex.hex));
	return index ? &k->list.at[*index] : NULL;
}

static int gather(const git_oid *id, void *self)
{
	struct keeping *k = self;
	if (find(k, id))
		return 0;
	if (k->list.n >= MOST)
		return -1;
	map_add(&k->arena, &k->index, hex_of(k, id), (uint32_t)k->list.n);
	*VEC_ADD(&k->arena, &k->list) = (struct kept){ .id = *id };
	return 0;
}

/* What the main repository has already is gathered too: it may have it only since a keeping that was
 * cut off, and no ref may lead to it. */
static bool gather_all(struct keeping *k, const char *objects)
{
	if (git_odb_foreach(k->theirs, gather, k) == 0)
		return true;
	return k->list.n >= MOST
		       ? fail_set(k->fail,
				  "%s has more than %d objects: look at it by hand, and remove it",
				  objects, MOST)
		       : repo_fail_git(k->fail, "cannot read the objects in %s", objects);
}

/* Calls `visit` for each object that a tree or commit leads to; false when it is not well made, or
 * the visitor says so. */
typedef bool visit_id(struct keeping *, const git_oid *);

static bool each_of_tree(struct keeping *k, struct str rest, visit_id *visit)
{
	while (rest.n) {
		git_oid id;
		size_t space = str_find(rest, ' '), end = str_find(rest, 0);
		if (space == SIZE_MAX || end == SIZE_MAX || end < space || rest.n - end - 1 < 20)
			return false;
		struct str mode = str_slice(rest, 0, space);
		memcpy(id.id, rest.at + end + 1, 20);
		if (!str_is(mode, "160000") && !visit(k, &id))
			return false;
		rest = str_slice(rest, end + 21, rest.n);
	}
	return true;
}

static bool each_of_commit(struct keeping *k, struct str rest, visit_id *visit)
{
	struct str line;
	bool tree = false;
	while (str_split(&rest, '\n', &line) && line.n) {
		git_oid id;
		bool first = str_starts(line, STR("tree "));
		if (!first && !str_starts(line, STR("parent ")))
			break;
		struct str hex = str_slice(line, first ? 5 : 7, line.n);
		if (hex.n != 40 || git_oid_fromstrn(&id, hex.at, 40) || !visit(k, &id))
			return false;
		tree |= first;
	}
	return tree;
}

static bool is_there(struct keeping *k, const git_oid *id)
{
	const struct kept *kept = find(k, id);
	return (kept && kept->whole) || (!kept && git_odb_exists(k->main->odb, id));
}

static bool lead_to(struct keeping *k, const git_oid *id)
{
	struct kept *kept = find(k, id);
	if (kept)
		kept->led_to = true;
	return true;
}

/* Written by our own hand it must come out the same, so its names are safe and in order. */
static bool write_tree(struct keeping *k, const git_oid *id, struct str bytes)
{
	struct arena arena = { 0 };
	VEC(struct repo_entry) list = { 0 };
	struct fail unwritable;
	struct oid made = { "" };
	bool good = true;
	while (good && bytes.n) {
		size_t space = str_find(bytes, ' '), end = str_find(bytes, 0);
		struct repo_entry *entry = VEC_ADD(&arena, &list);
		git_oid below;
		memcpy(below.id, bytes.at + end + 1, 20);
		entry->name = arena_copy(&arena, str_slice(bytes, space + 1, end));
		entry->id = repo_id_to(&below);
		for (size_t i = 0; i < space; i++)
			entry->mode = entry->mode * 8 + (uint32_t)(bytes.at[i] - '0');
		const char *why;
		good = path_is_safe(entry->name, &why);
		bytes = str_slice(bytes, end + 21, bytes.n);
	}
	good = good &&
	       repo_tree_write(k->main, &(struct repo_entries){ list.at, list.n }, &made,
			       &unwritable) &&
	       oid_equal(made, repo_id_to(id));
	arena_release(&arena);
	return good;
}

/* "author NAME <EMAIL> SECONDS +HHMM", as git writes it. */
static bool is_person(struct str line, struct str who)
{
	size_t open = str_find(line, '<'), end = str_find(line, '>');
	if (!str_starts(line, who) || open == SIZE_MAX || end == SIZE_MAX || end < open ||
	    open <= who.n || line.at[open - 1] != ' ')
		return false;
	struct str rest = str_slice(line, end + 1, line.n);
	uint64_t seconds;
	size_t space = rest.n > 1 ? str_find(str_slice(rest, 1, rest.n), ' ') : SIZE_MAX;
	return rest.n > 7 && rest.at[0] == ' ' && space != SIZE_MAX && rest.n == space + 7 &&
	       str_to_number(str_slice(rest, 1, 1 + space), &seconds) &&
	       (rest.at[space + 2] == '+' || rest.at[space + 2] == '-') &&
	       strspn(rest.at + space + 3, "0123456789") == 4;
}

/* Well made by the measure of `git fsck`; what git itself has written is. */
static bool is_sound_commit(struct str rest)
{
	struct str line = { 0 };
	if (str_find(rest, 0) != SIZE_MAX || !str_split(&rest, '\n', &line))
		return false;
	while (str_split(&rest, '\n', &line) && str_starts(line, STR("parent ")))
		;
	if (!is_person(line, STR("author ")))
		return false;
	return str_split(&rest, '\n', &line) && is_person(line, STR("committer "));
}

static bool write_commit(struct keeping *k, const git_oid *id, struct str bytes)
{
	git_oid made;
	return is_sound_commit(bytes) &&
	       !git_odb_write(&made, k->main->odb, bytes.at, bytes.n, GIT_OBJECT_COMMIT) &&
	       !git_oid_cmp(&made, id);
}

/* Copies one as what it is, if all that it leads to is there; what lies in the folder of that was
 * copied before. */
static bool copy(struct keeping *k, struct kept *kept)
{
	git_odb_object *object = NULL;
	struct oid blob;
	kept->done = true;
	if (git_odb_read(&object, k->theirs, &kept->id))
		return true; /* damaged: it says nothing to anybody */
	struct str bytes = { git_odb_object_data(object), git_odb_object_size(object) };
	bool good = true;
	kept->kind = git_odb_object_type(object);
	if (kept->kind != GIT_OBJECT_TAG && git_odb_exists(k->main->odb, &kept->id)) {
		kept->whole = true;
		if (kept->kind == GIT_OBJECT_TREE)
			each_of_tree(k, bytes, lead_to);
		else if (kept->kind == GIT_OBJECT_COMMIT)
			each_of_commit(k, bytes, lead_to);
	} else if (kept->kind == GIT_OBJECT_BLOB) {
		good = repo_blob_write(k->main, bytes, &blob, k->fail);
		kept->whole = true;
	} else if (kept->kind == GIT_OBJECT_TREE && each_of_tree(k, bytes, is_there)) {
		kept->whole = write_tree(k, &kept->id, bytes);
		if (kept->whole)
			each_of_tree(k, bytes, lead_to);
	} else if (kept->kind == GIT_OBJECT_COMMIT && each_of_commit(k, bytes, is_there)) {
		kept->whole = write_commit(k, &kept->id, bytes);
		if (kept->whole)
			each_of_commit(k, bytes, lead_to);
	}
	git_odb_object_free(object);
	return good;
}

static bool add_todo(struct keeping *k, const git_oid *id)
{
	const struct kept *kept = find(k, id);
	if (kept && !kept->begun)
		*VEC_ADD(&k->arena, &k->todo) = (uint32_t)(kept - k->list.at);
	return true;
}

/* What one leads to, and lies in the folder, is to be done before it. */
static void begin(struct keeping *k, struct kept *kept)
{
	git_odb_object *object = NULL;
	kept->begun = true;
	if (git_odb_read(&object, k->theirs, &kept->id))
		return;
	struct str bytes = { git_odb_object_data(object), git_odb_object_size(object) };
	if (git_odb_object_type(object) == GIT_OBJECT_TREE)
		each_of_tree(k, bytes, add_todo);
	else if (git_odb_object_type(object) == GIT_OBJECT_COMMIT)
		each_of_commit(k, bytes, add_todo);
	git_odb_object_free(object);
}

/* Depth first, on a stack of our own: a history may be as long as it likes. */
static bool copy_all(struct keeping *k)
{
	for (uint32_t i = 0; i < k->list.n; i++) {
		add_todo(k, &k->list.at[i].id);
		while (k->todo.n) {
			struct kept *kept = &k->list.at[k->todo.at[k->todo.n - 1]];
			if (!kept->begun) {
				begin(k, kept);
				continue;
			}
			k->todo.n--;
			if (!kept->done && !copy(k, kept))
				return false;
		}
	}
	return true;
}

/* One that is not whole, as a file of its bytes. */
static bool add_raw(struct keeping *k, const struct kept *kept, struct repo_entry *entry)
{
	git_odb_object *object = NULL;
	if (git_odb_read(&object, k->theirs, &kept->id))
		return true;
	struct str bytes = { git_odb_object_data(object), git_odb_object_size(object) };
	entry->name = arena_format(&k->arena, "%s.%s", repo_id_to(&kept->id).hex,
				   git_object_type2string(git_odb_object_type(object)));
	entry->mode = 0100644;
	bool good = repo_blob_write(k->main, bytes, &entry->id, k->fail);
	git_odb_object_free(object);
	return good;
}

static bool lead_to_all(struct keeping *k, const char *message, struct oid *commit)
{
	struct repo_entry *entries = ARENA_MANY(&k->arena, k->list.n, struct repo_entry);
	struct oid *parents = ARENA_MANY(&k->arena, k->list.n, struct oid), tree;
	size_t n = 0, parent_n = 0;
	int64_t time = 0;
	for (size_t i = 0; i < k->list.n; i++) {
		const struct kept *kept = &k->list.at[i];
		int64_t of;
		if (kept->led_to && kept->whole)
			continue;
		if (kept->whole && kept->kind == GIT_OBJECT_COMMIT) {
			parents[parent_n++] = repo_id_to(&kept->id);
			if (!repo_commit_time(k->main, repo_id_to(&kept->id), &of, k->fail))
				return false;
			time = of > time ? of : time;
		} else if (kept->whole) {
			entries[n++] = (struct repo_entry){ hex_of(k, &kept->id),
							    kept->kind == GIT_OBJECT_TREE
								    ? 0040000u
								    : 0100644u,
							    repo_id_to(&kept->id) };
		} else if (!add_raw(k, kept, &entries[n])) {
			return false;
		} else {
			n += entries[n].mode != 0;
		}
	}
	if (!n && !parent_n)
		return true;
	return repo_tree_write(k->main, &(struct repo_entries){ entries, n }, &tree, k->fail) &&
	       repo_commit_write(k->main,
				 &(struct repo_commit){ tree, parents, parent_n, message, time },
				 commit, k->fail);
}

static int by_id(const void *a, const void *b)
{
	return git_oid_cmp(&((const struct kept *)a)->id, &((const struct kept *)b)->id);
}

/* In one order, whatever the folder's was. */
static void sort(struct keeping *k)
{
	if (k->list.n)
		qsort(k->list.at, k->list.n, sizeof *k->list.at, by_id);
	for (size_t i = 0; i < k->list.n; i++)
		*map_find(&k->index, str_from(repo_id_to(&k->list.at[i].id).hex)) = (uint32_t)i;
}

bool repo_keep_private(struct repo *main, const char *git_dir, const char *message,
		       struct oid *commit, struct fail *fail)
{
	struct keeping k = { .main = main, .fail = fail };
	git_odb_backend *loose = NULL, *packs = NULL;
	*commit = (struct oid){ "" };
	const char *objects = arena_format(&k.arena, "%s/objects", git_dir).at;
	struct stat info;
	bool good = true;
	if (lstat(objects, &info))
		goto out; /* it was cut off while it was made, or the agent has removed it */
	if (!S_ISDIR(info.st_mode) || !is_plain(&k.arena, objects, 0))
		good = fail_set(
			fail,
			"%s has something in it that git has not put there; look at it, and remove it",
			objects);
	else if (git_odb_new(&k.theirs) || git_odb_backend_loose(&loose, objects, -1, 0, 0, 0) ||
		 git_odb_add_backend(k.theirs, loose, 1) || git_odb_backend_pack(&packs, objects) ||
		 git_odb_add_backend(k.theirs, packs, 2))
		good = repo_fail_git(fail, "cannot read the objects in %s", objects);
	good = good && gather_all(&k, objects);
	sort(&k);
	good = good && copy_all(&k) && lead_to_all(&k, message, commit);
out:
	git_odb_free(k.theirs);
	arena_release(&k.arena);
	return good;
}
