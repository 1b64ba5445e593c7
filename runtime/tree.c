/* tree.c — see tree.h. Files come in git's order, so that each folder is entered once: it must be
 * new then, and what is already there is a second name for it on this file system. */
#include "runtime/tree.h"

#include "common/file.h"
#include "common/path.h"
#include "common/text.h"
#include "runtime/beneath.h"
#include "runtime/decoded.h"
#include "runtime/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

struct writing {
	struct repo *repo;
	const char *work_dir;
	int root, folder;	/* folder: where the last file went */
	struct text folder_path;
	struct timespec time;	/* what the files' time is set to */
	struct arena *arena, blob;
	struct decoded decoded;
	struct manifest manifest;
	VEC(struct stat) info;	/* by file */
};

/* Makes the folders of `folder` that the last one was not in, and opens it. */
static bool enter_folder(struct writing *w, struct str folder, struct fail *fail)
{
	struct str last = text_str(&w->folder_path);
	if (w->folder >= 0 && str_equal(folder, last))
		return true;
	struct text path = { 0 };
	bool good = true;
	for (size_t end = 1; good && end <= folder.n; end++) {
		if (end < folder.n && folder.at[end] != '/')
			continue;
		struct str prefix = str_slice(folder, 0, end);
		bool known = str_equal(prefix, last) ||
			     (last.n > end && last.at[end] == '/' && str_starts(last, prefix));
		if (known)
			continue;
		text_clear(&path);
		text_add(&path, prefix);
		const char *name;
		int parent = beneath_parent(w->root, path.at, &name);
		if (parent < 0 || mkdirat(parent, name, 0777))
			good = fail_system(
			    fail, "cannot make the folder %s in %s%s", path.at, w->work_dir,
			    errno == EEXIST
				? " (another path of the commit is the same to this file system)"
				: "");
		if (parent >= 0)
			close(parent);
	}
	text_clear(&path);
	text_add(&path, folder.n ? folder : STR("."));
	if (w->folder >= 0)
		close(w->folder);
	w->folder = good ? beneath_open(w->root, path.at, O_RDONLY | O_DIRECTORY, 0) : -1;
	if (good && w->folder < 0)
		good = fail_system(fail, "cannot open the folder %s in %s", path.at, w->work_dir);
	text_clear(&w->folder_path);
	text_add(&w->folder_path, folder);
	text_release(&path);
	return good;
}

/* Where something is to be made: `name` in the folder that is open; `path` is for messages. */
struct spot {
	int folder;
	const char *name, *path;
};

