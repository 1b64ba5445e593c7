/* repo_index.c — an index whose entries carry the files' own times, so that the first `git status`
 * in a fresh work tree reads no file. */
#include "runtime/repo_inside.h"

#include <sys/stat.h>

static void fill(git_index_entry *entry, const struct stat *info)
{
	entry->ctime.seconds = (int32_t)info->st_ctim.tv_sec;
	entry->ctime.nanoseconds = (uint32_t)info->st_ctim.tv_nsec;
	entry->mtime.seconds = (int32_t)info->st_mtim.tv_sec;
	entry->mtime.nanoseconds = (uint32_t)info->st_mtim.tv_nsec;
	entry->dev = (uint32_t)info->st_dev;
	entry->ino = (uint32_t)info->st_ino;
	entry->uid = info->st_uid;
	entry->gid = info->st_gid;
	entry->file_size = (uint32_t)info->st_size;
}

bool repo_index_write(struct repo *main, const char *path, struct oid oid, const struct stat *info,
		      size_t n, struct fail *fail)
{
	git_index *index = NULL;
	git_tree *tree = NULL;
	git_oid id;
	bool good = repo_id_from(&id, oid, fail);
	/* Reading the tree also leaves its names of folders in the index, which status needs to be
	 * quick. */
	if (good && (git_tree_lookup(&tree, main->git, &id) || git_index_open(&index, path) ||
		     git_index_read_tree(index, tree)))
		good = repo_fail_git(fail, "cannot make the index %s", path);
	BUG_IF(good && git_index_entrycount(index) != n,
	       "an index of other files than were written");
	/* The entries are the index's own, const only in that their paths must stay sorted. Adding
	 * them again would forget the folders' names. */
	for (size_t i = 0; good && i < n; i++)
		fill((git_index_entry *)(uintptr_t)git_index_get_byindex(index, i), &info[i]);
	if (good && git_index_write(index))
		good = repo_fail_git(fail, "cannot write the index %s", path);
	git_index_free(index);
	git_tree_free(tree);
	return good;
}
