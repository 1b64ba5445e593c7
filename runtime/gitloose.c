/* gitloose.c — see gitloose.h. A backend of libgit2 that comes before its own for loose objects. */
#include "runtime/gitloose.h"

#include "common/fail.h"
#include "runtime/gitplace.h"
#include "runtime/loose.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* As for packs: ours is sorted behind them, before loose objects (1) and everything of
 * alternates. */
enum { PRIORITY = 2 };

struct backend {
	git_odb_backend as_git;	/* first: libgit2 hands back a pointer to it */
	struct gitloose_functions f;
	struct arena arena;
	struct str_list folders;	/* of objects, in the arena */
};

static int fail_damaged(struct backend *b, const char *hex)
{
	struct arena arena = { 0 };
	b->f.git_error_set_str(
		GIT_ERROR_ODB,
		arena_format(&arena, "the object %s is damaged; `git fsck` says more", hex).at);
	arena_release(&arena);
	return GIT_ERROR;
}

static enum loose_state find(struct backend *b, struct arena *arena, const char *hex,
			     struct loose *loose)
{
	enum loose_state state = LOOSE_NONE;
	for (size_t i = 0; i < b->folders.n && state != LOOSE_GOOD; i++) {
		struct str path = arena_format(arena, "%.*s/%.2s/%s", STR_ARG(b->folders.at[i]),
					       hex, hex + 2);
		enum loose_state here = loose_open(arena, path.at, loose);
		state = here == LOOSE_NONE ? state : here;
	}
	return state;
}

static git_object_t type_of(const char *name)
{
	static const struct {
		const char *name;
		git_object_t type;
	} types[] = { { "commit", GIT_OBJECT_COMMIT },
		      { "tree", GIT_OBJECT_TREE },
		      { "blob", GIT_OBJECT_BLOB },
		      { "tag", GIT_OBJECT_TAG } };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].name, name))
			return types[i].type;
	return GIT_OBJECT_INVALID;
}

/* libgit2 takes what a backend hands over, whole or not at all. */
static bool unpack(struct backend *b, const struct loose *loose, void **bytes)
{
	char *to = b->f.git_odb_backend_data_alloc(&b->as_git, loose->size + 1);
	if (!to)
		fail_memory();
	to[loose->size] = 0;
	if (loose_unpack(loose, to)) {
		*bytes = to;
		return true;
	}
	b->f.git_odb_backend_data_free(&b->as_git, to);
	return false;
}

/* `bytes` NULL: only the kind and the size are wanted. */
static int read_named(struct backend *b, const char *hex, void **bytes, size_t *size,
		      git_object_t *type)
{
	struct arena arena = { 0 };
	struct loose loose;
	int answer = 0;
	enum loose_state state = find(b, &arena, hex, &loose);
	*type = state == LOOSE_GOOD ? type_of(loose.type) : GIT_OBJECT_INVALID;
	*size = state == LOOSE_GOOD ? loose.size : 0;
	if (state == LOOSE_NONE)
		answer = GIT_ENOTFOUND;
	else if (*type == GIT_OBJECT_INVALID || (bytes && !unpack(b, &loose, bytes)))
		answer = fail_damaged(b, hex);
	arena_release(&arena);
	return answer;
}

static int read_object(void **bytes, size_t *size, git_object_t *type, git_odb_backend *as_git,
		       const git_oid *id)
{
	struct backend *b = (struct backend *)as_git;
	char hex[GIT_OID_HEXSZ + 1];
	return read_named(b, b->f.git_oid_tostr(hex, sizeof hex, id), bytes, size, type);
}

static int read_header(size_t *size, git_object_t *type, git_odb_backend *as_git, const git_oid *id)
{
	return read_object(NULL, size, type, as_git, id);
}

/* Looks in the folder that has the objects of the first two digits. `found` is empty, or what was
 * found before. */
static int find_prefix(struct arena *arena, struct str folder, const char *hex, size_t n,
		       char *found)
{
	DIR *list = opendir(arena_format(arena, "%.*s/%.2s", STR_ARG(folder), hex).at);
	struct dirent *entry;
	int answer = 0;
	while (list && !answer && (entry = readdir(list))) {
		if (strlen(entry->d_name) != GIT_OID_HEXSZ - 2 ||
		    strncmp(entry->d_name, hex + 2, n - 2))
			continue;
		if (*found && strcmp(found + 2, entry->d_name))
			answer = GIT_EAMBIGUOUS;
		memcpy(found, hex, 2);
		memcpy(found + 2, entry->d_name, GIT_OID_HEXSZ - 1);
	}
	if (list)
		closedir(list);
	return answer;
}

/* libgit2 asks for four digits at least. */
static int read_prefix(git_oid *id, void **bytes, size_t *size, git_object_t *type,
		       git_odb_backend *as_git, const git_oid *prefix, size_t n)
{
	struct backend *b = (struct backend *)as_git;
	struct arena arena = { 0 };
	char hex[GIT_OID_HEXSZ + 1], found[GIT_OID_HEXSZ + 1] = "";
	int answer = 0;
	b->f.git_oid_tostr(hex, sizeof hex, prefix);
	for (size_t i = 0; i < b->folders.n && !answer; i++)
		answer = find_prefix(&arena, b->folders.at[i], hex, n, found);
	arena_release(&arena);
	if (answer)
		return answer;
	if (!*found || b->f.git_oid_fromstr(id, found))
		return GIT_ENOTFOUND;
	return read_named(b, found, bytes, size, type);
}

static void leave(git_odb_backend *as_git)
{
	struct backend *b = (struct backend *)as_git;
	arena_release(&b->arena);
	free(b);
}

bool gitloose_add(const struct gitloose_functions *functions, git_odb *odb, const char *git_dir)
{
	struct backend *b = calloc(1, sizeof *b);
	if (!b)
		fail_memory();
	b->as_git = (git_odb_backend){ .version = GIT_ODB_BACKEND_VERSION,
				       .read = read_object,
				       .read_prefix = read_prefix,
				       .read_header = read_header,
				       .free = leave };
	b->f = *functions;
	b->folders = gitplace_objects(&b->arena, str_from(git_dir));
	if (functions->git_odb_add_backend(odb, &b->as_git, PRIORITY) == 0)
		return true;
	leave(&b->as_git);
	return false;
}
