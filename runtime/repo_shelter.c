/* repo_shelter.c — objects that no ref leads to yet, kept from `git gc` and `git prune`.
 *
 * What is written loose is fair game for a `git prune`, or a `git gc --prune=now`, until a ref leads
 * to it; for a result that is minutes, while its tests run. So it is put into a pack as well, beside
 * which lies a file .keep before git can see the pack: what `git fetch` does in the same place. Should
 * somebody have removed a part by then, the caller makes it again. */
#include "runtime/repo_inside.h"

#include "common/file.h"
#include "common/map.h"
#include "common/text.h"
#include "common/vec.h"

#include <dirent.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_NOTE = 4096 };

struct shelter {
	struct repo *repo;
	struct arena arena;
	struct map seen; /* names of commits and of what is gathered */
	const struct oid *known;
	size_t known_n;
	VEC(struct oid) objects, todo; /* todo: commits */
	bool whole;
	struct fail *fail;
};

static void gather(struct shelter *s, struct oid id)
{
	struct str name = arena_copy(&s->arena, str_from(id.hex));
	if (map_find(&s->seen, name))
		return;
	map_add(&s->arena, &s->seen, name, 0);
	*VEC_ADD(&s->arena, &s->objects) = id;
}

/* Reading what somebody has removed is no failure, but the end of it. */
static bool there(struct shelter *s, struct oid id)
{
	git_oid name;
	s->whole = s->whole && git_oid_fromstr(&name, id.hex) == 0 &&
		   git_odb_exists(s->repo->odb, &name);
	return s->whole;
}

static const struct repo_entry *find_entry(const struct repo_entries *entries, struct str name)
{
	for (size_t i = 0; i < entries->n; i++)
		if (str_equal(entries->at[i].name, name))
			return &entries->at[i];
	return NULL;
}

/* What the tree has that none of the known ones has in the same place. */
static bool gather_tree(struct shelter *s, struct oid tree, const struct oid *known, size_t n)
{
	struct arena arena = { 0 };
	struct repo_entries entries = { 0 },
			    *others = ARENA_MANY(&arena, n + 1, struct repo_entries);
	struct oid *below = ARENA_MANY(&arena, n + 1, struct oid);
	bool good = true;
	for (size_t i = 0; i < n; i++)
		if (oid_equal(known[i], tree))
			goto out;
	gather(s, tree);
	good = !there(s, tree) || (repo_tree_read(s->repo, &arena, tree, &entries, s->fail) ||
				   !there(s, tree));
	for (size_t i = 0; good && s->whole && i < n; i++)
		good = repo_tree_read(s->repo, &arena, known[i], &others[i], s->fail);
	for (size_t i = 0; good && s->whole && i < entries.n; i++) {
		const struct repo_entry *entry = &entries.at[i];
		size_t below_n = 0;
		bool old = entry->mode == 0160000;
		for (size_t k = 0; k < n; k++) {
			const struct repo_entry *other = find_entry(&others[k], entry->name);
			old |= other && oid_equal(other->id, entry->id);
			if (other && other->mode == 0040000)
				below[below_n++] = other->id;
		}
		if (old)
			continue;
		if (entry->mode == 0040000)
			good = gather_tree(s, entry->id, below, below_n);
		else
			gather(s, entry->id);
	}
out:
	arena_release(&arena);
	return good;
}

static bool is_known(struct shelter *s, struct oid commit, bool *is)
{
	*is = false;
	for (size_t i = 0; i < s->known_n && !*is; i++)
		*is = oid_equal(commit, s->known[i]);
	for (size_t i = 0; i < s->known_n && !*is; i++)
		if (!repo_is_ancestor(s->repo, commit, s->known[i], is, s->fail))
			return false;
	return true;
}

/* A commit, and those before it that are new as well. */
static bool gather_commit(struct shelter *s, struct oid id)
{
	git_commit *commit = NULL;
	git_oid name;
	bool is;
	if (map_find(&s->seen, str_from(id.hex)) || !there(s, id))
		return true;
	if (!is_known(s, id, &is))
		return false;
	if (is)
		return true;
	gather(s, id);
	if (!repo_id_from(&name, id, s->fail) ||
	    (git_commit_lookup(&commit, s->repo->git, &name) &&
	     !repo_fail_git(s->fail, "cannot read the commit %s", id.hex)))
		return false;
	unsigned n = git_commit_parentcount(commit);
	struct oid *trees = ARENA_MANY(&s->arena, n + 1, struct oid);
	bool good = true;
	for (unsigned i = 0; good && i < n; i++) {
		struct oid parent = repo_id_to(git_commit_parent_id(commit, i));
		*VEC_ADD(&s->arena, &s->todo) = parent;
		good = !there(s, parent) || repo_commit_tree(s->repo, parent, &trees[i], s->fail);
	}
	struct oid tree = repo_id_to(git_commit_tree_id(commit));
	git_commit_free(commit);
	return good && (!s->whole || gather_tree(s, tree, trees, n));
}