static bool put_regular(struct spot spot, mode_t mode, struct str bytes,
			const struct timespec times[2], struct stat *info, struct fail *fail)
{
	int fd = openat(spot.folder, spot.name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return fail_system(fail, "cannot make %s", spot.path);
	bool good = file_write_all(fd, spot.path, bytes, fail);
	if (good && (futimens(fd, times) || fstat(fd, info)))
		good = fail_system(fail, "cannot write %s", spot.path);
	if (close(fd) && good)
		good = fail_system(fail, "cannot write %s", spot.path);
	return good;
}

static bool put_link(struct spot spot, struct str target, const struct timespec times[2],
		     struct stat *info, struct fail *fail)
{
	if (!target.n || str_find(target, 0) != SIZE_MAX)
		return fail_set(fail,
				"the symbolic link %s leads nowhere that this system can express",
				spot.path);
	return (symlinkat(target.at, spot.folder, spot.name) == 0 &&
		utimensat(spot.folder, spot.name, times, AT_SYMLINK_NOFOLLOW) == 0 &&
		fstatat(spot.folder, spot.name, info, AT_SYMLINK_NOFOLLOW) == 0) ||
	       fail_system(fail, "cannot make the symbolic link %s", spot.path);
}

/* Submodules are empty folders, as after `git clone`. */
static bool put_folder(struct spot spot, struct stat *info, struct fail *fail)
{
	return (mkdirat(spot.folder, spot.name, 0777) == 0 &&
		fstatat(spot.folder, spot.name, info, AT_SYMLINK_NOFOLLOW) == 0) ||
	       fail_system(fail, "cannot make the folder %s", spot.path);
}

static bool put_file(void *self, struct str path, uint32_t mode, struct oid id, struct fail *fail)
{
	struct writing *w = self;
	struct manifest_file *file = VEC_ADD(w->arena, &w->manifest.files);
	struct stat *info = VEC_ADD(w->arena, &w->info);
	const struct timespec times[] = { w->time, w->time };
	struct arena_mark mark = arena_mark(&w->blob);
	struct str bytes = { "", 0 };
	size_t slash = path.n;
	const char *why;
	if (!path_is_safe(path, &why))
		return fail_set(fail,
				"the commit has the path \"%.*s\": %s; rename it before a run",
				STR_ARG(path), why);
	while (slash && path.at[slash - 1] != '/')
		slash--;
	struct str folder = str_slice(path, 0, slash ? slash - 1 : 0);
	file->path = arena_copy(w->arena, path);
	file->mode = mode;
	file->id = id;
	if (!enter_folder(w, folder, fail) ||
	    (mode != 0160000 && (mode == 0120000 || !decoded_find(&w->decoded, id, &bytes)) &&
	     !repo_blob_read(w->repo, &w->blob, id, &bytes, fail)))
		return false;
	const struct spot spot = { w->folder, file->path.at + slash, file->path.at };
	bool good = mode == 0160000   ? put_folder(spot, info, fail)
		    : mode == 0120000 ? put_link(spot, bytes, times, info, fail)
				      : put_regular(spot, mode == 0100755 ? 0777 : 0666, bytes,
						    times, info, fail);
	manifest_note(file, info);
	arena_reset(&w->blob, mark);
	return good;
}

/* The contents that an earlier tree has left, or that this one leaves to the next. */
static bool share_contents(struct writing *w, const char *path, struct oid tree, struct fail *fail)
{
	if (!path)
		return true;
	w->decoded = decoded_open(path);
	if (w->decoded.at)
		return true;
	if (!decoded_write(w->repo, path, tree, fail))
		return false;
	w->decoded = decoded_open(path);
	return true;
}

/* A change in the same tick of the kernel's clock as our writing would have our change time. */
static void let_clock_tick(const struct writing *w)
{
	struct timespec last = { 0, 0 }, now;
	for (size_t i = 0; i < w->info.n; i++) {
		struct timespec t = w->info.at[i].st_ctim;
		if (t.tv_sec > last.tv_sec || (t.tv_sec == last.tv_sec && t.tv_nsec > last.tv_nsec))
			last = t;
	}
	for (int i = 0; i < 100; i++) {
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		if (now.tv_sec > last.tv_sec ||
		    (now.tv_sec == last.tv_sec && now.tv_nsec > last.tv_nsec))
			return;
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
}

/* Its name in the main repository: of the folder, and the same whenever it is asked for. */
static const char *worktree_name(struct arena *arena, const struct tree_orders *orders)
{
	const char *slash = strrchr(orders->work_dir, '/');
	return arena_format(arena, "orch-%s-%08x", slash ? slash + 1 : orders->work_dir,
			    (unsigned)str_hash(str_from(orders->work_dir))).at;
}

const char *tree_admin(struct arena *arena, struct repo *main, const struct tree_orders *orders)
{
	return arena_format(arena, "%s/worktrees/%s", repo_git_dir(main),
			    worktree_name(arena, orders))
	    .at;
}

static bool lock_worktrees(const struct tree_orders *orders, int *lock, struct fail *fail)
{
	*lock = open(orders->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	int error = *lock < 0 ? -1 : 0;
	while (*lock >= 0 && (error = flock(*lock, LOCK_EX)) && errno == EINTR)
		;
	return !error || fail_system(fail, "cannot lock %s", orders->lock);
}

/* The git folder; *index is where its index belongs. */
static bool make_git(struct repo *main, struct arena *arena, const struct tree_orders *orders,
		     const char **index, struct fail *fail)
{
	if (orders->isolation == SCHEDULE_CLONE) {
		*index = arena_format(arena, "%s/index", orders->git_dir).at;
		return repo_private_create(main, orders->git_dir, orders->work_dir, orders->branch,
					   orders->commit, fail);
	}
	const char *name = worktree_name(arena, orders);
	int lock;
	*index = arena_format(arena, "%s/worktrees/%s/index", repo_git_dir(main), name).at;
	bool good = lock_worktrees(orders, &lock, fail) &&
		    repo_worktree_create(main, name, orders->work_dir, orders->branch,
					 orders->commit, fail);
	if (lock >= 0)
		close(lock);
	return good;
}

static bool make_root(struct arena *arena, const struct tree_orders *orders, struct fail *fail)
{
	const char *slash = strrchr(orders->work_dir, '/');
	if (slash &&
	    !file_make_folders(arena_copy(arena, (struct str){ orders->work_dir,
							       (size_t)(slash - orders->work_dir) })
				   .at,
			       fail))
		return false;
	if (mkdir(orders->work_dir, 0777) == 0)
		return true;
	if (errno == EEXIST)
		return fail_set(fail,
				"%s is already there; move it away, or let `orch gc` remove what "
				"runs left behind",
				orders->work_dir);
	return fail_system(fail, "cannot make the folder %s", orders->work_dir);
}

bool tree_prepare(struct repo *main, const struct tree_orders *orders, struct fail *fail)
{
	struct arena arena = { 0 };
	struct writing w = { .repo = main,
			     .work_dir = orders->work_dir,
			     .root = -1,
			     .folder = -1,
			     .arena = &arena };
	struct oid tree;
	const char *index;
	int64_t commit_time,
		now = time(NULL) - 2; /* not later: git looks again at files as new as its index */
	w.manifest.commit = orders->commit;
	bool good = make_root(&arena, orders, fail) &&
		    (w.root = beneath_root(orders->work_dir, fail)) >= 0 &&
		    make_git(main, &arena, orders, &index, fail) &&
		    repo_commit_tree(main, orders->commit, &tree, fail) &&
		    repo_commit_time(main, orders->commit, &commit_time, fail);
	if (good) {
		w.time.tv_sec = commit_time < now ? commit_time : now;
		good = share_contents(&w, orders->decoded, tree, fail) &&
		       repo_tree_files(main, tree, put_file, &w, fail) &&
		       repo_index_write(main, index, tree, w.info.at, w.info.n, fail) &&
		       manifest_write(orders->manifest, &w.manifest, fail);
		let_clock_tick(&w);
	}
	if (w.folder >= 0)
		close(w.folder);
	if (w.root >= 0)
		close(w.root);
	decoded_close(&w.decoded);
	text_release(&w.folder_path);
	arena_release(&w.blob);
	arena_release(&arena);
	return good;
}

bool tree_remove(struct repo *main, const struct tree_orders *orders, struct fail *fail)
{
	struct arena arena = { 0 };
	int lock = -1;
	bool good = file_remove_tree(orders->work_dir, fail);
	if (good && orders->isolation == SCHEDULE_CLONE)
		good = file_remove_tree(orders->git_dir, fail);
	else if (good)
		good = lock_worktrees(orders, &lock, fail) &&
		       repo_worktree_forget(main, worktree_name(&arena, orders), orders->branch,
					    orders->commit, fail);
	if (lock >= 0)
		close(lock);
	arena_release(&arena);
	return good && file_remove_tree(orders->manifest, fail);
}