/* The repository seen with no settings but that no time is spent on deltas. */
static bool open_packing(struct repo *repo, const char *folder, git_repository **packing,
			 struct fail *fail)
{
	struct arena arena = { 0 };
	git_config *config = NULL;
	const char *path = arena_format(&arena, "%s/config", folder).at;
	bool good = file_make_folders(folder, fail) &&
		    file_write(path, STR("[core]\n\tbigFileThreshold = 1\n"), 0600, fail);
	if (good && (git_repository_open_bare(packing, repo->git_dir) || git_config_new(&config) ||
		     git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_LOCAL, NULL, 1) ||
		     git_repository_set_config(*packing, config) ||
		     git_repository_set_odb(*packing, repo->odb)))
		good = repo_fail_git(fail, "cannot open %s to write a pack", repo->git_dir);
	git_config_free(config);
	arena_release(&arena);
	return good;
}

static bool move_in(struct repo *repo, struct arena *arena, const char *folder, const char *name,
		    struct str note, struct fail *fail)
{
	static const char *const kinds[] = { "pack", "idx" }; /* git looks for the second */
	const char *packs = arena_format(arena, "%s/objects/pack", repo->git_dir).at;
	if (!file_make_folders(packs, fail) ||
	    !file_write(arena_format(arena, "%s/pack-%s.keep", packs, name).at, note, 0444, fail))
		return false;
	for (size_t i = 0; i < 2; i++) {
		const char *from = arena_format(arena, "%s/pack-%s.%s", folder, name, kinds[i]).at;
		const char *to = arena_format(arena, "%s/pack-%s.%s", packs, name, kinds[i]).at;
		if (rename(from, to))
			return fail_system(fail, "cannot move %s to %s", from, to);
	}
	return file_sync_folder(packs, fail);
}

static bool write_pack(struct shelter *s, const char *folder, struct str note)
{
	git_repository *packing = NULL;
	git_packbuilder *builder = NULL;
	int error = 0;
	bool good = open_packing(s->repo, folder, &packing, s->fail);
	if (good && git_packbuilder_new(&builder, packing))
		good = repo_fail_git(s->fail, "cannot write a pack to %s", s->repo->git_dir);
	for (size_t i = 0; good && !error && i < s->objects.n; i++) {
		git_oid id;
		error = git_oid_fromstr(&id, s->objects.at[i].hex);
		error = error ? error : git_packbuilder_insert(builder, &id, NULL);
	}
	if (good && !error)
		error = git_packbuilder_write(builder, folder, 0444, NULL, NULL);
	s->whole = error != GIT_ENOTFOUND;
	if (good && error && s->whole)
		good = repo_fail_git(s->fail, "cannot write a pack to %s", s->repo->git_dir);
	if (good && s->whole)
		good = move_in(s->repo, &s->arena, folder, git_packbuilder_name(builder), note,
			       s->fail);
	git_packbuilder_free(builder);
	git_repository_free(packing);
	return good;
}

bool repo_shelter(struct repo *repo, struct oid commit, const struct oid *known, size_t known_n,
		  struct str note, bool *whole, struct fail *fail)
{
	struct shelter s = {
		.repo = repo, .known = known, .known_n = known_n, .whole = true, .fail = fail
	};
	struct fail ignored;
	bool good = true;
	*VEC_ADD(&s.arena, &s.todo) = commit;
	while (good && s.whole && s.todo.n) {
		struct oid id = s.todo.at[--s.todo.n];
		good = gather_commit(&s, id) || !there(&s, id);
	}
	if (good && s.whole && s.objects.n) {
		const char *folder = arena_format(&s.arena, "%s/objects/orch-%ld", repo->git_dir,
						  (long)getpid())
					     .at;
		good = write_pack(&s, folder, note);
		file_remove_tree(folder, &ignored);
	}
	*whole = s.whole;
	arena_release(&s.arena);
	return good;
}

/* The files .keep of ours with that note, and what a kill left half made. */
static bool tidy(struct arena *arena, const char *folder, struct str note, struct fail *fail)
{
	DIR *open = opendir(folder);
	struct dirent *entry;
	bool good = true;
	while (open && good && (entry = readdir(open))) {
		struct str name = str_from(entry->d_name), text;
		const char *path = arena_format(arena, "%s/%s", folder, entry->d_name).at;
		bool found = false;
		if (str_starts(name, STR("orch-")) ||
		    str_find_text(name, STR(".keep.new-")) != SIZE_MAX)
			good = file_remove_tree(path, fail);
		else if (str_ends(name, STR(".keep")) &&
			 file_read_if(arena, path, LARGEST_NOTE, &text, &found, fail) && found &&
			 str_equal(text, note))
			good = file_remove_tree(path, fail);
	}
	if (open)
		closedir(open);
	return good;
}

bool repo_shelter_end(struct repo *repo, struct str note, struct fail *fail)
{
	struct arena arena = { 0 };
	const char *objects = arena_format(&arena, "%s/objects", repo->git_dir).at;
	const char *packs = arena_format(&arena, "%s/pack", objects).at;
	bool good = tidy(&arena, objects, note, fail) && tidy(&arena, packs, note, fail);
	arena_release(&arena);
	return good;
}
